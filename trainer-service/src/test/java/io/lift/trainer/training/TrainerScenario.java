package io.lift.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.Topics;
import io.lift.trainer.round.FineTuner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Trainers on a real broker, with a model that remembers what it was given. */
abstract class TrainerScenario {
  static final Topics TOPICS = Topics.of("");
  static final Duration LIMIT = Duration.ofSeconds(120);
  static TrainerTopics broker;

  private final List<TrainerNode> nodes = new ArrayList<>();
  private final List<TaskSpec> tasks = new ArrayList<>();

  @BeforeAll
  static void start() {
    broker = new TrainerTopics();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void leaveNothing() throws InterruptedException {
    for (TrainerNode node : nodes) {
      node.close();
    }
    tasks.forEach(task -> broker.delete(task.name()));
  }

  /** A published task whose rounds start with ten rows. */
  TaskSpec task(String name) {
    return publish(Rows.task(name, Rows.rounds(10)));
  }

  /** Publishes a task; it is deleted after the test. */
  TaskSpec publish(TaskSpec task) {
    tasks.add(task);
    broker.publish(task);
    return task;
  }

  TrainerNode node(String name, FineTuner.Factory factory) {
    return node(name, factory, Map.of());
  }

  TrainerNode node(String name, FineTuner.Factory factory, Map<String, Object> consumer) {
    return closed(new TrainerNode(broker, name, factory, consumer));
  }

  /** The node, which is closed after the test. */
  TrainerNode closed(TrainerNode node) {
    nodes.add(node);
    return node;
  }

  void stop(TrainerNode node) throws InterruptedException {
    nodes.remove(node);
    node.close();
  }

  static CheckpointManifest last(TaskSpec task) {
    List<CheckpointManifest> history = broker.history(task.name());
    return history.get(history.size() - 1);
  }

  static CheckpointManifest awaitVersion(TaskSpec task, long version) {
    await()
        .atMost(LIMIT)
        .until(() -> broker.history(task.name()).stream().anyMatch(m -> m.version() == version));
    return broker.history(task.name()).stream()
        .filter(manifest -> manifest.version() == version)
        .findFirst()
        .orElseThrow();
  }

  static void awaitRows(TaskSpec task, long rows) {
    await()
        .atMost(LIMIT)
        .until(() -> !broker.history(task.name()).isEmpty() && last(task).rows() >= rows);
  }

  static OffsetRange range(CheckpointManifest manifest) {
    assertThat(manifest.ranges()).hasSize(1);
    return manifest.ranges().values().iterator().next();
  }

  /** One chain of versions, one unbroken range of offsets, and each row once in the weights. */
  static void assertContiguous(TaskSpec task, int rows) {
    List<CheckpointManifest> history = broker.history(task.name());
    for (int i = 0; i < history.size(); i++) {
      assertThat(history.get(i).version()).isEqualTo(i + 1);
      assertThat(history.get(i).parent()).isEqualTo(i);
      if (i > 0) {
        assertThat(range(history.get(i)).from()).isEqualTo(range(history.get(i - 1)).to());
      }
    }
    assertThat(history.stream().mapToLong(CheckpointManifest::newRows).sum()).isEqualTo(rows);
    assertThat(last(task).rows()).isEqualTo(rows);
    assertLearned(task, 0, rows);
  }

  /** Each row of a range is once in the weights, in order, and no other. */
  static void assertLearned(TaskSpec task, int from, int to) {
    assertThat(learned(last(task)))
        .isEqualTo(
            IntStream.range(from, to).mapToObj(row -> Rows.prompt(task, row).prompt()).toList());
  }

  static List<String> learned(CheckpointManifest manifest) {
    try {
      return CountingFineTuners.learned(
          CheckpointFiles.read(broker.connection(), manifest, Duration.ofSeconds(10)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
