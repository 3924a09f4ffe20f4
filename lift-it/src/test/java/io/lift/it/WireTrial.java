package io.lift.it;

import io.lift.bench.audit.MalformedRecords;
import io.lift.bench.stream.CommittedReader;
import io.lift.bench.stream.LoanExamples;
import io.lift.cli.demo.LoanTask;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.GenerateMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/**
 * Sends rows of every use, labels that come late, rows that cannot be used, requests with deadlines
 * and reply addresses, wishes for tasks and for rollbacks, and waits for what becomes of each: one
 * classification ({@code loans}) and one regression ({@code prices}, inferred from a topic).
 */
final class WireTrial implements AutoCloseable {
  private static final Topics TOPICS = Topics.of("");
  static final Topic<byte[]> ANSWERS = new Topic<>("answers", byte[].class, 2, Map.of());

  private static final Topic<byte[]> ORDERS = new Topic<>("orders", byte[].class, 1, Map.of());
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ConnectionSettings kafka;
  private final KafkaProducer<String, byte[]> producer;
  private final LoanExamples loans = new LoanExamples("loans");
  private int sent;

  WireTrial(ConnectionSettings kafka) {
    this.kafka = kafka;
    producer =
        new KafkaProducer<>(kafka.client(), new StringSerializer(), new ByteArraySerializer());
  }

