package io.lift.trainer.training;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A real broker with Lift's topics: sends tasks and rows, reads what the trainer publishes. */
final class TrainerTopics implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");

  private final TestKafka broker;
  private final TopicClient client;
  private final CompactedTable<CheckpointManifest> log;
  private final List<CheckpointManifest> manifests = new CopyOnWriteArrayList<>();

  TrainerTopics() {
    broker = TestKafka.start();
    TopicAdmin.ensure(kafka(), TOPICS.all());
    client = new TopicClient(broker);
    log =
        new CompactedTable<>(
            TOPICS.checkpointsLog(), kafka(), (task, manifest) -> manifests.add(manifest));
    log.start();
  }

  KafkaConnection connection() {
    return new KafkaConnection(kafka(), TOPICS);
  }

  Map<String, Object> kafka() {
    return broker.settings();
  }

  void publish(TaskSpec task) {
    client.send(TOPICS.tasks(), task.name(), task);
  }

  void delete(String task) {
    client.send(TOPICS.tasks(), task, null);
  }

  /** Sends the rows {@code from}..{@code to - 1} of a task. */
  void rows(TaskSpec task, int from, int to) {
    IntStream.range(from, to).forEach(number -> client.sendLater(Rows.record(task, number)));
    client.flush();
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    client.send(record);
  }

  /** Every committed manifest of a task on the log, in the order of publication. */
  List<CheckpointManifest> history(String task) {
    return manifests.stream().filter(manifest -> task.equals(manifest.task())).toList();
  }

  /** The values of {@code lift.checkpoints} for a task, in order; null for a tombstone. */
  List<byte[]> pointers(String task) {
    List<byte[]> values = new ArrayList<>();
    client.read(TOPICS.checkpoints()).stream()
        .filter(record -> task.equals(HeaderValues.text(record.key())))
        .forEach(record -> values.add(record.value()));
    return values;
  }

  /** What the tests read. */
  TopicClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    log.close();
    broker.close();
  }
}
