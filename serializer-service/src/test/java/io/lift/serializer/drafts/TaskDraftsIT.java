package io.lift.serializer.drafts;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.table.FieldType;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Json;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import io.lift.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskDraftsIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int ROWS = 40;
  private static final SchemaRegistry NO_REGISTRY = new SchemaRegistry(RegistrySettings.none());

  private static TestKafka broker;
  private static Map<String, Object> kafka;

  private final List<String> published = new CopyOnWriteArrayList<>();
  private CompactedTable<TaskSpec> tasks;
  private CompactedTable<TaskDraft> drafts;
  private TaskDrafts first;
  private TaskDrafts second;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = TestKafka.start();
    kafka = broker.settings();
    TopicAdmin.ensure(kafka, TOPICS.all());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void startTwoSerializers() {
    tasks = new CompactedTable<>(TOPICS.tasks(), kafka, (name, task) -> published.add(name));
    drafts = new CompactedTable<>(TOPICS.taskDrafts(), kafka);
    tasks.start();
    drafts.start();
    first =
        new TaskDrafts(
            new KafkaConnection(kafka, TOPICS), tasks, NO_REGISTRY, ROWS, Duration.ofMillis(100));
    second =
        new TaskDrafts(
            new KafkaConnection(kafka, TOPICS), tasks, NO_REGISTRY, ROWS, Duration.ofMillis(100));
    first.start();
    second.start();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    tasks.close();
    drafts.close();
  }

  @Test
  void aTaskIsInferredFromTheFirstRowsOfItsTopicAndPublishedOnceByManySerializers()
      throws Exception {
    TopicAdmin.ensure(kafka, List.of(new Topic<>("houses", byte[].class, 3, Map.of())));
    TrainingPolicy noisy =
        TrainingPolicy.builder().method(LearningMethod.builder().noise(0.1).build()).build();
    send(
        TOPICS.taskDrafts(),
        new TaskDraft(
            "house-prices",
            "houses",
            "price",
            null,
            null,
            Map.of("garden", FieldType.LEAVE_OUT),
            TemplateSpec.named(),
            NumberFormat.fixed(2),
            noisy,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    await().atMost(LIMIT).until(() -> waiting("house-prices").contains("has 0 of"));
    sendRows("houses", 0, ROWS - 1);
    await()
        .atMost(LIMIT)
        .until(() -> waiting("house-prices").contains("has %d of".formatted(ROWS - 1)));
    await().during(Duration.ofSeconds(1)).until(() -> tasks.get("house-prices").isEmpty());

    sendRows("houses", ROWS - 1, 3 * ROWS);
    await().atMost(LIMIT).until(() -> tasks.get("house-prices").isPresent());

    TaskSpec task = tasks.get("house-prices").orElseThrow();
    assertThat(task.type()).isEqualTo(TaskType.REGRESSION);
    assertThat(task.sources()).extracting(Source::topic).containsExactly("houses");
    assertThat(task.template()).isEqualTo(TemplateSpec.named());
    assertThat(task.numbers()).isEqualTo(NumberFormat.fixed(2));
    assertThat(task.training()).isEqualTo(noisy);
    assertThat(task.features()).extracting(column -> column.name()).containsExactly("rooms");
    assertThat(task.target().numbers().count()).isEqualTo(ROWS);
    await().atMost(LIMIT).until(() -> drafts.get("house-prices").orElseThrow().isResolved());
    TaskDraft draft = drafts.get("house-prices").orElseThrow();
    assertThat(draft.error()).isNull();
    assertThat(draft.waiting()).isNull();
    first.close();
    second.close();
    assertThat(tasks.refresh(LIMIT)).isTrue();
    assertThat(published).containsOnlyOnce("house-prices");
  }

  @Test
  void aDraftSaysThatItsTopicIsMissingAndWhatIsOddAboutItsRows() throws Exception {
    send(TOPICS.taskDrafts(), new TaskDraft("huts", "huts", "price", null, 5));
    await().atMost(LIMIT).until(() -> waiting("huts").equals("There is no topic huts."));

    TopicAdmin.ensure(kafka, List.of(new Topic<>("huts", byte[].class, 1, Map.of())));
    try (var producer = producer()) {
      for (int i = 0; i < 5; i++) {
        String row = "{\"id\":%d,\"rooms\":%d,\"same\":\"x\",\"price\":%d.5}";
        producer.send(
            new ProducerRecord<>("huts", bytes("" + i), bytes(row.formatted(i, i % 2, 10 * i))));
      }
    }
    await().atMost(LIMIT).until(() -> drafts.get("huts").orElseThrow().isResolved());
    assertThat(drafts.get("huts").orElseThrow().remarks())
        .anySatisfy(remark -> assertThat(remark).contains("same"));
  }

  private String waiting(String draft) {
    return drafts.get(draft).map(TaskDraft::waiting).orElse("");
  }

  @Test
  void aDraftThatCannotBecomeATaskSaysWhy() throws Exception {
    TopicAdmin.ensure(kafka, List.of(new Topic<>("flats", byte[].class, 1, Map.of())));
    sendRows("flats", 0, ROWS);
    send(TOPICS.taskDrafts(), new TaskDraft("flats", "flats", "no such column", null, 5));
    await().atMost(LIMIT).until(() -> error("flats") != null);
    assertThat(error("flats")).contains("no such column");
    assertThat(tasks.get("flats")).isEmpty();
  }

  @Test
  void anExistingTaskIsNeverReplacedByADraft() throws Exception {
    TopicAdmin.ensure(kafka, List.of(new Topic<>("villas", byte[].class, 1, Map.of())));
    TaskSpec existing = Loans.approvals("villas");
    send(TOPICS.tasks(), existing);
    sendRows("villas", 0, ROWS);
    send(TOPICS.taskDrafts(), new TaskDraft("villas", "villas", "price", null, 5));
    await().atMost(LIMIT).until(() -> error("villas") != null);
    assertThat(error("villas")).isEqualTo("there is a task villas already");
    assertThat(tasks.refresh(LIMIT)).isTrue();
    assertThat(tasks.get("villas")).contains(existing);
  }

  private String error(String draft) {
    return drafts.get(draft).map(TaskDraft::error).orElse(null);
  }

  private static void sendRows(String topic, int from, int to) {
    try (var producer = producer()) {
      for (int i = from; i < to; i++) {
        String row =
            "{\"rooms\":%s.5,\"garden\":\"%s\",\"price\":%d.25}"
                .formatted(i, i % 2 == 0 ? "yes" : "no", 1000 + 7 * i);
        producer.send(new ProducerRecord<>(topic, bytes("" + i), bytes(row)));
      }
    }
  }

  private static void send(Topic<?> topic, Record value) throws Exception {
    String name = value instanceof TaskDraft draft ? draft.name() : ((TaskSpec) value).name();
    try (var producer = producer()) {
      producer.send(new ProducerRecord<>(topic.name(), bytes(name), Json.write(value))).get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return KafkaClients.producer(kafka, Map.of());
  }
}
