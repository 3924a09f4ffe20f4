package io.lift.cli.inspect;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TopicRecords;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift dead-letters}. */
@Command(
    name = "dead-letters",
    header = "List the records that could not be used, and why.",
    footer = {"  lift dead-letters", "  lift dead-letters --task loans --limit 100"})
public final class DeadLettersCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Option(names = "--task", paramLabel = "NAME", description = "Only those of this task.")
  private String task;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "The newest N (default: ${DEFAULT-VALUE}).")
  private int limit;

  /** What is shown of a dead letter; not its value, which may be large. */
  private record Letter(
      long at, String task, String reason, String stage, String place, String key, String message) {

    static Letter of(ConsumerRecord<byte[], byte[]> record) {
      return new Letter(
          record.timestamp(),
          header(record, Headers.ERROR_TASK),
          header(record, Headers.ERROR_REASON),
          header(record, Headers.ERROR_STAGE),
          "%s %s:%s"
              .formatted(
                  header(record, Headers.ERROR_TOPIC),
                  header(record, Headers.ERROR_PARTITION),
                  header(record, Headers.ERROR_OFFSET)),
          shown(HeaderValues.text(record.key()), 40),
          shown(header(record, Headers.ERROR_MESSAGE), 200));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
      String value = HeaderValues.string(record.headers(), name);
      return value == null ? "" : value;
    }

    /** Control characters of a row must not reach the terminal. */
    private static String shown(String text, int most) {
      String plain = text == null ? "" : text.replaceAll("\\p{Cntrl}", " ");
      return plain.length() <= most ? plain : plain.substring(0, most) + "…";
    }
  }

  @Override
  public Integer call() {
    ConnectionSettings kafka = connection.settings();
    Terminal terminal = Terminal.stdout();
    TextTable table =
        new TextTable("TIME", "TASK", "REASON", "STAGE", "TOPIC AND OFFSET", "KEY", "MESSAGE");
    for (Letter letter : newest(kafka)) {
      table.row(
          Instant.ofEpochMilli(letter.at()).truncatedTo(ChronoUnit.SECONDS),
          letter.task(),
          letter.reason(),
          letter.stage(),
          letter.place(),
          letter.key(),
          letter.message());
    }
    terminal.out().println(table.isEmpty() ? "No dead letters." : table.render(terminal));
    return 0;
  }

  /** The newest letters, oldest first. */
  private List<Letter> newest(ConnectionSettings kafka) {
    Comparator<Letter> byTime = Comparator.comparingLong(Letter::at);
    PriorityQueue<Letter> newest = new PriorityQueue<>(byTime);
    try (TopicRecords letters = new TopicRecords(kafka, kafka.topics().deadLetters())) {
      letters.readToEnd(
          record -> {
            Letter letter = Letter.of(record);
            if (task == null || task.equals(letter.task())) {
              newest.add(letter);
              if (newest.size() > Math.max(0, limit)) {
                newest.poll();
              }
            }
          });
    }
    return newest.stream().sorted(byTime).toList();
  }
}
