package io.lift.trainer.assignment;

import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.Claim;
import io.lift.trainer.publish.PublishControl;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.publish.RollbackOutcome;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.retrain.Judgement;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingControl;
import io.lift.trainer.retrain.RetrainingMeters.Result;
import io.lift.trainer.retrain.RetrainingOutcome;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundControl;
import io.lift.trainer.round.RoundOutcome;
import java.util.Optional;

/**
 * The work of the training thread: hands out the next {@link Work}, decides what may be committed
 * with it, and records what came of it. Thread-safe.
 */
public final class WorkScheduler implements RoundControl, RetrainingControl, PublishControl {
  private final Monitor<AssignmentState> monitor;
  private final TaskTables tables;

  WorkScheduler(Monitor<AssignmentState> monitor, TaskTables tables) {
    this.monitor = monitor;
    this.tables = tables;
  }

  /** Begins the next work; waits for it at most for a while; empty if there is none or closed. */
  public Optional<Work> next(long maxMillis) throws InterruptedException {
    return monitor.poll(
        state -> state.planner().next(System.currentTimeMillis()),
        AssignmentState::closed,
        state -> state.planner().nextDueAt(),
        maxMillis);
  }

  @Override
  public RoundControl.Next step(Round round, int step, int steps, double loss) {
    return monitor.get(
        state -> {
          long now = System.currentTimeMillis();
          RunningWork running = state.planner().running(round);
          running.progress(step, steps, loss, now);
          boolean other = state.planner().dueBesideRounds(now);
          return state.turns().after(running, round, other, now);
        });
  }

  @Override
  public Optional<Claim> claim(Round round) {
    return monitor.get(
        state -> {
          RunningWork running = state.planner().running(round);
          if (running.cancelled() || !state.partitions().assigned(round.partition())) {
            return Optional.empty();
          }
          running.task().beginPublishing();
          return state.claim(round.partition(), round);
        });
  }

  @Override
  public void complete(Round round, RoundOutcome outcome) {
    monitor.change(
        state -> {
          record(state, state.planner().running(round), round, outcome);
          state.planner().end(round);
        });
  }

  private static void record(
      AssignmentState state, RunningWork running, Round round, RoundOutcome outcome) {
    TaskTraining task = running.task();
    long now = System.currentTimeMillis();
    if (outcome instanceof RoundOutcome.Paused paused && !running.cancelled()) {
      task.paused(
          new PausedRound(
              round,
              task.lineage().id(),
              paused.file(),
              paused.baseline(),
              paused.done(),
              running.trainedMillis(),
              now,
              running.step(),
              running.steps()));
    } else if (outcome instanceof RoundOutcome.Published published) {
      state.turns().ended(task, running.besideMillis(now));
      state
          .tasks()
          .published(published.manifest(), round.partition())
          .ifPresent(
              training -> training.published(round, published.manifest(), published.baseline()));
      if (round.retrained() != null) {
        state.retraining().kept();
      }
    } else if (outcome instanceof RoundOutcome.Failed failed) {
      if (round.retrained() != null) {
        state.retraining().abandon(failed.why());
      } else {
        task.failed(round.range().to());
      }
    } else if (outcome instanceof RoundOutcome.ParentUnusable) {
      task.restart();
    }
  }

  @Override
  public RetrainingControl.Next step(Retraining retraining, int step, int steps, double loss) {
    return monitor.get(
        state -> {
          long now = System.currentTimeMillis();
          state.planner().running(retraining).progress(step, steps, loss, now);
          if (state.closed() || state.retraining().task(retraining).isEmpty()) {
            return RetrainingControl.Next.STOP;
          }
          return state.planner().due(now)
              ? RetrainingControl.Next.PAUSE
              : RetrainingControl.Next.CONTINUE;
        });
  }

  @Override
  public Optional<Judgement> judgement(Retraining retraining) {
    return monitor.get(
        state ->
            state
                .retraining()
                .task(retraining)
                .map(task -> Judgement.of(retraining, task.window(), task.baseline())));
  }

  @Override
  public void complete(Retraining retraining, RetrainingOutcome outcome) {
    monitor.change(
        state -> {
          CurrentRetraining current = state.retraining();
          if (outcome instanceof RetrainingOutcome.Paused paused) {
            current.paused(paused.file());
          } else if (outcome instanceof RetrainingOutcome.Passed passed) {
            current.pass(passed.file());
          } else if (outcome instanceof RetrainingOutcome.Rejected) {
            current.failed(Result.DROPPED);
          } else if (outcome instanceof RetrainingOutcome.Abandoned abandoned) {
            current.abandon(abandoned.why());
          }
          state.planner().end(retraining);
        });
  }

  @Override
  public boolean assigned(PartitionAssignment partition) {
    return monitor.get(state -> !state.closed() && state.partitions().assigned(partition));
  }

  @Override
  public Optional<Claim> claim(PartitionAssignment partition) {
    return monitor.get(state -> state.claim(partition, null));
  }

  @Override
  public Optional<Claim> claimRetired(String task) {
    return monitor.get(
        state ->
            state
                .partitions()
                .position(task)
                .filter(position -> tables.task(task).isEmpty())
                .flatMap(position -> state.claim(position.assignment(), null)));
  }

  /** A claim is committed. */
  public void committed(Claim claim) {
    monitor.change(
        state ->
            state
                .partitions()
                .position(claim.assignment())
                .ifPresent(position -> position.committed(claim.offset().offset())));
  }

  @Override
  public void retireLater(String task) {
    monitor.change(state -> state.tasks().retireLater(task));
  }

  @Override
  public void complete(Rollback rollback, RollbackOutcome outcome) {
    monitor.change(
        state -> {
          if (outcome instanceof RollbackOutcome.Published published) {
            state.tasks().handled(rollback.request());
            state
                .tasks()
                .published(published.manifest(), rollback.partition())
                .ifPresent(task -> task.rolledBack(published.manifest()));
          } else if (outcome instanceof RollbackOutcome.Rejected) {
            state.tasks().handled(rollback.request());
          }
          state.planner().end(rollback);
        });
  }
}
