package io.lift.trainer.training;

import io.lift.messages.CheckpointManifest;
import io.lift.messages.RollbackRequest;
import io.lift.trainer.training.CheckpointPublisher.Claim;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The training thread's side of the {@link Assignment}: hands out the round that is due, says which
 * offsets may be committed with its checkpoint, and hears what came of it. Thread-safe.
 */
final class RoundScheduler {
  private final AssignmentState tasks;
  private final TaskTables tables;
  private final Retrainings renewals;

  RoundScheduler(AssignmentState tasks, TaskTables tables, Retrainings renewals) {
    this.tasks = tasks;
    this.tables = tables;
    this.renewals = renewals;
  }

  /** What the training thread does next: exactly one of these is not null. */
  record Work(
      Round round,
      String retired,
      PartitionAssignment uncommitted,
      Rollback rollback,
      Retraining renewal) {
    static Work train(Round round) {
      return new Work(round, null, null, null, null);
    }

    static Work retire(String task) {
      return new Work(null, task, null, null, null);
    }

    static Work commit(PartitionAssignment ownership) {
      return new Work(null, null, ownership, null, null);
    }

    static Work rollBack(Rollback rollback) {
      return new Work(null, null, null, rollback, null);
    }

    static Work renew(Retraining renewal) {
      return new Work(null, null, null, null, renewal);
    }
  }

  /** Waits for work, at most for a while; empty if there is none or the workload is closed. */
  Optional<Work> next(long maxMillis) throws InterruptedException {
    tasks.lock.lock();
    try {
      long deadline = System.currentTimeMillis() + maxMillis;
      while (!tasks.closed()) {
        long now = System.currentTimeMillis();
        Optional<Work> due = due(now);
        if (due.isPresent() || now >= deadline) {
          return due;
        }
        long wait = Math.min(deadline, nextDueAt()) - now;
        tasks.changed.await(Math.max(1, wait), TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    } finally {
      tasks.lock.unlock();
    }
  }

  private Optional<Work> due(long now) {
    String retired = tasks.nextRetired();
    if (retired != null) {
      return Optional.of(Work.retire(retired));
    }
    for (PartitionAssignment ownership : tasks.ownerships()) {
      if (ownership.uncommitted()) {
        ownership.committing();
        return Optional.of(Work.commit(ownership));
      }
    }
    for (TaskTraining task : tasks.tasks()) {
      Optional<RollbackRequest> wish = wish(task);
      if (wish.isPresent()) {
        return Optional.of(Work.rollBack(task.rollback(wish.get())));
      }
    }
    Optional<Retraining> won = renewals.won();
    Optional<TaskTraining> next =
        RoundPlanner.next(tasks.tasks(), now, tasks.full()).or(() -> won.map(Retraining::task));
    if (next.isEmpty()) {
      return renewals.next().map(Work::renew);
    }
    Round round = next.get().begin(won.filter(it -> it.task() == next.get()).orElse(null));
    tasks.begun(round);
    return Optional.of(Work.train(round));
  }

  private Optional<RollbackRequest> wish(TaskTraining task) {
    return tables.wish(task.spec().name()).filter(tasks::unsettled);
  }

  /** Whether there is anything to do that comes before spare time. */
  boolean waiting() {
    return tasks.locked(
        () ->
            tasks.closed()
                || tasks.retiring()
                || tasks.ownerships().stream().anyMatch(PartitionAssignment::uncommitted)
                || tasks.tasks().stream().anyMatch(task -> wish(task).isPresent())
                || RoundPlanner.next(tasks.tasks(), System.currentTimeMillis(), tasks.full())
                    .isPresent());
  }

  private long nextDueAt() {
    return tasks.tasks().stream()
        .mapToLong(task -> RoundPlanner.dueAt(task, false))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Puts a deleted task back whose checkpoint could not be taken back. */
  void retireLater(String task) {
    tasks.locked(() -> tasks.retire(task));
  }

  /** What may be committed with a round's checkpoint; empty once the round is void. */
  Optional<Claim> claim(Round round) {
    return tasks.locked(
        () ->
            round.ownership().lost() || round.cancelled()
                ? Optional.empty()
                : Optional.of(
                    claim(
                        round.ownership(),
                        task -> task.spec().name().equals(round.task()) ? round.range().to() : 0)));
  }

  /** The same for taking back the checkpoint of a task; empty if it exists or is not ours. */
  Optional<Claim> claimRetired(String task) {
    return tasks.locked(
        () -> {
          PartitionAssignment ownership = tasks.ownership(task);
          return ownership == null || tables.task(task).isPresent()
              ? Optional.empty()
              : Optional.of(claim(ownership, other -> 0));
        });
  }

  /** The same for a partition's offset alone; empty if the partition is lost. */
  Optional<Claim> claim(PartitionAssignment ownership) {
    return tasks.locked(
        () -> ownership.lost() ? Optional.empty() : Optional.of(claim(ownership, task -> 0)));
  }

  /** The group's offset is the first that no checkpoint will hold yet. */
  private Claim claim(PartitionAssignment ownership, ToLongFunction<TaskTraining> trainedTo) {
    long next =
        tasks.tasks().stream()
            .filter(task -> task.ownership() == ownership)
            .mapToLong(task -> task.window().firstFreshFrom(trainedTo.applyAsLong(task)))
            .reduce(ownership.settled(), Math::min);
    return new Claim(
        Map.of(
            tasks.partition(ownership.partition()),
            new OffsetAndMetadata(Math.max(next, ownership.committed()))),
        tasks.membership());
  }

  /** A round's checkpoint is published. */
  void published(Round round, CheckpointManifest manifest) {
    tasks.published(round.task(), manifest.version());
    current(round, task -> task.published(round, manifest));
    if (round.renewal() != null) {
      renewals.kept(round.renewal());
    }
  }

  /** A wish has been fulfilled with a checkpoint, or refused (null). */
  void settled(Rollback rollback, CheckpointManifest manifest) {
    tasks.locked(
        () -> {
          tasks.settled(rollback.wish());
          TaskTraining task = tasks.task(rollback.task());
          if (manifest != null) {
            tasks.published(rollback.task(), manifest.version());
            if (task != null && task.ownership() == rollback.ownership()) {
              task.rolledBack(manifest);
            }
          }
        });
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
    tasks.locked(
        () -> {
          TaskTraining task = tasks.task(round.task());
          if (task != null && task.ownership() == round.ownership()) {
            action.accept(task);
          }
        });
  }

  /** The training thread has left the round, whatever came of it. */
  void finished() {
    tasks.locked(
        () -> {
          tasks.finished();
          tasks.changed.signalAll();
        });
  }
}
