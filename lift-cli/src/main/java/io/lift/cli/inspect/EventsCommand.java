package io.lift.cli.inspect;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.EventMessage;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift events}. */
@Command(
    name = "events",
    header = "List drifts and what followed: shortened, retrained, rolled back.",
    description = "Events are kept for 30 days on lift.events. Each is a line, oldest first.",
    footer = {"  lift events", "  lift events loans --follow"})
public final class EventsCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);

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
    Topic<EventMessage> topic = kafka.topics().events();
    KafkaAccess.open(kafka.client(), List.of(topic), List.of(RequiredAcl.read(topic)));
    PrintStream out = Terminal.stdout().out();
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(kafka.client(), Map.of())) {
      List<EventMessage> newest = newest(consumer, topic);
      newest.forEach(event -> out.println(line(event)));
      if (newest.isEmpty() && !follow) {
        out.println("No events.");
      }
      while (follow) {
        poll(consumer).forEach(event -> out.println(line(event)));
        out.flush();
      }
    }
    return 0;
  }

  /** The newest events, oldest first. */
  private List<EventMessage> newest(Consumer<byte[], byte[]> consumer, Topic<EventMessage> topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Deque<EventMessage> newest = new ArrayDeque<>();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      for (EventMessage event : poll(consumer)) {
        newest.addLast(event);
        if (newest.size() > Math.max(0, limit)) {
          newest.removeFirst();
        }
      }
    }
    return List.copyOf(newest);
  }

  private List<EventMessage> poll(Consumer<byte[], byte[]> consumer) {
    List<EventMessage> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      EventMessage event = Json.read(record.value(), EventMessage.class);
      if (task == null || task.equals(event.task())) {
        events.add(event);
      }
    }
    return events;
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
