package io.lift.trainer.assignment;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.RollbackRequest;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.round.TrainerSettings;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of the assigned partitions, and the deleted tasks whose checkpoint is still to be
 * removed. Only reachable through its {@link Monitor}.
 */
final class AssignedTasks {
  private static final Logger LOG = LoggerFactory.getLogger(AssignedTasks.class);

  private final TrainerSettings settings;
  private final String baseModel;
  private final TaskTables tables;
  private final Map<String, TaskTraining> trainings = new TreeMap<>();
  private final Deque<String> retired = new ArrayDeque<>();
  private final Map<String, Long> publishedVersions = new HashMap<>();
  private final Map<String, String> handledRequests = new HashMap<>();
  private long lineages;

  AssignedTasks(TrainerSettings settings, String baseModel, TaskTables tables) {
    this.settings = settings;
    this.baseModel = baseModel;
    this.tables = tables;
  }

  /** The task's training; empty if it does not exist, cannot be used or is not assigned. */
  Optional<TaskTraining> training(String task) {
    return Optional.ofNullable(trainings.get(task));
  }

  /** The trainings of all tasks, by name. */
  Collection<TaskTraining> trainings() {
    return trainings.values();
  }

  /**
   * Begins the training of a task.
   *
   * @return false if the task cannot be used
   */
  boolean begin(TaskSpec spec, PartitionAssignment partition) {
    String name = spec.name();
    long lastVersion = Math.max(tables.lastVersion(name), publishedVersions.getOrDefault(name, 0L));
    try {
      CheckpointManifest latest = tables.checkpoint(name).orElse(null);
      add(
          new TaskTraining(
              partition, settings, baseModel, spec, latest, lastVersion, this::nextLineage));
      return true;
    } catch (IllegalArgumentException e) {
      LOG.atError()
          .addKeyValue("task", name)
          .addKeyValue("error", e.getMessage())
          .log("the task cannot be used; its prompts go to the dead letters");
      return false;
    }
  }

  void add(TaskTraining training) {
    training.drifts(() -> tables.openDrift(training.name()));
    trainings.put(training.name(), training);
  }

  /** A number that no other lineage of this process has. */
  long nextLineage() {
    return ++lineages;
  }

  /** Ends the training of a deleted task, whose checkpoint is to be removed. */
  void retire(String task) {
    TaskTraining training = trainings.remove(task);
    if (training != null) {
      training.retire();
    }
    retireLater(task);
  }

  /** The checkpoint of a deleted task is to be removed. */
  void retireLater(String task) {
    retired.addLast(task);
  }

  /** Whether the checkpoint of a deleted task is still to be removed. */
  boolean retiring() {
    return !retired.isEmpty();
  }

  /** Takes out the next deleted task whose checkpoint is to be removed. */
  Optional<String> nextRetired() {
    return Optional.ofNullable(retired.pollFirst());
  }

  /**
   * Ends the trainings whose partition is no longer assigned.
   *
   * @return the names of their tasks
   */
  List<String> revoke(AssignedPartitions partitions) {
    List<TaskTraining> lost =
        trainings.values().stream()
            .filter(training -> !partitions.assigned(training.partition()))
            .toList();
    lost.forEach(TaskTraining::revoke);
    trainings.values().removeAll(lost);
    return lost.stream().map(TaskTraining::name).toList();
  }

  /** Whether so many fresh rows wait that no further ones should be read. */
  boolean full() {
    int fresh = trainings.values().stream().mapToInt(task -> task.window().fresh()).sum();
    return fresh >= settings.maxWaiting();
  }

  /** The trainings on a partition. */
  List<TaskTraining> on(PartitionAssignment partition) {
    return trainings.values().stream().filter(task -> task.partition().equals(partition)).toList();
  }

  /** The rollback request for a task that has been neither fulfilled nor rejected. */
  Optional<RollbackRequest> openRollback(String task) {
    // the tables may not know yet that this trainer has handled it
    return tables
        .rollbackRequest(task)
        .filter(request -> !request.id().equals(handledRequests.get(task)));
  }

  /** A rollback request has been fulfilled or rejected. */
  void handled(RollbackRequest request) {
    handledRequests.put(request.task(), request.id());
  }

  /**
   * A version of a task has been published by this trainer.
   *
   * @param partition under whose assignment it was made
   * @return the task's training, if that assignment still holds; it may be another training than
   *     the one that made the version, if the task was deleted and created again meanwhile
   */
  Optional<TaskTraining> published(CheckpointManifest manifest, PartitionAssignment partition) {
    publishedVersions.merge(manifest.task(), manifest.version(), Math::max);
    return training(manifest.task()).filter(task -> task.partition().equals(partition));
  }
}
