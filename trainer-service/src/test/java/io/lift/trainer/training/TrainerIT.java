package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.messages.CheckpointManifest;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The trainer on a real broker, with a model that remembers what it was given. */
class TrainerIT extends TrainerScenario {

  @Test
  void aRoundsCheckpointClaimsItsRowsAndTheNextGoesOnFromIt() {
    TaskSpec task = task("contiguous");
    node("a", new CountingFineTuners());

    broker.rows(task, 0, 10);
    CheckpointManifest first = awaitVersion(task, 1);
    broker.rows(task, 10, 30);
    awaitRows(task, 30);

    assertThat(first.parent()).isZero();
    assertThat(first.newRows()).isEqualTo(10);
    assertThat(first.trainer()).isEqualTo("a");
    assertThat(first.baseModel()).isEqualTo("counting");
    assertContiguous(task, 30);
  }

  @Test
  void rowsThatComeAgainAreLearnedOnceAlsoByATrainerThatStartsAgain() throws Exception {
    TaskSpec task = task("again");
    TrainerNode before = node("k", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitRows(task, 10);
    broker.rows(task, 0, 10);
    broker.rows(task, 10, 20);
    awaitRows(task, 20);
    assertThat(duplicates(before, task)).isEqualTo(10);

    stop(before);
    broker.rows(task, 5, 15);
    TrainerNode after = node("k", new CountingFineTuners());
    broker.rows(task, 20, 30);
    awaitRows(task, 30);
    assertThat(duplicates(after, task)).isEqualTo(20);
    assertContiguous(task, 30);
  }

  private static double duplicates(TrainerNode node, TaskSpec task) {
    return node.meters()
        .counter("lift.prompts", "task", task.name(), "outcome", "duplicate")
        .count();
  }

  @Test
  void aTrainerThatStartsAgainNeitherRepeatsNorSkipsARow() throws Exception {
    TaskSpec task = task("restart");
    TrainerNode before = node("b", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);
    broker.rows(task, 10, 25);
    awaitRows(task, 25);
    long version = last(task).version();

    stop(before);
    broker.rows(task, 25, 40);
    node("b", new CountingFineTuners());
    awaitRows(task, 40);

    assertThat(last(task).version()).isGreaterThan(version);
    assertContiguous(task, 40);
  }

  @Test
  void twoTrainersShareTheTasksAndOneTakesOverFromTheOther() throws Exception {
    List<TaskSpec> six = IntStream.range(0, 6).mapToObj(i -> task("shared-" + i)).toList();
    TrainerNode first = node("c", new CountingFineTuners());
    six.forEach(task -> broker.rows(task, 0, 20));
    six.forEach(task -> awaitRows(task, 20));

    TrainerNode second = node("d", new CountingFineTuners());
    await().atMost(LIMIT).until(() -> ours(second, six) > 0 && ours(first, six) > 0);
    six.forEach(task -> broker.rows(task, 20, 50));
    six.forEach(task -> awaitRows(task, 50));
    assertThat(ours(first, six) + ours(second, six)).isEqualTo(6);
    six.forEach(task -> broker.rows(task, 50, 60));

    stop(first);
    six.forEach(task -> broker.rows(task, 60, 80));
    six.forEach(task -> awaitRows(task, 80));

    assertThat(ours(second, six)).isEqualTo(6);
    for (TaskSpec task : six) {
      assertContiguous(task, 80);
    }
    assertThat(six.stream().flatMap(task -> broker.history(task.name()).stream()))
        .extracting(CheckpointManifest::trainer)
        .contains("c", "d");
  }

  @Test
  void aTaskThatChangesItsLanguageStartsFromTheBaseModelUnderTheNextVersion() throws Exception {
    TaskSpec task = task("language");
    node("f", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);

    TaskSpec changed = Rows.task(task.name(), 2, TemplateSpec.paper(), Rows.rounds(10));
    broker.publish(changed);
    broker.rows(task, 10, 15); // an old serializer is still at it
    broker.rows(changed, 20, 30);
    CheckpointManifest second = awaitVersion(task, 2);

    assertThat(second.parent()).isZero();
    assertThat(second.taskVersion()).isEqualTo(2);
    assertThat(second.rows()).isEqualTo(10);
    assertThat(learned(second))
        .containsExactlyElementsOf(
            IntStream.range(20, 30).mapToObj(n -> Rows.prompt(changed, n).prompt()).toList());
  }

  @Test
  void aDeletedTaskTakesItsCheckpointBackAndItsVersionsAreNotUsedAgain() {
    TaskSpec task = task("deleted");
    node("g", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitVersion(task, 1);

    broker.delete(task.name());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(broker.pointers(task.name())).hasSize(2).endsWith((byte[]) null));
    broker.publish(task);
    broker.rows(task, 10, 20);
    CheckpointManifest next = awaitVersion(task, 2);

    assertThat(next.parent()).isZero();
    assertThat(next.rows()).isEqualTo(10);
  }

  @Test
  void theGroupsOffsetIsTheFirstRowThatNoCheckpointHolds() throws Exception {
    TaskSpec task = task("lag");
    node("j", new CountingFineTuners());
    broker.rows(task, 0, 10);
    awaitRows(task, 10);
    TopicPartition partition =
        new TopicPartition(TOPICS.prompts().name(), last(task).ranges().keySet().iterator().next());

    try (Admin admin = Admin.create(broker.kafka())) {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(
                          admin
                              .listConsumerGroupOffsets(TrainerNode.GROUP)
                              .partitionsToOffsetAndMetadata()
                              .get()
                              .get(partition)
                              .offset())
                      .isEqualTo(range(last(task)).to()));
    }
  }

  private static long ours(TrainerNode node, List<TaskSpec> tasks) {
    List<String> names = tasks.stream().map(TaskSpec::name).toList();
    return node.trainer().status().stream().filter(s -> names.contains(s.task())).count();
  }
}
