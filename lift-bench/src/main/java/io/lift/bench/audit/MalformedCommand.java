package io.lift.bench.audit;

import io.lift.bench.audit.MalformedRecords.Malformed;
import io.lift.bench.audit.MalformedRecords.Size;
import io.lift.bench.audit.MalformedSender.Place;
import io.lift.bench.stream.CommittedReader;
import io.lift.bench.stream.LoanRecords;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Mixes malformed records into good rows: each must be in the dead letters with a right reason and
 * its origin, each good row answered, and no process restarted.
 */
@Command(
    name = "malformed",
    mixinStandardHelpOptions = true,
    header = "Malformed records of twenty kinds among good rows: what becomes of each.")
public final class MalformedCommand implements Callable<Integer> {
  private static final int LARGE = 2; // of each kind
  private static final long PATIENCE_MILLIS = 120_000;

  @Option(
      names = "--malformed",
      defaultValue = "1000",
      description = "Malformed records (default ${DEFAULT-VALUE}).")
  private int malformed;

  @Option(
      names = "--good",
      defaultValue = "2000",
      description = "Good rows (default ${DEFAULT-VALUE}).")
  private int good;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = Terminal.stdout();
    Home home = Home.find();
    try (Workspace workspace = Workspace.claim(home, "malformed");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                terminal)) {
      KafkaConnection kafka = stack.kafka().connection();
      LoanRecords loans = LoanRecords.publish(stack.kafka(), "loans");
      Map<Place, Malformed> expected;
      try (MalformedSender sender = new MalformedSender(kafka)) {
        send(kafka, loans, sender);
        expected = sender.places();
      }
      boolean complete = await(kafka, expected.size());
      int faults = audit(terminal, kafka, expected);
      for (StackProcess process : stack.runFile().processes()) {
        if (!process.isAlive()) {
          faults++;
          terminal.out().println("FAULT the " + process.name() + " has ended");
        }
      }
      terminal.out().println(complete && faults == 0 ? "Nothing lost." : "Something is missing.");
      return complete && faults == 0 ? 0 : 1;
    }
  }

  private void send(KafkaConnection kafka, LoanRecords loans, MalformedSender sender) {
    List<ProducerRecord<String, byte[]>> rows = loans.rows(good, kafka.topics().rows().name());
    MalformedRecords kinds = new MalformedRecords(kafka.topics().rows().name(), "loans");
    int sentGood = 0;
    for (int n = 0; sender.count() < malformed; n++) {
      for (Malformed one : kinds.of(loans.row(), n)) {
        if (sender.count() == malformed || (one.size() != Size.SMALL && n >= LARGE)) {
          continue;
        }
        sender.send(one);
        for (; (long) sentGood * malformed < (long) good * sender.count(); sentGood++) {
          sender.sendGood(rows.get(sentGood));
        }
      }
    }
  }

  private boolean await(KafkaConnection kafka, int deadLetters) throws InterruptedException {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (System.currentTimeMillis() < deadline) {
      if (CommittedReader.readAll(kafka.settings(), kafka.topics().deadLetters()).size()
              >= deadLetters
          && CommittedReader.readAll(kafka.settings(), kafka.topics().predictions()).size()
              >= good) {
        return true;
      }
      Thread.sleep(1_000);
    }
    return false;
  }

  private int audit(Terminal terminal, KafkaConnection kafka, Map<Place, Malformed> expected) {
    MalformedAudit audit = MalformedAudit.of(kafka, expected);
    audit.faults().forEach(fault -> terminal.out().println("FAULT " + fault));
    audit
        .rightByKind()
        .forEach((kind, n) -> terminal.out().printf("  %-40s %5d dead letters%n", kind, n));
    Map<String, Integer> answers = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record :
        CommittedReader.readAll(kafka.settings(), kafka.topics().predictions())) {
      PredictionMessage prediction = Json.read(record.value(), PredictionMessage.class);
      if (prediction.status() == PredictionMessage.Status.ANSWERED) {
        answers.merge(prediction.row(), 1, Integer::sum);
      }
    }
    long once = answers.values().stream().filter(n -> n == 1).count();
    terminal
        .out()
        .printf(
            "%d of %d malformed records in the dead letters, %d of %d good rows answered once%n",
            audit.found(), audit.expected(), once, good);
    return audit.wrong() + (int) (good - once);
  }
}
