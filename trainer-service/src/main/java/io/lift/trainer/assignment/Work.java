package io.lift.trainer.assignment;

import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.Round;

/** One piece of work for the training thread. */
public sealed interface Work
    permits Work.TrainRound,
        Work.ResumeRound,
        Work.Retrain,
        Work.PublishRollback,
        Work.RetireTask,
        Work.CommitOffsets {

  /** Calls the method of the handler for this kind of work. */
  void accept(Handler handler) throws InterruptedException;

  /** Fine-tuning in a round, up to its checkpoint. */
  record TrainRound(Round round) implements Work {
    @Override
    public void accept(Handler handler) throws InterruptedException {
      handler.train(round);
    }
  }

  /** Going on with a round that was paused. */
  record ResumeRound(PausedRound paused) implements Work {
    @Override
    public void accept(Handler handler) throws InterruptedException {
      handler.resume(paused);
    }
  }

  /** A slice of retraining in spare time. */
  record Retrain(Retraining retraining) implements Work {
    @Override
    public void accept(Handler handler) {
      handler.retrain(retraining);
    }
  }

  /** Publishing an earlier version as the next one. */
  record PublishRollback(Rollback rollback) implements Work {
    @Override
    public void accept(Handler handler) throws InterruptedException {
      handler.rollBack(rollback);
    }
  }

  /** Removing the checkpoint of a deleted task. */
  record RetireTask(String task) implements Work {
    @Override
    public void accept(Handler handler) throws InterruptedException {
      handler.retire(task);
    }
  }

  /** Committing the group's offset alone, because no checkpoint moves it. */
  record CommitOffsets(PartitionAssignment partition) implements Work {
    @Override
    public void accept(Handler handler) throws InterruptedException {
      handler.commit(partition);
    }
  }

  /** Does each kind of work. A new kind of work does not compile without its method here. */
  interface Handler {

    /** Does {@link TrainRound}. */
    void train(Round round) throws InterruptedException;

    /** Does {@link ResumeRound}. */
    void resume(PausedRound paused) throws InterruptedException;

    /** Does {@link Retrain}. */
    void retrain(Retraining retraining);

    /** Does {@link PublishRollback}. */
    void rollBack(Rollback rollback) throws InterruptedException;

    /** Does {@link RetireTask}. */
    void retire(String task) throws InterruptedException;

    /** Does {@link CommitOffsets}. */
    void commit(PartitionAssignment partition) throws InterruptedException;
  }
}