  void run() throws InterruptedException {
    TopicAdmin.ensure(kafka.client(), List.of(ORDERS, ANSWERS));
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      tasks.publish(patient(LoanTask.infer("loans", List.of(1))));
      infer();
      early();
      learn();
      odd();
      generate();
      rollBack();
      await(TOPICS.metrics(), m -> m.task().equals("loans") && m.expired() > 0 && m.failed() == 0);
      await(TOPICS.charts(), c -> c.task().equals("loans"));
      await(TOPICS.charts(), c -> c.task().equals("prices"));
      tasks.delete("prices");
      await("the checkpoint of a deleted task is taken back", () -> gone(TOPICS.checkpoints()));
    }
  }

  /** Requests wait for the first checkpoint; rounds are short. */
  private static TaskSpec patient(TaskSpec task) {
    return new TaskSpec(
        task.name(),
        task.version(),
        task.type(),
        task.features(),
        task.target(),
        task.template(),
        task.numbers(),
        task.sources(),
        BeforeFirstCheckpoint.WAIT,
        TrainingPolicy.builder()
            .firstRound(64)
            .roundRows(64)
            .roundSeconds(1.0)
            .maxSteps(30)
            .seed(7L)
            .method(LearningMethod.PLAIN.generating())
            .build());
  }

  /** A task out of a topic of one's own, and one that cannot be made. */
  private void infer() {
    for (int n = 0; n < 120; n++) {
      String row = "{\"size\":%d,\"district\":\"%s\",\"price\":%d}";
      String district = n % 3 == 0 ? "north" : "south";
      send(ORDERS.name(), "order-" + n, row.formatted(20 + n, district, 100 + 3 * n));
    }
    TaskDraft draft = new TaskDraft("prices", ORDERS.name(), "price", TaskType.REGRESSION, 80);
    producer.send(record(TOPICS.taskDrafts(), "prices", draft));
    TaskDraft wrong = new TaskDraft("wrong", TOPICS.rows().name(), "price", null, null);
    producer.send(record(TOPICS.taskDrafts(), "wrong", wrong));
    await(TOPICS.taskDrafts(), d -> d.error() != null);
    await(TOPICS.tasks(), t -> t.name().equals("prices"));
  }

  /** Rows before the first checkpoint: one waits, one has no time for that. */
  private void early() {
    row("early", features());
    row("hurried", features(), Headers.DEADLINE, "1");
    await(TOPICS.requestsParked(), r -> r.row().equals("early"));
    await(TOPICS.predictions(), r -> status(r, "hurried", PredictionMessage.Status.EXPIRED));
  }

  /** Rows to learn from and to be tested on, until there are two checkpoints. */
  private void learn() {
    for (String use : List.of("both", "train", "test", "both")) {
      for (int n = 0; n < 40; n++) {
        row("r" + sent++, loans.row(), Headers.USE, use);
      }
    }
    await(TOPICS.checkpoints(), c -> c.task().equals("loans"));
    for (int n = 0; n < 80; n++) {
      row("r" + sent++, loans.row());
    }
    await(TOPICS.checkpoints(), c -> c.task().equals("loans") && c.version() > 1);
    await(TOPICS.training(), t -> t.loss() != null);
  }

  /** Rows with something special about them. */
  private void odd() {
    row("late", features());
    send(TOPICS.rows().name(), "late", "{\"group\":\"A\"}", Headers.TASK, "loans");
    String replies = TOPICS.replies().name();
    row("tried", features(), Headers.USE, Headers.TRY, Headers.REPLY_TOPIC, replies);
    row("explained", features(), Headers.EXPLAIN, HeaderValues.TRUE);
    row(
        "asked",
        features(),
        Headers.REPLY_TOPIC,
        ANSWERS.name(),
        Headers.REPLY_PARTITION,
        "1",
        Headers.CORRELATION_ID,
        "question 1");
    ProducerRecord<String, byte[]> smallRye =
        record(TOPICS.rows().name(), "smallrye", features(), Headers.TASK, "loans");
    smallRye.headers().add(Headers.SMALLRYE_REPLY_TOPIC, HeaderValues.bytes(ANSWERS.name()));
    smallRye
        .headers()
        .add(Headers.SMALLRYE_REPLY_PARTITION, ByteBuffer.allocate(4).putInt(0).array())
        .add(Headers.SMALLRYE_CORRELATION_ID, new byte[] {0, 17, 42});
    producer.send(smallRye);
    new MalformedRecords(TOPICS.rows().name(), "loans")
        .of(loans.row(), 0).stream()
            .filter(bad -> bad.size() == MalformedRecords.Size.SMALL)
            .forEach(bad -> producer.send(bad.record()));
    Origin origin = new Origin("elsewhere", 0, 0, System.currentTimeMillis());
    RequestMessage lost = new RequestMessage("nobody", 1, "lost", "what? ###", new int[0], origin);
    producer.send(record(TOPICS.requests(), "lost", lost));
    await(TOPICS.predictions(), r -> status(r, "lost", PredictionMessage.Status.FAILED));
    await(TOPICS.prompts(), prompt -> prompt.joined() != null && prompt.row().equals("late"));
    await(TOPICS.replies(), reply -> reply.row().equals("tried"));
    await(TOPICS.predictions(), r -> r.row().equals("explained") && r.explanation() != null);
    await("two replies", () -> CommittedReader.readAll(kafka.client(), ANSWERS).size() == 2);
  }

  /** A request for rows that can be met, one that cannot. */
  private void generate() {
    Map<String, Object> given = Map.of("group", "A");
    GenerateMessage some = new GenerateMessage("some", "loans", 3, given, null, 7L);
    producer.send(record(TOPICS.generate(), "some", some));
    GenerateMessage none = new GenerateMessage("none", "nobody", 3, null, 0.5, null);
    producer.send(record(TOPICS.generate(), "none", none));
    await(TOPICS.generated(), row -> row.id().equals("some") && row.number() == 3);
    await(
        "a dead letter",
        () ->
            CommittedReader.readAll(kafka.client(), TOPICS.deadLetters()).stream()
                .anyMatch(letter -> "none".equals(letter.key())));
  }

  /** One wish that can be fulfilled, one that cannot. */
  private void rollBack() {
    long now = System.currentTimeMillis();
    producer.send(
        record(TOPICS.rollbacks(), "loans", RollbackRequest.of("loans", 1, "1", now, null)));
    await(TOPICS.checkpointsLog(), m -> m.restored() != null);
    producer.send(
        record(TOPICS.rollbacks(), "loans", RollbackRequest.of("loans", 99, "2", now, null)));
    await(TOPICS.rollbacks(), wish -> wish.error() != null);
  }

  private static boolean status(
      PredictionMessage prediction, String row, PredictionMessage.Status status) {
    return prediction.row().equals(row) && prediction.status() == status;
  }

  /** The next loan without its group. */
  private byte[] features() {
    String row = HeaderValues.text(loans.row());
    return HeaderValues.bytes(row.replaceFirst(",?\"group\":\"[^\"]*\"", ""));
  }

  private void row(String id, byte[] row, String... headers) {
    ProducerRecord<String, byte[]> record = record(TOPICS.rows().name(), id, row, headers);
    record.headers().add(Headers.TASK, HeaderValues.bytes("loans"));
    producer.send(record);
  }

  private void send(String topic, String key, String value, String... headers) {
    producer.send(record(topic, key, HeaderValues.bytes(value), headers));
  }

  private static <V> ProducerRecord<String, byte[]> record(Topic<V> topic, String key, V value) {
    return record(topic.name(), key, Json.write(value));
  }

  private static ProducerRecord<String, byte[]> record(
      String topic, String key, byte[] value, String... headers) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], HeaderValues.bytes(headers[i + 1]));
    }
    return record;
  }

  /** Waits for a message. */
  private <V> void await(Topic<V> topic, Predicate<V> wanted) {
    await(
        "a message on " + topic.name(),
        () ->
            CommittedReader.readAll(kafka.client(), topic).stream()
                .filter(record -> record.value() != null)
                .map(record -> Json.read(record.value(), topic.valueType()))
                .anyMatch(wanted));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(condition);
  }

  private boolean gone(Topic<?> topic) {
    return CommittedReader.readAll(kafka.client(), topic).stream()
        .anyMatch(record -> record.value() == null);
  }

  @Override
  public void close() {
    producer.close();
  }
}
