package io.lift.page.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.core.answer.Answer;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.kafka.KafkaClients;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends what the other services would send. */
final class Wire implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  private final KafkaProducer<byte[], byte[]> producer;

  Wire(String bootstrap) {
    producer = KafkaClients.producer(Map.of("bootstrap.servers", bootstrap), Map.of());
  }

  static TaskSpec loans(String name) {
    return new TaskSpec(
        name,
        1,
        TaskType.CLASSIFICATION,
        List.of(
            Column.number("age", new NumberStats(10, 50, 10, 20, 80, 0)),
            Column.category("car", List.of("bmw", "vw"))),
        Column.category("paid", List.of("no", "yes")),
        null,
        null,
        null,
        null,
        null);
  }

  void create(TaskSpec task) {
    send(TOPICS.tasks(), task.name(), Json.write(task));
  }

  RecordMetadata prompt(String task, String row, String label) {
    PromptMessage prompt =
        new PromptMessage(task, 1, row, "x ###", new int[0], label + "@@@", label, null);
    return send(TOPICS.prompts(), task, Json.write(prompt));
  }

  void predict(String task, String row, String label, long version) {
    double yes = label.equals("yes") ? 0.75 : 0.25;
    PredictionMessage message =
        new PredictionMessage(
            task,
            row,
            PredictionMessage.Status.ANSWERED,
            Answer.ofLabels(label, new TreeMap<>(Map.of("no", 1 - yes, "yes", yes))),
            new PredictionMessage.Checkpoint(version, null, Map.of()),
            "hash",
            null,
            new PredictionMessage.Timings(3, 1, 1),
            null);
    send(TOPICS.predictions(), row, Json.write(message));
  }

  static CheckpointManifest manifest(String task, long version) {
    return new CheckpointManifest(
        task,
        version,
        version - 1,
        1,
        "language",
        "base",
        "sha",
        10,
        new CheckpointManifest.Location(0, 0, 1),
        1_000 * version,
        "trainer",
        10 * version,
        0,
        Map.of(0, new CheckpointManifest.OffsetRange(10 * (version - 1), 10 * version)),
        Map.of(0, 0L),
        10,
        10 * version,
        Map.of("loss", 1.0 / version),
        null,
        null);
  }

  void checkpoint(CheckpointManifest manifest) {
    send(TOPICS.checkpointsLog(), manifest.task(), Json.write(manifest));
    send(TOPICS.checkpoints(), manifest.task(), Json.write(manifest));
  }

  RecordMetadata send(Topic<?> topic, String key, byte[] value) {
    return send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value));
  }

  RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
