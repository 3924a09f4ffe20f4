package io.lift.inference.models;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The compacted topics of tasks, checkpoints and calibrations, whose records go to the registry and
 * to the calibrations. Thread-safe.
 */
public final class ModelTables implements AutoCloseable {
  private static final Duration REFRESH = Duration.ofSeconds(5);

  private final Topics topics;
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<CheckpointManifest> checkpoints;
  private final CompactedTable<CalibrationMessage> calibrations;

  /**
   * @param listener is told of each task before the registry is, spec null for a deletion
   */
  public ModelTables(
      KafkaConnection kafka,
      ModelRegistry registry,
      Calibrations answers,
      BiConsumer<String, TaskSpec> listener) {
    topics = kafka.topics();
    tasks =
        new CompactedTable<>(
            topics.tasks(),
            kafka.settings(),
            (name, task) -> {
              answers.onTask(name, task);
              listener.accept(name, task);
              registry.onTask(name, task);
            });
    checkpoints =
        new CompactedTable<>(topics.checkpoints(), kafka.settings(), registry::onCheckpoint);
    calibrations =
        new CompactedTable<>(topics.calibration(), kafka.settings(), answers::onCalibration);
  }

  public void start() {
    tasks.start();
    checkpoints.start();
    calibrations.start();
  }

  /** Names of the topics that have not been read to their ends yet. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (!tasks.caughtUp()) {
      missing.add(topics.tasks().name());
    }
    if (!checkpoints.caughtUp()) {
      missing.add(topics.checkpoints().name());
    }
    if (!calibrations.caughtUp()) {
      missing.add(topics.calibration().name());
    }
    return missing;
  }

  /** Reads the tasks to their present end, for five seconds at most. */
  public void refreshTasks() throws InterruptedException {
    tasks.refresh(REFRESH);
  }

  /** Reads tasks and checkpoints to their present ends, for five seconds each at most. */
  public void refresh() throws InterruptedException {
    tasks.refresh(REFRESH);
    checkpoints.refresh(REFRESH);
  }

  @Override
  public void close() {
    tasks.close();
    checkpoints.close();
    calibrations.close();
  }
}
