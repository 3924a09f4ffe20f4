package io.lift.trainer.training;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions and tasks that this trainer owns at the moment, and the one round that is running.
 * The polling thread gives and takes partitions here, the reading thread brings rows to the {@link
 * #intake}, the training thread takes {@link #rounds}; one lock orders them. Knows nothing of
 * consumers and producers.
 */
final class Assignment {
  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

  private final TrainerSettings settings;
  private final String baseModel;
  private final TaskTables tables;
  private final TrainingMeters meters;
  private final AssignmentState tasks;
  private final PromptIntake intake;
  private final RoundScheduler rounds;
  private final Retrainings renewals;

  Assignment(
      Topics topics,
      TrainerSettings settings,
      FineTuner.Factory factory,
      TaskTables tables,
      TrainingMeters meters) {
    this.settings = settings;
    this.baseModel = factory.baseModel();
    this.tables = tables;
    this.meters = meters;
    tasks = new AssignmentState(topics.prompts(), settings.maxWaiting());
    intake = new PromptIntake(tasks);
    renewals = new Retrainings(tasks, settings, factory, meters);
    rounds = new RoundScheduler(tasks, tables, renewals);
  }

  /** The reading thread's side. */
  PromptIntake intake() {
    return intake;
  }

  /** The training thread's side. */
  RoundScheduler rounds() {
    return rounds;
  }

  /** What the training thread does in spare time. */
  Retrainings renewals() {
    return renewals;
  }

  /** The group has rebalanced; what was claimed under the older membership is refused. */
  void joined(ConsumerGroupMetadata membership) {
    tasks.locked(() -> tasks.joined(membership));
  }

  /**
   * Takes partitions over from the log's truth: the tables must be fresh, and no transaction of the
   * previous owner may be pending.
   *
   * @param committed the group's committed offsets; absent where there is none
   * @param partitions how many partitions the topic has
   * @return where to read on, by partition
   */
  Map<Integer, Long> own(
      Collection<Integer> assigned, Map<Integer, Long> committed, int partitions) {
    tasks.lock.lock();
    try {
      tasks.repartitioned(partitions);
      Map<String, TaskSpec> specs = tables.tasks();
      Map<String, CheckpointManifest> manifests = tables.checkpoints();
      Map<Integer, Long> positions = new TreeMap<>();
      assigned.forEach(p -> positions.put(p, null));
      specs.keySet().forEach(name -> lower(positions, name, manifests.get(name)));
      positions.replaceAll((p, at) -> at == null ? committed.getOrDefault(p, 0L) : at);
      int generation = tasks.membership().generationId();
      positions.forEach(
          (p, at) ->
              tasks.own(new PartitionAssignment(p, generation, committed.getOrDefault(p, 0L), at)));
      specs.values().stream()
          .filter(spec -> assigned.contains(tasks.partition(spec.name())))
          .forEach(this::take);
      manifests.keySet().stream()
          .filter(name -> !specs.containsKey(name) && assigned.contains(tasks.partition(name)))
          .forEach(tasks::retire);
      tasks.changed.signalAll();
      return positions;
    } finally {
      tasks.lock.unlock();
    }
  }

  private void lower(Map<Integer, Long> positions, String task, CheckpointManifest manifest) {
    int partition = tasks.partition(task);
    if (positions.containsKey(partition)) {
      positions.merge(partition, TaskTraining.windowFrom(manifest, partition), Math::min);
    }
  }

  private void take(TaskSpec spec) {
    String name = spec.name();
    try {
      tasks.put(
          new TaskTraining(
              tasks.ownership(name),
              settings,
              baseModel,
              spec,
              tables.checkpoint(name).orElse(null),
              Math.max(tables.lastVersion(name), tasks.publishedVersion(name))));
      meters.watch(name, () -> status(name));
    } catch (IllegalArgumentException e) {
      LOG.atError()
          .addKeyValue("task", name)
          .addKeyValue("error", e.getMessage())
          .log("the task cannot be used; its prompts go to the dead letters");
    }
  }

  /**
   * Gives partitions back: their rows are dropped, a round on them is stopped after its step, and
   * this waits for that as long as the settings say.
   *
   * @return false if the round was still running at the end of the wait; what it makes is refused
   */
  boolean disown(Collection<Integer> revoked) throws InterruptedException {
    tasks.lock.lock();
    try {
      tasks.lose(revoked).forEach(meters::forget);
      tasks.changed.signalAll();
      if (runningOnLost()) {
        tasks.running().cancel();
      }
      long left = settings.revokeWait().toNanos();
      while (runningOnLost() && left > 0) {
        left = tasks.changed.awaitNanos(left);
      }
      return !runningOnLost();
    } finally {
      tasks.lock.unlock();
    }
  }

  private boolean runningOnLost() {
    return tasks.running() != null && tasks.running().ownership().lost();
  }

  /**
   * Follows a task: a new version, or its deletion (null), which takes back its checkpoint. A round
   * that the change makes void is stopped.
   */
  void follow(String name, TaskSpec spec) {
    tasks.lock.lock();
    try {
      if (tasks.ownership(name) == null) {
        return;
      }
      TaskTraining task = tasks.task(name);
      boolean stop = true;
      if (spec == null) {
        tasks.remove(name);
        meters.forget(name);
        tasks.retire(name);
      } else if (task == null) {
        take(spec);
      } else {
        stop = !spec.equals(task.spec()) && task.follow(spec);
      }
      Round running = tasks.running();
      if (stop && running != null && running.task().equals(name)) {
        running.cancel();
      }
      tasks.changed.signalAll();
    } finally {
      tasks.lock.unlock();
    }
  }

  /** Follows the wishes to roll back: a round of a task that is to go back is stopped. */
  void wish(String name, RollbackRequest wish) {
    tasks.locked(
        () -> {
          Round running = tasks.running();
          boolean open = tables.wish(name).filter(tasks::unsettled).isPresent();
          if (open && running != null && running.task().equals(name)) {
            running.cancel();
          }
          tasks.changed.signalAll();
        });
  }

  /** Each task's state, by name. */
  List<TrainingStatus> status() {
    return status(task -> true);
  }

  Optional<TrainingStatus> status(String name) {
    return status(task -> task.spec().name().equals(name)).stream().findFirst();
  }

  private List<TrainingStatus> status(Predicate<TaskTraining> which) {
    return tasks.locked(
        () ->
            tasks.tasks().stream()
                .filter(which)
                .map(task -> TrainingStatus.of(task, tasks.running(), tasks.renewal()))
                .toList());
  }

  /** Stops everything that waits, and the running round after its step. */
  void close() {
    tasks.locked(
        () -> {
          tasks.close();
          if (tasks.running() != null) {
            tasks.running().cancel();
          }
          tasks.changed.signalAll();
        });
  }

  boolean closed() {
    return tasks.locked(tasks::closed);
  }
}
