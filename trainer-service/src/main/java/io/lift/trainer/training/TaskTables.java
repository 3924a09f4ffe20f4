package io.lift.trainer.training;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CompactedTable;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the log says of tasks and checkpoints, followed live. Thread-safe. */
final class TaskTables implements AutoCloseable {
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<CheckpointManifest> checkpoints;
  private final CompactedTable<CheckpointManifest> history;

  /**
   * @param kafka client settings
   * @param onTask told of each new version of a task, null for a deletion
   */
  TaskTables(Map<String, Object> kafka, BiConsumer<String, TaskSpec> onTask) {
    tasks = new CompactedTable<>(Topics.TASKS, kafka, onTask);
    checkpoints = new CompactedTable<>(Topics.CHECKPOINTS, kafka, (key, value) -> {});
    history = new CompactedTable<>(Topics.CHECKPOINTS_LOG, kafka, (key, value) -> {});
  }

  void start() {
    tasks.start();
    checkpoints.start();
    history.start();
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
    return tasks.caughtUp() && checkpoints.caughtUp() && history.caughtUp();
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
  }
}
