package io.lift.trainer;

import static io.restassured.RestAssured.get;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import io.lift.testing.BrokerResource;
import io.lift.trainer.training.Rows;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The whole service: its channel, its endpoints, the real model, a real broker. */
@QuarkusTest
@QuarkusTestResource(BrokerResource.class)
class TrainerServiceIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> kafka;

  @Test
  void rowsBecomeCheckpointsAndTheSecondIsTrainedOnFromTheFirst() throws IOException {
    TaskSpec task = Rows.task("sizes", 1, TemplateSpec.named(), Rows.rounds(20));
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of());
        CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(TOPICS.checkpoints(), kafka)) {
      checkpoints.start();
      producer.send(
          new ProducerRecord<>(
              TOPICS.tasks().name(), HeaderValues.bytes(task.name()), Json.write(task)));

      send(producer, task, 0, 20);
      CheckpointManifest first = awaitRows(checkpoints, "sizes", 20);
      send(producer, task, 20, 40);
      CheckpointManifest last = awaitRows(checkpoints, "sizes", 40);

      assertThat(first.version()).isEqualTo(1);
      assertThat(first.parent()).isZero();
      assertThat(last.version()).isGreaterThan(1);
      assertThat(last.parent()).isEqualTo(last.version() - 1);
      assertThat(range(first)).isEqualTo(new OffsetRange(0, 20));
      assertThat(range(last).to()).isEqualTo(40);
      assertThat(last.metrics().get("loss")).isBetween(0.0, 20.0);
      assertThat(CheckpointFiles.read(new KafkaConnection(kafka, TOPICS), last, LIMIT))
          .hasSize((int) last.size());
    }

    get("/training")
        .then()
        .statusCode(200)
        .body("[0].task", equalTo("sizes"))
        .body("[0].state", equalTo("idle"))
        .body("[0].rows", equalTo(40))
        .body("[0].waitingRows", equalTo(0));
    get("/q/health/ready").then().statusCode(200);
    get("/q/health/live").then().statusCode(200);
    get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("lift_service_up{application=\"lift-trainer\"} 1.0"))
        .body(containsString("lift_train_loss{task=\"sizes\"}"))
        .body(containsString("lift_train_rows_total{task=\"sizes\"} 40.0"))
        .body(containsString("lift_train_tokens_total{task=\"sizes\"}"))
        .body(containsString("lift_train_steps_total{task=\"sizes\"}"))
        .body(containsString("lift_train_round_seconds_count{task=\"sizes\"}"))
        .body(containsString("lift_checkpoint_version{task=\"sizes\"}"))
        .body(containsString("lift_checkpoint_age_seconds{task=\"sizes\"}"))
        .body(containsString("lift_prompts_waiting{task=\"sizes\"} 0.0"));
  }

  @Test
  void withoutFineTuningACheckpointIsTheRowsAlone() throws IOException {
    LearningMethod method =
        LearningMethod.builder()
            .context(new ContextPolicy(ContextPolicy.Pick.NEAREST, 3))
            .fineTuning(false)
            .build();
    TrainingPolicy policy =
        TrainingPolicy.builder().firstRound(20).roundSeconds(0.2).method(method).build();
    TaskSpec task = Rows.task("told", 1, TemplateSpec.named(), policy);
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, Map.of());
        CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(TOPICS.checkpoints(), kafka)) {
      checkpoints.start();
      producer.send(
          new ProducerRecord<>(
              TOPICS.tasks().name(), HeaderValues.bytes(task.name()), Json.write(task)));
      send(producer, task, 0, 20);

      CheckpointManifest first = awaitRows(checkpoints, "told", 20);

      assertThat(first.step()).isZero();
      assertThat(first.metrics()).doesNotContainKey("loss").containsEntry("steps", 0.0);
      assertThat(
              new String(
                  CheckpointFiles.read(new KafkaConnection(kafka, TOPICS), first, LIMIT),
                  ISO_8859_1))
          .contains("When we have size=");
      producer.send(new ProducerRecord<>(TOPICS.tasks().name(), HeaderValues.bytes("told"), null));
      await()
          .atMost(LIMIT)
          .until(() -> !get("/training").then().extract().path("task").toString().contains("told"));
    }
  }

  @Test
  void ofAHugeCompressedPromptOnlyTheBeginningIsRead() {
    Map<String, Object> large =
        Map.of(
            "compression.type", "zstd", "max.request.size", 100_000_000, "buffer.memory", 1 << 28);
    try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka, large);
        KafkaConsumer<byte[], byte[]> letters =
            KafkaClients.reader(kafka, Map.of("max.poll.records", 1))) {
      producer.send(
          new ProducerRecord<>(
              TOPICS.prompts().name(), HeaderValues.bytes("huge"), new byte[40_000_000]));
      producer.flush();
      letters.assign(
          letters.partitionsFor(TOPICS.deadLetters().name()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList());
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(letters.poll(Duration.ofMillis(200)))
                      .anySatisfy(
                          letter -> {
                            assertThat(letter.value()).hasSize(DeadLetters.KEPT_VALUE);
                            assertThat(text(letter, Headers.ERROR_REASON)).isEqualTo("too-large");
                            assertThat(text(letter, Headers.ERROR_SIZE)).isEqualTo("40000000");
                          }));
    }
  }

  private static String text(ConsumerRecord<?, ?> record, String header) {
    return HeaderValues.string(record.headers(), header);
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, TaskSpec task, int from, int to) {
    for (int number = from; number < to; number++) {
      producer.send(Rows.record(task, number));
    }
    producer.flush();
  }

  private static CheckpointManifest awaitRows(
      CompactedTable<CheckpointManifest> checkpoints, String task, long rows) {
    await()
        .atMost(LIMIT)
        .until(() -> checkpoints.get(task).filter(m -> m.rows() >= rows).isPresent());
    return checkpoints.get(task).orElseThrow();
  }

  private static OffsetRange range(CheckpointManifest manifest) {
    assertThat(manifest.ranges()).hasSize(1);
    return manifest.ranges().values().iterator().next();
  }
}
