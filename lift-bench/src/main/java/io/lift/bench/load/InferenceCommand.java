package io.lift.bench.load;

import io.lift.bench.measure.PairedTrials;
import io.lift.bench.stream.LoanRecords;
import io.lift.cli.stack.Service;
import io.lift.cli.term.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Capacity and latency of the inference service beside a plain Kafka echo. */
@Command(
    name = "inference",
    mixinStandardHelpOptions = true,
    header = "Requests/s, and latency at half of that, beside a plain Kafka echo.")
public final class InferenceCommand implements Callable<Integer> {
  private static final int MAX_POLL = 500;

  @Option(
      names = "--requests",
      defaultValue = "20000",
      description = "Requests of one trial (default ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--trials",
      defaultValue = "3",
      description = "Counted trials of each, in turn (default ${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Length of a latency trial (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Terminal.stdout();
    try (BenchStack bench = BenchStack.with(Service.INFERENCE, terminal);
        Backlog backlog = new Backlog(bench.kafka())) {
      LoanRecords loans = LoanRecords.publish(bench.stack().kafka(), "loans");
      bench.topic("echo.requests", bench.topics().requests().partitions());
      bench.topic("echo.predictions", bench.topics().predictions().partitions());
      long echo = bench.plainLoop(MAX_POLL, 0, 0, "echo.requests", "echo.predictions");

      PairedTrials capacity = new PairedTrials("requests/s", "inference", "plain echo");
      for (int trial = 0; trial <= trials; trial++) {
        List<ProducerRecord<String, byte[]>> input =
            loans.requests(requests, bench.topics().requests().name());
        double ours =
            backlog.recordsPerSecond(bench.pid(), input, bench.topics().predictions().name());
        double theirs =
            backlog.recordsPerSecond(
                echo, LoanRecords.to("echo.requests", input), "echo.predictions");
        if (trial > 0) { // the first warms both up
          capacity.add(ours, theirs);
        }
      }
      capacity.print(terminal);

      double half = capacity.medianOfOurs() / 2;
      terminal.out().printf("%nLatency at %,.0f requests/s (half of the capacity):%n", half);
      latency(terminal, bench, backlog, loans, "inference", bench.topics().requests().name(), half);
      latency(terminal, bench, backlog, loans, "plain echo", "echo.requests", half);
      return 0;
    }
  }

  private void latency(
      Terminal terminal,
      BenchStack bench,
      Backlog backlog,
      LoanRecords loans,
      String name,
      String topic,
      double rate)
      throws InterruptedException {
    String answersTopic =
        topic.equals(bench.topics().requests().name())
            ? bench.topics().predictions().name()
            : "echo.predictions";
    int count = (int) (rate * seconds);
    List<ProducerRecord<String, byte[]>> input = loans.requests(count, topic);
    try (KafkaConsumer<String, byte[]> answers = backlog.atEnd(answersTopic)) {
      PacedLatency.Result result =
          PacedLatency.measure(bench.kafka(), input, answers, rate, (int) (rate * 3));
      terminal
          .out()
          .printf(
              "%-22s p50 %6.1f ms   p99 %6.1f ms   missing %d%n",
              name, result.p50(), result.p99(), result.missing());
    }
  }
}
