package io.lift.bench.load;

import io.lift.bench.measure.PairedTrials;
import io.lift.bench.stream.LoanRecords;
import io.lift.cli.stack.Service;
import io.lift.cli.term.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rows per second of the serializer beside a plain loop with the same transactions. */
@Command(
    name = "serializer",
    mixinStandardHelpOptions = true,
    header = "Rows/s of the serializer beside a plain consume-transform-produce loop.")
public final class SerializerCommand implements Callable<Integer> {
  private static final int MAX_POLL = 2_000;
  private static final int LINGER_MILLIS = 5;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Rows of one trial (default ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--trials",
      defaultValue = "5",
      description = "Counted trials of each, in turn (default ${DEFAULT-VALUE}).")
  private int trials;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Terminal.stdout();
    try (BenchStack bench = BenchStack.with(Service.SERIALIZER, terminal);
        Backlog backlog = new Backlog(bench.kafka())) {
      LoanRecords loans = LoanRecords.publish(bench.stack().kafka(), "loans");
      List<ProducerRecord<String, byte[]>> input = loans.rows(rows, bench.topics().rows().name());

      // the peer: as many outputs, of the same size and to as many partitions
      bench.topic("plain.rows", bench.topics().rows().partitions());
      bench.topic("plain.prompts", bench.topics().prompts().partitions());
      bench.topic("plain.requests", bench.topics().requests().partitions());
      long plain =
          bench.plainLoop(
              MAX_POLL,
              LINGER_MILLIS,
              loans.promptBytes(),
              "plain.rows",
              "plain.prompts",
              "plain.requests");
      List<ProducerRecord<String, byte[]>> plainInput = LoanRecords.to("plain.rows", input);

      PairedTrials throughput = new PairedTrials("rows/s", "serializer", "plain loop");
      for (int trial = 0; trial <= trials; trial++) {
        double ours = backlog.recordsPerSecond(bench.pid(), input, bench.topics().prompts().name());
        double theirs = backlog.recordsPerSecond(plain, plainInput, "plain.prompts");
        if (trial > 0) { // the first warms both up
          throughput.add(ours, theirs);
        }
      }
      throughput.print(terminal);
      return 0;
    }
  }
}
