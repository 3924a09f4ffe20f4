package io.lift.trainer.training;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the log says of tasks and checkpoints, followed live. Thread-safe. */
final class TaskTables implements AutoCloseable {
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<CheckpointManifest> checkpoints;
  private final CompactedTable<CheckpointManifest> history;
  private final CompactedTable<RollbackRequest> wishes;
  private final Map<String, NavigableMap<Long, CheckpointManifest>> kept = new HashMap<>();

  /**
   * @param kafka where the topics are
   * @param onTask told of each new version of a task, null for a deletion
   * @param onWish told of each wish to roll a task back, null for one that is settled
   */
  TaskTables(
      KafkaConnection kafka,
      BiConsumer<String, TaskSpec> onTask,
      BiConsumer<String, RollbackRequest> onWish) {
    Topics topics = kafka.topics();
    tasks = new CompactedTable<>(topics.tasks(), kafka.settings(), onTask);
    checkpoints = new CompactedTable<>(topics.checkpoints(), kafka.settings());
    history = new CompactedTable<>(topics.checkpointsLog(), kafka.settings(), this::keep);
    wishes = new CompactedTable<>(topics.rollbacks(), kafka.settings(), onWish);
  }

  private void keep(String task, CheckpointManifest manifest) {
    if (manifest == null) {
      return;
    }
    synchronized (kept) {
      NavigableMap<Long, CheckpointManifest> versions =
          kept.computeIfAbsent(task, any -> new TreeMap<>());
      versions.put(manifest.version(), manifest);
      while (versions.size() > CheckpointFiles.KEPT_VERSIONS) {
        versions.pollFirstEntry();
      }
    }
  }

  /** The newest versions of a task, those whose files can still be read, ascending. */
  NavigableMap<Long, CheckpointManifest> kept(String task) {
    synchronized (kept) {
      return new TreeMap<>(kept.getOrDefault(task, new TreeMap<>()));
    }
  }

  /** The wish to roll a task back that nobody has settled yet. */
  Optional<RollbackRequest> wish(String task) {
    return wishes
        .get(task)
        .filter(wish -> wish.error() == null && wish.id() != null && task.equals(wish.task()));
  }

  void start() {
    tasks.start();
    checkpoints.start();
    history.start();
    wishes.start();
  }

  Optional<TaskSpec> task(String name) {
    return tasks.get(name);
  }

  Map<String, TaskSpec> tasks() {
    return tasks.snapshot();
  }

  Optional<CheckpointManifest> checkpoint(String task) {
    return checkpoints.get(task);
  }

  Map<String, CheckpointManifest> checkpoints() {
    return checkpoints.snapshot();
  }

  /** The highest version ever published for a task, deleted ones included; 0 if none. */
  long lastVersion(String task) {
    return history.get(task).map(CheckpointManifest::version).orElse(0L);
  }

  boolean caughtUp() {
    return tasks.caughtUp() && checkpoints.caughtUp() && history.caughtUp() && wishes.caughtUp();
  }

  /** Waits until everything committed before this call is here; false after {@code timeout}. */
  boolean refresh(Duration timeout) throws InterruptedException {
    return tasks.refresh(timeout) && checkpoints.refresh(timeout) && history.refresh(timeout);
  }

  /** The same for the tasks alone. */
  boolean refreshTasks(Duration timeout) throws InterruptedException {
    return tasks.refresh(timeout);
  }

  @Override
  public void close() {
    tasks.close();
    checkpoints.close();
    history.close();
    wishes.close();
  }
}
