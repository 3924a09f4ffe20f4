package io.lift.inference.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Sink;
import io.lift.core.task.SinkFormat;
import io.lift.core.task.TaskSpec;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.sink.PredictionWriters;
import io.lift.inference.InferenceClient;
import io.lift.inference.models.FakeModelLoader;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.lift.inference.support.LiveSupport;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.testing.RegistryServer;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Predictions as Avro on a real broker, while their registry is there, away or refuses. */
class SinkFormatsIT {
  private static final Topics TOPICS = Topics.of("");
  private static final int ROWS = 300;
  private static TestKafka broker;
  private static int tests;

  private final RegistryServer schemas = new RegistryServer();
  private final ModelRegistry registry =
      new ModelRegistry(new FakeModelLoader(), 800, Runnable::run, new RegistryListener() {});
  private final MicroBatcher batcher = new MicroBatcher(64, 1_000, (models, nanos) -> {});
  private final LiveSupport support =
      new LiveSupport(new KafkaConnection(broker.settings(), TOPICS), () -> null, 0, nanos -> {});
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final AtomicInteger toFail = new AtomicInteger();
  private final AtomicInteger aborted = new AtomicInteger();
  private PredictionWriters writers;
  private Sinks sinks;
  private InferenceClient client;
  private TaskSpec task;
  private TaskSpec other;
  private Topic<PredictionMessage> topic;
  private LoopReplica replica;

