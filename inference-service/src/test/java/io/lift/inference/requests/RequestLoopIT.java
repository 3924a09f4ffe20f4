package io.lift.inference.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Sink;
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
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop on a real broker, with models that answer at once. */
class RequestLoopIT {
  private static final Topics TOPICS = Topics.of("");
  private static TestKafka broker;
  private static int tests;

  private final FakeModelLoader models = new FakeModelLoader();
  private final ModelRegistry registry =
      new ModelRegistry(models, 800, Runnable::run, new RegistryListener() {});
  private final MicroBatcher batcher = new MicroBatcher(64, 1_000, (models, nanos) -> {});
  private final LiveSupport support =
      new LiveSupport(new KafkaConnection(broker.settings(), TOPICS), () -> null, 0, nanos -> {});
  private final PredictionWriters writers =
      new PredictionWriters(
          new SchemaRegistry(RegistrySettings.none()),
          TOPICS.predictions().name(),
          Duration.ZERO,
          Duration.ZERO,
          (sink, refused) -> {});
  private final AtomicInteger toFail = new AtomicInteger();
  private final AtomicInteger aborted = new AtomicInteger();
  private InferenceClient client;
  private TaskSpec task;
  private LoopReplica first;

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
  void setUp() {
    client = new InferenceClient(broker.bootstrap());
    task = Loans.risks("loop-" + ++tests, 1, BeforeFirstCheckpoint.WAIT);
    registry.onTask(task.name(), task);
    first = replica("first");
  }

  @AfterEach
  void tearDown() throws InterruptedException {
    first.stop();
    writers.close();
    batcher.close();
    support.close();
    client.close();
  }

  @Test
  void repliesThatCannotBeWrittenHoldUpNobody() throws Exception {
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    Topic<byte[]> tiny = new Topic<>("tiny", byte[].class, 1, Map.of("max.message.bytes", "100"));
    TopicAdmin.ensure(client.topics().settings(), List.of(tiny));
    client.topics().create("gone", 1);
    Topic<byte[]> kept = client.topics().create("kept", byte[].class, 1);
    client.ask(task, "r0", TopicClient.header(Headers.REPLY_TOPIC, "gone"));
    assertAnsweredOnce(1);
    client.topics().delete("gone"); // the sender knows it as it was

    for (int i = 1; i < 100; i++) {
      String topic = i % 3 == 0 ? "gone" : i % 3 == 1 ? "tiny" : "kept";
      client.ask(task, "r" + i, TopicClient.header(Headers.REPLY_TOPIC, topic));
    }
    assertAnsweredOnce(100);
    assertThat(client.topics().read(kept, 33, record -> true)).hasSize(33);
    assertThat(aborted).hasValue(0);
    assertThat(client.topics().read(tiny)).isEmpty();
  }

