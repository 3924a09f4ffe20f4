package io.lift.bench.audit;

import io.lift.bench.audit.MalformedRecords.Size;
import io.lift.bench.stream.CommittedReader;
import io.lift.bench.stream.LoanRecords;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.core.row.RejectReason;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
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

  /** Where a record stands. */
  private record Place(String topic, int partition, long offset) {}

  private record Sent(MalformedRecords.Malformed what, Future<RecordMetadata> where) {}

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
      List<Sent> bad = send(kafka, loans);
      Map<Place, Sent> expected = new HashMap<>();
      for (Sent sent : bad) {
        RecordMetadata at = sent.where().get();
        expected.put(new Place(at.topic(), at.partition(), at.offset()), sent);
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

  private List<Sent> send(KafkaConnection kafka, LoanRecords loans) {
    List<Sent> bad = new ArrayList<>();
    try (var producer = producer(kafka, Topics.MAX_RECORD_BYTES, "none");
        var compressing = producer(kafka, 4 * Topics.MAX_RECORD_BYTES, "zstd")) {
      List<ProducerRecord<String, byte[]>> rows = loans.rows(good, kafka.topics().rows().name());
      MalformedRecords kinds = new MalformedRecords(kafka.topics().rows().name(), "loans");
      int sentGood = 0;
      for (int n = 0; bad.size() < malformed; n++) {
        for (MalformedRecords.Malformed one : kinds.of(loans.row(), n)) {
          if (bad.size() == malformed || (one.size() != Size.SMALL && n >= LARGE)) {
            continue;
          }
          boolean compressed = one.size() == Size.COMPRESSED;
          bad.add(new Sent(one, (compressed ? compressing : producer).send(one.record())));
          for (; (long) sentGood * malformed < (long) good * bad.size(); sentGood++) {
            producer.send(rows.get(sentGood));
          }
        }
      }
      compressing.flush();
      producer.flush();
    }
    return bad;
  }

  private static KafkaProducer<String, byte[]> producer(
      KafkaConnection kafka, int maxBytes, String compression) {
    Map<String, Object> settings = new HashMap<>(kafka.settings());
    settings.put("max.request.size", maxBytes);
    settings.put("buffer.memory", 4L * maxBytes);
    settings.put("compression.type", compression);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /** Whether a letter has the record's value, or its beginning if that is said to be cut. */
  private static boolean holds(ConsumerRecord<String, byte[]> letter, byte[] value) {
    if (header(letter, Headers.ERROR_CUT).isEmpty() || value == null) {
      return Arrays.equals(letter.value(), value);
    }
    return Arrays.equals(letter.value(), Arrays.copyOf(value, letter.value().length));
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

  private int audit(Terminal terminal, KafkaConnection kafka, Map<Place, Sent> expected) {
    int faults = 0;
    Map<String, Integer> rightByKind = new TreeMap<>();
    Set<Place> found = new HashSet<>();
    for (ConsumerRecord<String, byte[]> letter :
        CommittedReader.readAll(kafka.settings(), kafka.topics().deadLetters())) {
      Place place =
          new Place(
              header(letter, Headers.ERROR_TOPIC),
              Integer.parseInt(header(letter, Headers.ERROR_PARTITION)),
              Long.parseLong(header(letter, Headers.ERROR_OFFSET)));
      Sent sent = expected.get(place);
      String reason = header(letter, Headers.ERROR_REASON);
      boolean right =
          sent != null
              && found.add(place)
              && sent.what().reasons().stream().map(RejectReason::code).anyMatch(reason::equals)
              && holds(letter, sent.what().record().value());
      if (right) {
        rightByKind.merge(sent.what().kind(), 1, Integer::sum);
      } else {
        faults++;
        terminal
            .out()
            .printf(
                "FAULT %s (%s): %s, %s%n",
                place,
                sent == null ? "not malformed" : sent.what().kind(),
                reason,
                header(letter, Headers.ERROR_MESSAGE));
      }
    }
    rightByKind.forEach((kind, n) -> terminal.out().printf("  %-40s %5d dead letters%n", kind, n));
    int missing = expected.size() - found.size();
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
            found.size(), expected.size(), once, good);
    return faults + missing + (int) (good - once);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
