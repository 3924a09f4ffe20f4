package io.lift.inference;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaClients;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** The other end of the topics: publishes tasks, checkpoints and requests, reads predictions. */
public final class Wire implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  private final Map<String, Object> kafka;
  private final KafkaProducer<String, byte[]> producer;

  public Wire(String bootstrap) {
    kafka = Map.of("bootstrap.servers", bootstrap);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** One to a service that is ready to answer. */
  public static Wire ready(String bootstrap) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> RestAssured.get("/q/health/ready").statusCode() == 200);
    return new Wire(bootstrap);
  }

  public Map<String, Object> kafka() {
    return kafka;
  }

  public void task(TaskSpec task) throws Exception {
    send(TOPICS.tasks(), task.name(), task);
  }

  /** A checkpoint file of a few steps of real fine-tuning. */
  public static byte[] fineTune(BaseModel base, TaskSpec task, long seed) {
    TaskLanguage language = new TaskLanguage(task);
    List<Example> examples = Loans.examples(language, 64, seed);
    try (FineTuning tuning = FineTuning.start(base, language, task.training())) {
      tuning.round(examples, List.of(), (step, steps, loss) -> true);
      return tuning.checkpoint();
    }
  }

  public CheckpointManifest manifest(TaskSpec task, long version, byte[] file, String baseHash)
      throws Exception {
    CheckpointManifest.Location location =
        CheckpointFiles.write(producer, TOPICS, task.name(), version, file);
    return new CheckpointManifest(
        task.name(),
        version,
        version - 1,
        task.version(),
        new TaskLanguage(task).hash(),
        baseHash,
        CheckpointFiles.sha256(file),
        file.length,
        location,
        System.currentTimeMillis(),
        "test",
        10 * version,
        7,
        Map.of(3, new CheckpointManifest.OffsetRange(0, 64 * version)),
        Map.of(3, 0L),
        64,
        64 * version,
        Map.of(),
        null,
        null);
  }

  public void checkpoint(CheckpointManifest manifest) throws Exception {
    send(TOPICS.checkpoints(), manifest.task(), manifest);
  }

  public void calibration(CalibrationMessage message) throws Exception {
    send(TOPICS.calibration(), message.task(), message);
  }

  public RequestMessage request(TaskSpec task, String row) {
    Prompt prompt = Loans.prompt(new TaskLanguage(task), 30, row.hashCode() % 100);
    return new RequestMessage(
        task.name(),
        task.version(),
        row,
        prompt.text(),
        prompt.grid(),
        new Origin("lift.rows", 0, 0, System.currentTimeMillis()));
  }

  public void ask(TaskSpec task, String row, Header... headers) throws Exception {
    sendBytes(TOPICS.requests().name(), row, Json.write(request(task, row)), headers).get();
  }

  public java.util.concurrent.Future<?> sendBytes(
      String topic, String key, byte[] value, Header... headers) {
    return producer.send(new ProducerRecord<>(topic, null, key, value, List.of(headers)));
  }

  public static Header header(String name, String value) {
    return new RecordHeader(name, HeaderValues.bytes(value));
  }

  /** Predictions of a task in the order of their partitions, at least {@code count}. */
  public List<PredictionMessage> predictions(String task, int count) {
    return read(TOPICS.predictions().name(), count, r -> prediction(r).task().equals(task)).stream()
        .map(Wire::prediction)
        .toList();
  }

  public static PredictionMessage prediction(ConsumerRecord<byte[], byte[]> record) {
    return Json.read(record.value(), PredictionMessage.class);
  }

  /**
   * Committed records of a topic from the beginning, until enough match and everything committed by
   * then has been read.
   */
  public List<ConsumerRecord<byte[], byte[]>> read(
      String topic, int count, Predicate<ConsumerRecord<byte[], byte[]>> matching) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try (var consumer = KafkaClients.reader(kafka, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (records.size() < count) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "only %d of %d records of %s".formatted(records.size(), count, topic));
        }
        consumer.poll(Duration.ofMillis(50)).forEach(r -> keep(records, r, matching));
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(50)).forEach(r -> keep(records, r, matching));
      }
    }
    return records;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void send(Topic<?> topic, String key, Object value) throws Exception {
    sendBytes(topic.name(), key, value == null ? null : Json.write(value)).get();
  }

  private static void keep(
      List<ConsumerRecord<byte[], byte[]>> records,
      ConsumerRecord<byte[], byte[]> record,
      Predicate<ConsumerRecord<byte[], byte[]>> matching) {
    if (matching.test(record)) {
      records.add(record);
    }
  }
}
