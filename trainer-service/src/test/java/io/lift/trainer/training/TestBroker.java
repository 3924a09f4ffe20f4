package io.lift.trainer.training;

import io.lift.broker.TestKafka;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A real broker with Lift's topics, and what tests do with it. */
final class TestBroker implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  private final TestKafka broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final CompactedTable<CheckpointManifest> log;
  private final List<CheckpointManifest> manifests = new CopyOnWriteArrayList<>();

  TestBroker() throws IOException {
    broker = TestKafka.start();
    TopicAdmin.ensure(kafka(), TOPICS.all());
    producer = KafkaClients.producer(kafka(), Map.of());
    log =
        new CompactedTable<>(
            TOPICS.checkpointsLog(), kafka(), (task, manifest) -> manifests.add(manifest));
    log.start();
  }

  KafkaConnection connection() {
    return new KafkaConnection(kafka(), TOPICS);
  }

  Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", broker.bootstrap());
  }

  void publish(TaskSpec task) {
    send(record(TOPICS.tasks(), task.name(), Json.write(task)));
  }

  void delete(String task) {
    send(record(TOPICS.tasks(), task, null));
  }

  /** Sends the rows {@code from}..{@code to - 1} of a task. */
  void rows(TaskSpec task, int from, int to) {
    IntStream.range(from, to).forEach(number -> producer.send(Rows.record(task, number)));
    producer.flush();
  }

  void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static ProducerRecord<byte[], byte[]> record(Topic<?> topic, String key, byte[] value) {
    return new ProducerRecord<>(topic.name(), key == null ? null : HeaderValues.bytes(key), value);
  }

  /** Every committed manifest of a task on the log, in the order of publication. */
  List<CheckpointManifest> history(String task) {
    return manifests.stream().filter(manifest -> task.equals(manifest.task())).toList();
  }

  /** The values of {@code lift.checkpoints} for a task, in order; null for a tombstone. */
  List<byte[]> pointers(String task) {
    List<byte[]> values = new ArrayList<>();
    read(TOPICS.checkpoints(), "read_committed").stream()
        .filter(record -> task.equals(HeaderValues.text(record.key())))
        .forEach(record -> values.add(record.value()));
    return values;
  }

  /** Everything on a topic now. */
  List<ConsumerRecord<byte[], byte[]>> read(Topic<?> topic, String isolation) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, Object> settings = new HashMap<>(Map.of("isolation.level", isolation));
    try (var consumer = KafkaClients.reader(kafka(), settings)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() {
    producer.close();
    log.close();
    broker.close();
  }
}
