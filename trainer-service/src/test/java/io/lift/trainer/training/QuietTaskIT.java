package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.prompts.PromptReader;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task with few rows and a busy one on the same partition, on a real broker. */
class QuietTaskIT extends TrainerScenario {
  private static final int MANY = 20_000;
  private static final int SOME = 6_000;
  private static final int WINDOW = 1_000;
  private static int nextPartition; // a test's rows are on a partition of their own

  private TaskSpec quiet;
  private TaskSpec busy;
  private TopicPartition partition;

  @BeforeEach
  void twoTasksOnOnePartition() {
    partition = new TopicPartition(TOPICS.prompts().name(), nextPartition++);
    quiet = task(name("quiet"));
    TrainingPolicy policy =
        TrainingPolicy.builder()
            .window(WINDOW)
            .firstRound(1_000)
            .roundRows(5_000)
            .roundSeconds(2.0)
            .members(1)
            .build();
    busy = publish(Rows.task(name("busy"), policy));
  }

  private String name(String kind) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> kind + "-" + i)
        .filter(
            name ->
                PromptReader.partition(name, TOPICS.prompts().partitions())
                    == partition.partition())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTaskThatWaitsForRowsNeitherHoldsTheLagNorMakesATakeOverReadTheWholeLog() throws Exception {
    TrainerNode first = node("first");
    broker.rows(quiet, 0, 3);
    broker.rows(busy, 0, MANY);
    awaitRows(busy, MANY);
    awaitNoLag();

    stop(first);
    TrainerNode second = node("second");
    awaitWindows(second);

    assertThat(second.consumed(partition)).isLessThan((3 + WINDOW) * 12 / 10);
    broker.rows(busy, MANY, MANY + 50);
    broker.rows(quiet, 3, 10);
    awaitRows(busy, MANY + 50);
    awaitRows(quiet, 10);
    assertLearned(quiet, 0, 10);
    assertLearned(busy, 0, MANY + 50);
    awaitNoLag();
  }

  @Test
  void theWindowOfATaskThatHasGoneQuietIsAllThatATakeOverReadsOfItsTime() throws Exception {
    TrainerNode first = node("first");
    broker.rows(busy, 0, SOME / 2);
    broker.rows(quiet, 0, 15);
    awaitRows(quiet, 15);
    broker.rows(busy, SOME / 2, SOME);
    broker.rows(quiet, 15, 17);
    awaitRows(quiet, 17);
    broker.rows(busy, SOME, 2 * SOME);
    awaitRows(busy, 2 * SOME);
    awaitNoLag();

    stop(first);
    TrainerNode second = node("second");
    await().atMost(LIMIT).until(() -> windowRows(second, quiet) == 17);
    awaitWindows(second);

    assertThat(second.consumed(partition)).isLessThan((17 + WINDOW) * 12 / 10);
    broker.rows(quiet, 17, 30);
    awaitRows(quiet, 30);
    assertLearned(quiet, 0, 30);
    assertLearned(busy, 0, 2 * SOME);
  }

  @Test
  void rowsOfATaskAloneAndTransactionMarkersLeaveNoLag() throws Exception {
    node("alone");
    Map<String, Object> settings = new HashMap<>(broker.kafka());
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "rows-of-a-test");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (int row = 0; row < 3; row++) {
        producer.beginTransaction();
        producer.send(Rows.record(quiet, row));
        producer.commitTransaction();
      }
    }

    awaitNoLag();
    assertThat(broker.history(quiet.name())).isEmpty();
  }

  @Test
  void aTrainerThatDiesInTheMiddleOfATakeOverHandsTheRestOn() throws Exception {
    TrainerNode first = node("first");
    broker.rows(quiet, 0, 3);
    broker.rows(busy, 0, SOME);
    awaitRows(busy, SOME);
    awaitNoLag();
    stop(first);
    for (int i = 0; i < 3; i++) {
      stop(node("short-lived-" + i)); // somewhere between joining the group and its first round
    }

    node("last");
    broker.rows(quiet, 3, 10);
    broker.rows(busy, SOME, SOME + 10);
    awaitRows(quiet, 10);
    awaitRows(busy, SOME + 10);
    assertLearned(quiet, 0, 10);
    assertLearned(busy, 0, SOME + 10);
  }

  private TrainerNode node(String name) {
    return closed(
        new TrainerNode(
            broker, new CountingFineTuners(), Map.of(), TrainerNode.settings(name, 100_000)));
  }

  private void awaitWindows(TrainerNode node) {
    await()
        .atMost(LIMIT)
        .until(() -> windowRows(node, busy) == WINDOW && windowRows(node, quiet) > 0);
  }

  private static int windowRows(TrainerNode node, TaskSpec task) {
    return node.trainer().status().stream()
        .filter(status -> status.task().equals(task.name()))
        .mapToInt(status -> status.waitingRows() + status.windowRows())
        .sum();
  }

  private void awaitNoLag() {
    try (Admin admin = Admin.create(broker.kafka())) {
      await().atMost(LIMIT).untilAsserted(() -> assertThat(committed(admin)).isEqualTo(end(admin)));
    }
  }

  private long committed(Admin admin) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin.listConsumerGroupOffsets(TrainerNode.GROUP).partitionsToOffsetAndMetadata().get();
    return offsets.get(partition) == null ? -1 : offsets.get(partition).offset();
  }

  private long end(Admin admin) throws Exception {
    ListOffsetsResultInfo end =
        admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get();
    return end.offset();
  }
}
