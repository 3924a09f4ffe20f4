package io.lift.trainer.assignment;

import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingMeters;
import io.lift.trainer.retrain.RetrainingMeters.Result;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one retraining of this trainer that has begun and not ended. It is void as soon as its task
 * has moved, changed, been rolled back or deleted. Only reachable through its {@link Monitor}.
 */
final class CurrentRetraining {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentRetraining.class);

  private final AssignedTasks tasks;
  private final RetrainingMeters meters;
  private Retraining retraining;
  private boolean passed;

  CurrentRetraining(AssignedTasks tasks, RetrainingMeters meters) {
    this.tasks = tasks;
    this.meters = meters;
  }

  /** The task of a retraining; empty if the retraining is void. */
  Optional<TaskTraining> task(Retraining of) {
    return tasks.training(of.task()).filter(task -> task.lineage().id() == of.lineage());
  }

  /** The retraining, if it is not void; a void one ends here. */
  Optional<Retraining> get() {
    if (retraining != null && task(retraining).isEmpty()) {
      LOG.atInfo()
          .addKeyValue("task", retraining.task())
          .log("retraining abandoned: its task has moved, changed, been rolled back or ended");
      end(Result.ABANDONED);
    }
    return Optional.ofNullable(retraining);
  }

  /** The retraining whose ensemble joins in the next round of its task. */
  Optional<Retraining> passed() {
    return get().filter(any -> passed);
  }

  void begin(Retraining begun) {
    retraining = begun;
    passed = false;
  }

  /** A slice has ended before the last step. */
  void paused(byte[] file) {
    retraining = retraining.withFile(file);
  }

  /** The ensemble is trained and better than those that served. */
  void pass(byte[] file) {
    retraining = retraining.withFile(file);
    passed = true;
  }

  /** The ensemble serves: other scores than those of its predecessors count from now on. */
  void kept() {
    if (retraining != null) {
      tasks.training(retraining.task()).ifPresent(task -> task.baseline().clear());
      end(Result.KEPT);
    }
  }

  /** The retraining had no success. */
  void failed(Result result) {
    if (retraining != null) {
      task(retraining).ifPresent(task -> task.baseline().tried(task.window().rehearsed()));
      end(result);
    }
  }

  /** The same, because it cannot be used. */
  void abandon(String why) {
    if (retraining != null) {
      LOG.atWarn().addKeyValue("task", retraining.task()).log("retraining abandoned: {}", why);
    }
    failed(Result.ABANDONED);
  }

  private void end(Result result) {
    meters.ended(retraining.task(), result);
    retraining = null;
    passed = false;
  }
}
