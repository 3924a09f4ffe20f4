package io.lift.trainer.assignment;

import io.lift.messages.RollbackRequest;
import io.lift.trainer.assignment.Work.CommitOffsets;
import io.lift.trainer.assignment.Work.PublishRollback;
import io.lift.trainer.assignment.Work.ResumeRound;
import io.lift.trainer.assignment.Work.RetireTask;
import io.lift.trainer.assignment.Work.Retrain;
import io.lift.trainer.assignment.Work.TrainRound;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingBudget;
import io.lift.trainer.retrain.RetrainingPlanner;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.RetrainedEnsemble;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundPlanner;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what the training thread does next, in this order: deleted tasks, rollbacks, the round
 * that is due or in which a retrained ensemble joins, offsets that have moved on without a
 * checkpoint (before rollbacks and rounds if they have waited for long), and retraining. Only
 * reachable through its {@link Monitor}.
 */
final class WorkPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(WorkPlanner.class);

  private final GroupOffsets offsets;
  private final AssignedTasks tasks;
  private final CurrentRetraining current;
  private final RetrainingBudget budget;
  private RunningWork running;

  WorkPlanner(
      GroupOffsets offsets,
      AssignedTasks tasks,
      CurrentRetraining current,
      RetrainingBudget budget) {
    this.offsets = offsets;
    this.tasks = tasks;
    this.current = current;
    this.budget = budget;
  }

  /**
   * Begins the next work; empty if there is none.
   *
   * @param now epoch milliseconds
   */
  Optional<Work> next(long now) {
    if (running != null) {
      throw new IllegalStateException("The work for " + running.task().name() + " has not ended");
    }
    return retire()
        .or(() -> commit(offsets.overdue(now), now))
        .or(() -> rollBack(now))
        .or(() -> train(now))
        .or(() -> commit(offsets.moved(now), now))
        .or(() -> retrain(now));
  }

  private Optional<Work> retire() {
    return tasks.nextRetired().map(RetireTask::new);
  }

  private static Optional<Work> commit(Optional<PartitionPosition> position, long now) {
    position.ifPresent(moved -> moved.committing(now));
    return position.map(PartitionPosition::assignment).map(CommitOffsets::new);
  }

  private Optional<Work> rollBack(long now) {
    for (TaskTraining task : tasks.trainings()) {
      Optional<RollbackRequest> request = tasks.openRollback(task.name());
      if (request.isPresent()) {
        return Optional.of(new PublishRollback(beginRollback(task, request.get(), now)));
      }
    }
    return Optional.empty();
  }

  /** Begins a rollback of a task. */
  Rollback beginRollback(TaskTraining task, RollbackRequest request, long now) {
    Rollback rollback = task.beginRollback(request);
    running = new RunningWork(task, rollback, now, 0);
    return rollback;
  }

  private Optional<Work> train(long now) {
    Optional<Retraining> passed = current.passed();
    Optional<TaskTraining> next =
        RoundPlanner.next(tasks.trainings(), now, tasks.full())
            .or(() -> passed.flatMap(current::task));
    return next.map(
        task -> {
          if (task.paused().isPresent()) {
            PausedRound resumed = task.resumeRound();
            running = new RunningWork(task, resumed.round(), now, resumed.trainedMillis());
            running.resumed(resumed.step(), resumed.steps());
            return new ResumeRound(resumed);
          }
          RetrainedEnsemble joining =
              passed
                  .filter(retraining -> retraining.task().equals(task.name()))
                  .map(Retraining::ensemble)
                  .orElse(null);
          boolean scored = task.started() && joining == null && budget.of(task.spec()) > 0;
          Round round = task.beginRound(joining, scored);
          running = new RunningWork(task, round, now, 0);
          return new TrainRound(round);
        });
  }

  private Optional<Work> retrain(long now) {
    Optional<Retraining> next = current.get();
    if (next.isEmpty()) {
      next = tasks.trainings().stream().flatMap(task -> outgrown(task).stream()).findFirst();
      next.ifPresent(current::begin);
    }
    return next.map(
        retraining -> {
          TaskTraining task = current.task(retraining).orElseThrow();
          task.beginRetraining();
          running = new RunningWork(task, retraining, now, 0);
          return new Retrain(retraining);
        });
  }

  private Optional<Retraining> outgrown(TaskTraining task) {
    double own = budget.of(task.spec());
    if (!RetrainingPlanner.outgrown(task.lineage().parent(), task.window(), task.baseline(), own)) {
      return Optional.empty();
    }
    Retraining retraining = task.retraining(own);
    LOG.atInfo()
        .addKeyValue("task", retraining.task())
        .addKeyValue("rows", retraining.rows().size())
        .addKeyValue("budget", own)
        .log("the task has outgrown its ensemble; a new one is trained in spare time");
    return Optional.of(retraining);
  }

  /** Whether there is anything to do that comes before spare time. */
  boolean due(long now) {
    return dueBesideRounds(now)
        || RoundPlanner.next(tasks.trainings(), now, tasks.full()).isPresent();
  }

  /** Whether there is anything to do that comes before rounds. */
  boolean dueBesideRounds(long now) {
    return tasks.retiring()
        || offsets.overdue(now).isPresent()
        || tasks.trainings().stream().anyMatch(task -> tasks.openRollback(task.name()).isPresent());
  }

  /** When the next round is due if no further row comes, in epoch milliseconds. */
  long nextDueAt() {
    return tasks.trainings().stream()
        .mapToLong(task -> RoundPlanner.dueAt(task, false))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The work for a task that has begun and not ended. */
  Optional<RunningWork> running() {
    return Optional.ofNullable(running);
  }

  /**
   * The work that has begun with a round, a retraining or a rollback.
   *
   * @throws IllegalStateException if it has not begun or has ended
   */
  RunningWork running(Object subject) {
    return running()
        .filter(work -> work.is(subject))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "This " + subject.getClass().getSimpleName() + " is not running"));
  }

  /** Stops the running round if it is one of a task. */
  void cancelRound(String task) {
    running()
        .filter(work -> work.isRound() && work.task().name().equals(task))
        .ifPresent(RunningWork::cancel);
  }

  /** The training thread has ended the work that began with a round, retraining or rollback. */
  void end(Object subject) {
    running(subject).task().rest();
    running = null;
  }
}