  @BeforeAll
  static void startBroker() {
    broker = TestKafka.start();
    TopicAdmin.ensure(broker.settings(), TOPICS.all());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void setUp() throws Exception {
    client = new InferenceClient(broker.bootstrap());
    String name = "sink-" + ++tests;
    topic = client.topics().create(name + ".predictions", PredictionMessage.class, 2);
    task =
        Loans.risks(name, 1, BeforeFirstCheckpoint.WAIT).toBuilder()
            .sink(new Sink(topic.name(), SinkFormat.AVRO, null))
            .build();
    other = Loans.risks(name + "-other", 1, BeforeFirstCheckpoint.WAIT);
  }

  /** Begins to answer. */
  private void start() {
    for (TaskSpec each : List.of(task, other)) {
      registry.onTask(each.name(), each);
      registry.onCheckpoint(each.name(), FakeModelLoader.manifest(each, 1));
    }
    replica = replica();
  }

  /** One that has not asked the registry for anything. */
  private LoopReplica replica() {
    writers =
        new PredictionWriters(
            new SchemaRegistry(RegistrySettings.of(List.of(schemas.url()))),
            TOPICS.predictions().name(),
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            (sink, refused) -> refusals.add(refused.why()));
    sinks =
        new Sinks(
            registry::task,
            registry::specs,
            writers,
            new WritableTopics("predictions", TOPICS, name -> 1));
    return new LoopReplica(
        "one", client.topics().settings(), registry, batcher, support, sinks, toFail, aborted);
  }

  @AfterEach
  void tearDown() throws InterruptedException {
    replica.stop();
    writers.close();
    batcher.close();
    support.close();
    client.close();
    schemas.close();
  }

  @Test
  void everyPredictionIsWrittenOnceWithKeyAndHeadersAlsoIfTheLoopFails() throws Exception {
    start();
    toFail.set(2);
    client.ask(task, "own", TopicClient.header("tenant", "north"));
    ask(task, ROWS);

    assertThat(rows(ROWS + 1)).hasSize(ROWS + 1).contains("own", "r0");
    assertThat(client.topics().read(topic, ROWS + 1, copy -> true))
        .filteredOn(copy -> key(copy).equals("own"))
        .singleElement()
        .satisfies(
            copy -> {
              assertThat(HeaderValues.string(copy.headers(), "tenant")).isEqualTo("north");
              assertThat(HeaderValues.string(copy.headers(), Headers.TASK)).isEqualTo(task.name());
            });
    assertThat(client.predictions(task.name(), ROWS + 1)).hasSize(ROWS + 1);
  }

  @Test
  void rowsWaitForARegistryThatIsAwayAndOtherTasksDoNot() throws Exception {
    schemas.failWith(503);
    start();
    ask(task, ROWS);
    ask(other, ROWS);

    assertThat(client.predictions(other.name(), ROWS)).hasSize(ROWS);
    assertThat(client.topics().read(TOPICS.requestsParked(), ROWS, r -> of(r, task))).hasSize(ROWS);
    assertThat(client.predictions(task.name(), 0)).isEmpty();
    await()
        .untilAsserted(
            () ->
                assertThat(sinks.problems().get(task.name()))
                    .startsWith("The rows of task " + task.name() + " wait: ")
                    .contains("answers", "status 503")
                    .endsWith("."));
    assertThat(sinks.waiting()).isEqualTo(1);
    client.ask(
        task,
        "tried",
        TopicClient.header(Headers.USE, Headers.TRY),
        TopicClient.header(Headers.REPLY_TOPIC, TOPICS.replies().name()));
    assertThat(client.topics().read(TOPICS.replies(), 1, r -> key(r).equals("tried"))).hasSize(1);

    replica.stop();
    writers.close();
    replica = replica();
    schemas.failWith(0);

    assertThat(rows(ROWS)).hasSize(ROWS).doesNotContain("tried");
    assertThat(client.predictions(task.name(), ROWS)).hasSize(ROWS);
    assertThat(sinks.problems()).isEmpty();
    assertThat(letters(task)).isZero();
    schemas.failWith(503);
    ask(task, "later", ROWS);
    assertThat(rows(2 * ROWS)).hasSize(2 * ROWS);
  }

  @Test
  void aRequestWhoseDeadlinePassesMeanwhileExpires() throws Exception {
    schemas.failWith(503);
    start();
    client.ask(
        task,
        "urgent",
        TopicClient.header(Headers.DEADLINE, Long.toString(System.currentTimeMillis() + 300)));

    assertThat(client.predictions(task.name(), 1))
        .singleElement()
        .satisfies(
            prediction ->
                assertThat(prediction.status()).isEqualTo(PredictionMessage.Status.EXPIRED));
    assertThat(client.topics().read(topic)).isEmpty();
  }

  @Test
  void aRefusedSchemaLeavesThePredictionsOnTheirCommonTopicAndSaysWhy() throws Exception {
    schemas.refuse(topic.name() + "-value");
    start();
    ask(task, ROWS);

    assertThat(client.predictions(task.name(), ROWS)).hasSize(ROWS);
    assertThat(client.topics().read(topic)).isEmpty();
    assertThat(letters(task)).isZero();
    assertThat(sinks.problems().get(task.name()))
        .contains("do not go to their own topic", topic.name() + "-value", "incompatible", "--to");
    assertThat(refusals).hasSize(1);

    schemas.accept(topic.name() + "-value");
    await().until(() -> sinks.problems().isEmpty());
    ask(task, "later", ROWS);
    assertThat(rows(ROWS)).hasSize(ROWS).contains("later0");
  }

  private void ask(TaskSpec asked, int rows) {
    ask(asked, "r", rows);
  }

  private void ask(TaskSpec asked, String prefix, int rows) {
    for (int i = 0; i < rows; i++) {
      client.askLater(asked, prefix + i);
    }
  }

  /** The ids in the Avro of the task's topic, each of which is there once. */
  private Set<String> rows(int count) throws IOException {
    Set<String> rows = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> copy : client.topics().read(topic, count, any -> true)) {
      ByteBuffer value = ByteBuffer.wrap(copy.value(), 1, Integer.BYTES);
      Schema schema = new Schema.Parser().parse(schemas.schema(value.getInt()));
      GenericRecord prediction =
          new GenericDatumReader<GenericRecord>(schema)
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(copy.value(), 5, copy.value().length - 5, null));
      assertThat(prediction.get("status")).hasToString("answered");
      assertThat(prediction.get("task")).hasToString(task.name());
      assertThat(prediction.get("row_id")).hasToString(key(copy));
      assertThat(rows.add(key(copy))).as(key(copy)).isTrue();
    }
    return rows;
  }

  private long letters(TaskSpec of) {
    return client.topics().read(TOPICS.deadLetters()).stream()
        .filter(letter -> new String(letter.value()).contains(of.name()))
        .count();
  }

  private static boolean of(ConsumerRecord<byte[], byte[]> record, TaskSpec task) {
    return new String(record.value()).contains('"' + task.name() + '"');
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return HeaderValues.text(record.key());
  }
}