  @Test
  void aRequestWhoseAnswerTheBrokerDoesNotTakeIsADeadLetterAndAllOthersAreAnswered()
      throws Exception {
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    client.topics().configure(TOPICS.predictions(), "max.message.bytes", "20000");
    try {
      ask(0, 50);
      client.ask(task, "large", TopicClient.header(Headers.CORRELATION_ID, "c".repeat(30_000)));
      ask(50, 100);

      assertAnsweredOnce(100);
      assertThat(
              client.topics().read(TOPICS.deadLetters(), 1, letter -> key(letter).equals("large")))
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(HeaderValues.string(letter.headers(), Headers.ERROR_REASON))
                      .isEqualTo("too-large"));
      assertThat(first.loop.progress().stuck()).isEmpty();
    } finally {
      client.topics().configure(TOPICS.predictions(), "max.message.bytes", "16777216");
    }
  }

  @Test
  void predictionsAlsoGoToTheTopicOfTheirTaskWithTheHeadersOfTheirSenders() throws Exception {
    Topic<PredictionMessage> answers = sink("answers");
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    toFail.set(2);

    client.ask(
        task,
        "own",
        TopicClient.header("tenant", "north"),
        TopicClient.header(Headers.CORRELATION_ID, "c1"),
        TopicClient.header("ce_type", "row"));
    ask(0, 200);

    assertAnsweredOnce(201);
    List<ConsumerRecord<byte[], byte[]>> copies =
        client.topics().read(answers, 201, record -> true);
    assertThat(copies).extracting(RequestLoopIT::key).doesNotHaveDuplicates().hasSize(201);
    assertThat(copies)
        .filteredOn(copy -> key(copy).equals("own"))
        .singleElement()
        .satisfies(
            copy -> {
              assertThat(HeaderValues.string(copy.headers(), "tenant")).isEqualTo("north");
              assertThat(HeaderValues.string(copy.headers(), Headers.CORRELATION_ID))
                  .isEqualTo("c1");
              assertThat(HeaderValues.string(copy.headers(), Headers.TASK)).isEqualTo(task.name());
              assertThat(copy.headers().lastHeader("ce_type")).isNull();
            });
  }

  @Test
  void aTopicOfATaskThatTakesNoRecordOfThatSizeOrIsNotThereHoldsUpNobody() throws Exception {
    Topic<PredictionMessage> answers = sink("small");
    client.topics().configure(answers, "max.message.bytes", "20000");
    TaskSpec other =
        Loans.risks(task.name() + "-other", 1, BeforeFirstCheckpoint.WAIT).toBuilder()
            .sink(new Sink("lift.requests"))
            .build();
    registry.onTask(other.name(), other);
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    registry.onCheckpoint(other.name(), FakeModelLoader.manifest(other, 1));

    ask(0, 50);
    client.ask(task, "large", TopicClient.header(Headers.CORRELATION_ID, "c".repeat(30_000)));
    ask(50, 100);
    client.ask(other, "elsewhere");

    assertAnsweredOnce(101);
    assertThat(client.predictions(other.name(), 1)).hasSize(1);
    assertThat(client.topics().read(answers, 100, record -> true))
        .extracting(RequestLoopIT::key)
        .hasSize(100)
        .doesNotContain("large");
    assertThat(client.topics().read(TOPICS.deadLetters()))
        .extracting(RequestLoopIT::key)
        .doesNotContain("elsewhere");
  }

  /** Gives the task a topic of its own. */
  private Topic<PredictionMessage> sink(String name) throws Exception {
    String topic = name + "-" + tests;
    Topic<PredictionMessage> answers = client.topics().create(topic, PredictionMessage.class, 2);
    registry.onTask(task.name(), task.toBuilder().sink(new Sink(topic)).build());
    return answers;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return HeaderValues.text(record.key());
  }

  @Test
  void aReplyOnlyRequestIsAnsweredOnItsReplyTopicAndNowhereElse() throws Exception {
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));

    client.ask(
        task,
        "tried",
        TopicClient.header(Headers.USE, Headers.TRY),
        TopicClient.header(Headers.REPLY_TOPIC, TOPICS.replies().name()));
    ask(0, 10);

    assertAnsweredOnce(10);
    assertThat(client.topics().read(TOPICS.replies(), 1, record -> true))
        .singleElement()
        .satisfies(reply -> assertThat(new String(reply.key(), UTF_8)).isEqualTo("tried"));
  }

  @Test
  void whatIsCommittedIsNotAnsweredAgainByALoopThatFailedRightAfterwards() throws Exception {
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    toFail.set(3);

    ask(0, 200);
    await().until(() -> aborted.get() == 3);
    ask(200, 400);

    assertAnsweredOnce(400);
  }

  @Test
  void everyRequestIsAnsweredOnceWhileReplicasComeAndGo() throws Exception {
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));
    ask(0, 200);
    LoopReplica second = replica("second");
    await().atMost(Duration.ofSeconds(30)).until(second.loop::assigned);
    ask(200, 400);
    first.stop();
    ask(400, 600);

    assertAnsweredOnce(600);
    second.stop();
  }

  @Test
  void parkedRequestsOutliveTheirReplicaAndAreAnsweredOnce() throws Exception {
    TaskSpec other = Loans.risks(task.name() + "-other", 1, BeforeFirstCheckpoint.WAIT);
    registry.onTask(other.name(), other);
    for (int i = 0; i < 30; i++) {
      client.ask(task, "r" + i);
      client.ask(other, "o" + i);
    }
    client.topics().read(TOPICS.requestsParked(), 60, r -> true);
    registry.onCheckpoint(other.name(), FakeModelLoader.manifest(other, 1));
    assertThat(client.predictions(other.name(), 30)).hasSize(30);

    first.stop();
    first = replica("first");
    registry.onCheckpoint(task.name(), FakeModelLoader.manifest(task, 1));

    assertAnsweredOnce(30);
    assertThat(client.predictions(other.name(), 30)).hasSize(30);
  }

  @Test
  void aParkedRequestExpiresThoughItsTaskNeverGetsACheckpoint() throws Exception {
    client.ask(task, "patient");
    client.ask(
        task,
        "urgent",
        TopicClient.header(Headers.DEADLINE, Long.toString(System.currentTimeMillis() + 300)));

    List<PredictionMessage> predictions = client.predictions(task.name(), 1);

    assertThat(predictions)
        .singleElement()
        .satisfies(
            prediction -> {
              assertThat(prediction.row()).isEqualTo("urgent");
              assertThat(prediction.status()).isEqualTo(PredictionMessage.Status.EXPIRED);
            });
  }

  private void ask(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      String row = "r" + i;
      client.askLater(task, row);
    }
  }

  private void assertAnsweredOnce(int count) {
    List<PredictionMessage> predictions = client.predictions(task.name(), count);
    assertThat(predictions).hasSize(count);
    assertThat(predictions.stream().map(PredictionMessage::row).distinct()).hasSize(count);
  }

  private LoopReplica replica(String instance) {
    Sinks sinks =
        new Sinks(
            registry::task,
            registry::specs,
            writers,
            new WritableTopics("predictions", TOPICS, topic -> 1));
    return new LoopReplica(
        instance, client.topics().settings(), registry, batcher, support, sinks, toFail, aborted);
  }
}
