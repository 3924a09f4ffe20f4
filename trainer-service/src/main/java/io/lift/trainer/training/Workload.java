package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topics;
import io.lift.trainer.training.CheckpointPublisher.Claim;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions and tasks that this trainer owns at the moment, and the one round that is running.
 * The polling thread gives and takes partitions, the reading thread brings rows, the training
 * thread takes rounds; one lock orders them. Knows nothing of consumers and producers.
 */
final class Workload {
  private static final Logger LOG = LoggerFactory.getLogger(Workload.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final TrainerSettings settings;
  private final String baseModel;
  private final TaskTables tables;
  private final TrainingMeters meters;
  private final Map<Integer, Ownership> owned = new HashMap<>();
  private final Map<String, TaskTraining> tasks = new TreeMap<>();
  private final Deque<String> retired = new ArrayDeque<>();

  /** Highest version of each task that this process has published; the tables may lag a little. */
  private final Map<String, Long> versions = new ConcurrentHashMap<>();

  private ConsumerGroupMetadata membership;
  private int partitions = Topics.PROMPTS.partitions();
  private Round running;
  private boolean closed;

  Workload(TrainerSettings settings, String baseModel, TaskTables tables, TrainingMeters meters) {
    this.settings = settings;
    this.baseModel = baseModel;
    this.tables = tables;
    this.meters = meters;
  }

  /** The group has rebalanced; what was claimed under the older membership is refused. */
  void joined(ConsumerGroupMetadata membership) {
    locked(() -> this.membership = membership);
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
    lock.lock();
    try {
      this.partitions = partitions;
      Map<String, TaskSpec> specs = tables.tasks();
      Map<String, CheckpointManifest> manifests = tables.checkpoints();
      Map<Integer, Long> positions = new TreeMap<>();
      assigned.forEach(p -> positions.put(p, null));
      specs.keySet().forEach(name -> lower(positions, name, manifests.get(name)));
      positions.replaceAll((p, at) -> at == null ? committed.getOrDefault(p, 0L) : at);
      positions.forEach(
          (p, at) ->
              owned.put(
                  p,
                  new Ownership(p, membership.generationId(), committed.getOrDefault(p, 0L), at)));
      specs.values().stream()
          .filter(spec -> assigned.contains(partition(spec.name())))
          .forEach(this::take);
      manifests.keySet().stream()
          .filter(name -> !specs.containsKey(name) && assigned.contains(partition(name)))
          .forEach(retired::add);
      changed.signalAll();
      return positions;
    } finally {
      lock.unlock();
    }
  }

  private void lower(Map<Integer, Long> positions, String task, CheckpointManifest manifest) {
    int partition = partition(task);
    if (positions.containsKey(partition)) {
      positions.merge(partition, TaskTraining.windowFrom(manifest, partition), Math::min);
    }
  }

  private void take(TaskSpec spec) {
    String name = spec.name();
    try {
      tasks.put(
          name,
          new TaskTraining(
              owned.get(partition(name)),
              settings,
              baseModel,
              spec,
              tables.checkpoint(name).orElse(null),
              Math.max(tables.lastVersion(name), versions.getOrDefault(name, 0L))));
      meters.watch(name, () -> status(name));
    } catch (IllegalArgumentException e) {
      LOG.atError()
          .addKeyValue("task", name)
          .addKeyValue("error", e.getMessage())
          .log("the task cannot be used; its prompts go to the dead letters");
    }
  }

  private int partition(String task) {
    return PromptReader.partition(task, partitions);
  }

  /**
   * Gives partitions back: their rows are dropped, a round on them is stopped after its step, and
   * this waits for that as long as the settings say.
   *
   * @return false if the round was still running at the end of the wait; what it makes is refused
   */
  boolean disown(Collection<Integer> revoked) throws InterruptedException {
    lock.lock();
    try {
      for (int partition : revoked) {
        Ownership ownership = owned.remove(partition);
        if (ownership != null) {
          ownership.lose();
        }
      }
      tasks.values().stream()
          .filter(task -> task.ownership().lost())
          .forEach(task -> meters.forget(task.spec().name()));
      tasks.values().removeIf(task -> task.ownership().lost());
      changed.signalAll();
      if (running != null && running.ownership().lost()) {
        running.cancel();
      }
      long left = settings.revokeWait().toNanos();
      while (running != null && running.ownership().lost() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return running == null || !running.ownership().lost();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Follows a task: a new version, or its deletion (null), which takes back its checkpoint. A round
   * that the change makes void is stopped.
   */
  void follow(String name, TaskSpec spec) {
    lock.lock();
    try {
      Ownership ownership = owned.get(partition(name));
      if (ownership == null) {
        return;
      }
      TaskTraining task = tasks.get(name);
      boolean stop = true;
      if (spec == null) {
        tasks.remove(name);
        meters.forget(name);
        retired.add(name);
      } else if (task == null) {
        take(spec);
      } else {
        stop = !spec.equals(task.spec()) && task.follow(spec);
      }
      if (stop && running != null && running.task().equals(name)) {
        running.cancel();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the task is known in the version that rendered the prompt. */
  boolean knows(PromptMessage prompt) {
    lock.lock();
    try {
      TaskTraining task = tasks.get(prompt.task());
      return task != null && task.spec().version() >= prompt.taskVersion();
    } finally {
      lock.unlock();
    }
  }

  int partitions() {
    lock.lock();
    try {
      return partitions;
    } finally {
      lock.unlock();
    }
  }

  /** Blocks while too many fresh rows wait, unless the workload is closed. */
  void awaitSpace() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && full()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves a partition's position over an offset.
   *
   * @param polledIn generation of the group in which the record was polled
   * @return the ownership, or empty if the record is stale or was read before
   */
  Optional<Ownership> advance(int partition, int polledIn, long offset) {
    lock.lock();
    try {
      Ownership ownership = owned.get(partition);
      return ownership != null && ownership.take(polledIn, offset)
          ? Optional.of(ownership)
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The record just read is going to the dead letters. */
  void sendLetter(Ownership ownership) {
    locked(ownership::sendLetter);
  }

  /** The broker has every dead letter of the records read so far. */
  void lettersArrived() {
    locked(
        () -> {
          owned.values().forEach(Ownership::lettersArrived);
          changed.signalAll();
        });
  }

  /**
   * Takes an example into its task's window, if its ownership still stands.
   *
   * @param languageHash the language that the prompt is written in, or null if it does not say
   * @throws PromptRejected if the task does not exist or has no such answer
   */
  Added add(Ownership ownership, PromptMessage prompt, String languageHash, long offset)
      throws PromptRejected {
    lock.lock();
    try {
      if (ownership.lost()) {
        return Added.LOST;
      }
      TaskTraining task = tasks.get(prompt.task());
      if (task == null) {
        throw PromptReader.unknownTask(prompt.task());
      }
      Added added = Added.OTHER_LANGUAGE;
      if (task.speaks(prompt, languageHash)) {
        Example example = PromptReader.example(prompt, task.language());
        boolean inside = task.add(new WindowRow(offset, example, System.currentTimeMillis()));
        added = inside ? Added.TAKEN : Added.OUT_OF_WINDOW;
        changed.signalAll();
      }
      ownership.settle();
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** What became of an example. */
  enum Added {
    TAKEN,
    OUT_OF_WINDOW,
    OTHER_LANGUAGE,
    LOST
  }

  /** What the training thread does next: exactly one of the three is not null. */
  record Work(Round round, String retired, Ownership uncommitted) {}

  /** Waits for work, at most for a while; empty if there is none or the workload is closed. */
  Optional<Work> next(long maxMillis) throws InterruptedException {
    lock.lock();
    try {
      long deadline = System.currentTimeMillis() + maxMillis;
      while (!closed) {
        if (!retired.isEmpty()) {
          return Optional.of(new Work(null, retired.removeFirst(), null));
        }
        for (Ownership ownership : owned.values()) {
          if (ownership.uncommitted()) {
            ownership.committing();
            return Optional.of(new Work(null, null, ownership));
          }
        }
        long now = System.currentTimeMillis();
        Optional<TaskTraining> due = RoundPlanner.next(tasks.values(), now, full());
        if (due.isPresent()) {
          running = due.get().begin();
          return Optional.of(new Work(running, null, null));
        }
        long dueAt =
            tasks.values().stream()
                .mapToLong(task -> RoundPlanner.dueAt(task, false))
                .min()
                .orElse(Long.MAX_VALUE);
        long wait = Math.min(deadline, dueAt) - now;
        if (now >= deadline) {
          return Optional.empty();
        }
        changed.await(Math.max(1, wait), TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a deleted task back whose checkpoint could not be taken back. */
  void retireLater(String task) {
    locked(() -> retired.addLast(task));
  }

  /** What may be committed with a round's checkpoint; empty once the round is void. */
  Optional<Claim> claim(Round round) {
    lock.lock();
    try {
      if (round.ownership().lost() || round.cancelled()) {
        return Optional.empty();
      }
      return Optional.of(
          claim(
              round.ownership(),
              task -> task.spec().name().equals(round.task()) ? round.range().to() : 0));
    } finally {
      lock.unlock();
    }
  }

  /** The same for taking back the checkpoint of a task; empty if it exists or is not ours. */
  Optional<Claim> claimRetired(String task) {
    lock.lock();
    try {
      Ownership ownership = owned.get(partition(task));
      return ownership == null || tables.task(task).isPresent()
          ? Optional.empty()
          : Optional.of(claim(ownership, other -> 0));
    } finally {
      lock.unlock();
    }
  }

  /** The same for a partition's offset alone; empty if the partition is lost. */
  Optional<Claim> claim(Ownership ownership) {
    lock.lock();
    try {
      return ownership.lost() ? Optional.empty() : Optional.of(claim(ownership, task -> 0));
    } finally {
      lock.unlock();
    }
  }

  /** The group's offset is the first that no checkpoint will hold yet. */
  private Claim claim(Ownership ownership, ToLongFunction<TaskTraining> trainedTo) {
    long next =
        tasks.values().stream()
            .filter(task -> task.ownership() == ownership)
            .mapToLong(task -> task.window().firstFreshFrom(trainedTo.applyAsLong(task)))
            .reduce(ownership.settled(), Math::min);
    return new Claim(
        Map.of(
            new TopicPartition(Topics.PROMPTS.name(), ownership.partition()),
            new OffsetAndMetadata(Math.max(next, ownership.committed()))),
        membership);
  }

  /** A round's checkpoint is published. */
  void published(Round round, CheckpointManifest manifest) {
    versions.merge(round.task(), manifest.version(), Math::max);
    current(round, task -> task.published(manifest));
  }

  /** A round could not be used; the task waits for a newer row. */
  void failed(Round round) {
    current(round, task -> task.failed(round.range().to()));
  }

  /** The round's parent cannot be used; the task starts again from the base model. */
  void restart(Round round) {
    current(round, TaskTraining::restart);
  }

  private void current(Round round, Consumer<TaskTraining> action) {
    lock.lock();
    try {
      TaskTraining task = tasks.get(round.task());
      if (task != null && task.ownership() == round.ownership()) {
        action.accept(task);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The training thread has left the round, whatever came of it. */
  void finished() {
    lock.lock();
    try {
      running = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Each task's state, by name. */
  List<TrainingStatus> status() {
    return status(task -> true);
  }

  Optional<TrainingStatus> status(String name) {
    return status(task -> task.spec().name().equals(name)).stream().findFirst();
  }

  private List<TrainingStatus> status(Predicate<TaskTraining> which) {
    lock.lock();
    try {
      return tasks.values().stream()
          .filter(which)
          .map(task -> TrainingStatus.of(task, running))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  Optional<Round> running() {
    lock.lock();
    try {
      return Optional.ofNullable(running);
    } finally {
      lock.unlock();
    }
  }

  /** Stops everything that waits, and the running round after its step. */
  void close() {
    lock.lock();
    try {
      closed = true;
      if (running != null) {
        running.cancel();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean full() {
    return tasks.values().stream().mapToInt(task -> task.window().fresh()).sum()
        >= settings.maxWaiting();
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
