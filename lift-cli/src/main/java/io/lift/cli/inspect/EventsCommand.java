package io.lift.cli.inspect;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TopicRecords;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.messages.EventMessage;
import io.lift.messages.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift events}. */
@Command(
    name = "events",
    header = "List drifts with what followed, and who did what.",
    description =
        "Events are kept for 30 days on lift.events. Each is a line, oldest first: drift, shortened,"
            + " retrained, rolled-back, unsent, or an action of somebody.",
    footer = {"  lift events", "  lift events loans --follow"})
public final class EventsCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only those of this task (default: of all tasks).")
  private String task;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "The newest N (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--follow", description = "Also print later events as they come, until Ctrl+C.")
  private boolean follow;

  @Override
  public Integer call() {
    ConnectionSettings kafka = connection.settings();
    PrintStream out = Terminal.stdout().out();
    try (TopicRecords events = new TopicRecords(kafka, kafka.topics().events())) {
      Deque<EventMessage> newest = newest(events);
      newest.forEach(event -> out.println(line(event)));
      if (newest.isEmpty() && !follow) {
        out.println("No events.");
      }
      while (follow) {
        events.poll().forEach(record -> read(record).ifPresent(event -> out.println(line(event))));
        out.flush();
      }
    }
    return 0;
  }

  /** The newest events, oldest first. */
  private Deque<EventMessage> newest(TopicRecords events) {
    Deque<EventMessage> newest = new ArrayDeque<>();
    events.readToEnd(
        record ->
            read(record)
                .ifPresent(
                    event -> {
                      newest.addLast(event);
                      if (newest.size() > Math.max(0, limit)) {
                        newest.removeFirst();
                      }
                    }));
    return newest;
  }

  /** The event, if it is to be shown. */
  private Optional<EventMessage> read(ConsumerRecord<byte[], byte[]> record) {
    return Optional.of(Json.read(record.value(), EventMessage.class))
        .filter(event -> task == null || task.equals(event.task()));
  }

  /** An event as a line: when, what and the sentence, which names the task and the figures. */
  static String line(EventMessage event) {
    return "%s  %-11s  %s"
        .formatted(
            Instant.ofEpochMilli(event.at()).truncatedTo(ChronoUnit.SECONDS),
            event.kind().text(),
            event.text());
  }
}
