package io.lift.trainer.training;

import io.lift.kafka.Traces;
import io.lift.trainer.assignment.Assignment;
import io.lift.trainer.assignment.Work;
import io.lift.trainer.assignment.WorkScheduler;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.publish.CheckpointPublisher;
import io.lift.trainer.publish.ControlPublisher;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingRunner;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.FineTunerCache;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundMeters;
import io.lift.trainer.round.RoundRunner;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training thread of this process: takes one {@link Work} after the other and does it. */
final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final long IDLE_MILLIS = 1_000;

  private final Assignment assignment;
  private final WorkScheduler scheduler;
  private final FineTunerCache cache;
  private final CheckpointPublisher publisher;
  private final Work.Handler handler;
  private final Thread thread = new Thread(this::run, "training");
  private volatile long progressAt = System.nanoTime();

  /**
   * @param instance name of this trainer
   */
  TrainingLoop(
      String instance,
      FineTuner.Factory factory,
      Assignment assignment,
      TaskTables tables,
      FineTunerCache cache,
      CheckpointPublisher publisher,
      Traces traces,
      RoundMeters meters) {
    this.assignment = assignment;
    this.scheduler = assignment.work();
    this.cache = cache;
    this.publisher = publisher;
    ControlPublisher control =
        new ControlPublisher(instance, scheduler, tables, publisher, this::progress);
    RoundRunner rounds =
        new RoundRunner(
            instance,
            factory,
            scheduler,
            tables,
            cache,
            publisher,
            control,
            traces,
            meters,
            this::progress);
    RetrainingRunner retrainings = new RetrainingRunner(factory, scheduler, meters, this::progress);
    handler = new Dispatch(rounds, retrainings, control);
  }

  private record Dispatch(
      RoundRunner rounds, RetrainingRunner retrainings, ControlPublisher control)
      implements Work.Handler {

    @Override
    public void train(Round round) throws InterruptedException {
      rounds.run(round, null);
    }

    @Override
    public void resume(PausedRound paused) throws InterruptedException {
      rounds.run(paused.round(), paused);
    }

    @Override
    public void retrain(Retraining retraining) {
      retrainings.run(retraining);
    }

    @Override
    public void rollBack(Rollback rollback) throws InterruptedException {
      control.rollBack(rollback);
    }

    @Override
    public void retire(String task) throws InterruptedException {
      control.retire(task);
    }

    @Override
    public void commit(PartitionAssignment partition) throws InterruptedException {
      control.commit(partition);
    }
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of the thread; {@link Assignment#close} must have been called. */
  void join(Duration timeout) throws InterruptedException {
    thread.join(timeout.toMillis());
  }

  /** Time since the loop last took work or finished an optimizer step. */
  Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressAt);
  }

  private void progress() {
    progressAt = System.nanoTime();
  }

  boolean alive() {
    return thread.isAlive();
  }

  private void run() {
    try (cache;
        publisher) {
      while (!assignment.closed()) {
        progress();
        cache.retain(scheduler::assigned);
        Optional<Work> work = scheduler.next(IDLE_MILLIS);
        if (work.isPresent()) {
          work.get().accept(handler);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("training thread interrupted");
    }
  }
}
