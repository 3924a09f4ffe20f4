package io.lift.trainer.training;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.kafka.Traces;
import io.lift.messages.CheckpointManifest;
import io.lift.model.RoundReport;
import io.lift.model.TrainingFailedException;
import io.lift.trainer.training.CheckpointPublisher.PublishFailed;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one training thread of this process: takes the round that is due, fine-tunes, publishes the
 * checkpoint, and so on. Whatever goes wrong with a round, the last published checkpoint stays and
 * the rows wait.
 */
final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final long IDLE_MILLIS = 1_000;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final String instance;
  private final FineTuner.Factory factory;
  private final Assignment workload;
  private final RoundScheduler rounds;
  private final Retrainings renewals;
  private final TaskTables tables;
  private final FineTunerCache tuners;
  private final CheckpointPublisher publisher;
  private final ControlPublisher errands;
  private final Traces traces;
  private final TrainingMeters meters;
  private final Thread thread;
  private volatile long progressAt = System.nanoTime();

  TrainingLoop(
      String instance,
      FineTuner.Factory factory,
      Assignment workload,
      TaskTables tables,
      FineTunerCache tuners,
      CheckpointPublisher publisher,
      Traces traces,
      TrainingMeters meters) {
    this.instance = instance;
    this.factory = factory;
    this.workload = workload;
    this.rounds = workload.rounds();
    this.renewals = workload.renewals();
    this.tables = tables;
    this.tuners = tuners;
    this.publisher = publisher;
    this.errands =
        new ControlPublisher(instance, workload, tables, tuners, publisher, this::progressed);
    this.traces = traces;
    this.meters = meters;
    this.thread = new Thread(this::run, "training");
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of the thread; {@link Assignment#close} must have been called. */
  void join(Duration timeout) throws InterruptedException {
    thread.join(timeout.toMillis());
  }

  /** Time since the loop last turned or finished an optimizer step. */
  Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressAt);
  }

  private void progressed() {
    progressAt = System.nanoTime();
  }

  boolean alive() {
    return thread.isAlive();
  }

  private void run() {
    try (tuners;
        publisher) {
      while (!workload.closed()) {
        progressed();
        tuners.closeLost();
        Optional<RoundScheduler.Work> work = rounds.next(IDLE_MILLIS);
        if (work.isPresent()) {
          work(work.get());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("training thread interrupted");
    }
  }

  private void work(RoundScheduler.Work work) throws InterruptedException {
    if (work.retired() != null) {
      errands.retire(work.retired());
    } else if (work.uncommitted() != null) {
      errands.commit(work.uncommitted());
    } else if (work.rollback() != null) {
      errands.rollBack(work.rollback());
    } else if (work.round() != null) {
      train(work.round());
    } else {
      renewals.work(work.renewal(), this::waiting);
    }
  }

  private boolean waiting() {
    progressed();
    return rounds.waiting();
  }

  private void train(Round round) throws InterruptedException {
    Span span = round.beginSpan(traces);
    try {
      FineTuner tuner = tuners.take(round);
      boolean kept = false;
      try {
        kept = train(round, tuner);
      } finally {
        if (!kept) {
          tuner.close();
        }
      }
    } catch (IOException | InvalidCheckpointException e) {
      restart(round, e);
    } catch (PublishFailed e) {
      errands.settle(
          round.task(),
          round.version(),
          round.ownership(),
          e,
          manifest -> rounds.published(round, manifest));
    } catch (TrainingFailedException e) {
      meters.skipped(round.task(), e.skipped());
      failed(round, e.getMessage(), null);
    } catch (InvalidModelException e) {
      failed(round, e.getMessage(), null);
    } catch (RuntimeException e) {
      failed(round, e.toString(), e);
    } finally {
      span.end();
      rounds.finished();
    }
  }

  /** Returns whether the fine-tuning stands where the published checkpoint stands. */
  private boolean train(Round round, FineTuner tuner) throws InterruptedException {
    renewals.ask(round, tuner);
    RoundReport report =
        tuner.round(
            round.rows().freshExamples(),
            round.rows().rehearsedExamples(),
            (step, steps, loss) -> {
              progressed();
              return round.after(step, steps, loss);
            });
    meters.trained(round.task(), report);
    if (!report.completed()) {
      discarded(round);
      return false;
    }
    boolean learnt = Double.isFinite(report.loss()) && 2 * report.skipped() <= report.steps();
    if (report.steps() > 0 && !learnt) {
      failed(
          round,
          "%d of %d steps had no finite loss".formatted(report.skipped(), report.steps()),
          null);
      return false;
    }

    byte[] file = tuner.checkpoint();
    Optional<CheckpointManifest> published =
        publisher.publish(
            round.task(),
            round.version(),
            file,
            round.manifest(
                report,
                tuner,
                file,
                factory.baseModel(),
                factory.budget(round.training()),
                instance),
            () -> rounds.claim(round));
    if (published.isEmpty()) {
      discarded(round);
      return false;
    }
    rounds.published(round, published.get());
    tuners.keep(round, tuner);
    meters.published(published.get(), report);
    LOG.atInfo()
        .addKeyValue("task", round.task())
        .addKeyValue("checkpointVersion", round.version())
        .addKeyValue("partition", round.ownership().partition())
        .addKeyValue("offset", round.range().to())
        .addKeyValue("newRows", round.rows().entering())
        .addKeyValue("steps", report.steps())
        .addKeyValue("loss", report.loss())
        .addKeyValue("seconds", report.seconds())
        .log("checkpoint published");
    return true;
  }

  private void discarded(Round round) {
    meters.discarded(round.task());
    LOG.atInfo()
        .addKeyValue("task", round.task())
        .addKeyValue("partition", round.ownership().partition())
        .log("round discarded: its task has moved, changed or ended, or the trainer stops");
  }

  private void failed(Round round, String why, Exception cause) throws InterruptedException {
    if (round.renewal() != null) {
      renewals.abandon(round.renewal(), why);
      meters.failed(round.task());
      return;
    }
    rounds.failed(round);
    meters.failed(round.task());
    LOG.atError()
        .addKeyValue("task", round.task())
        .addKeyValue("partition", round.ownership().partition())
        .addKeyValue("offset", round.range().to())
        .setCause(cause)
        .log(
            "round failed, the last checkpoint stays and the next rows start another try: {}", why);
    Thread.sleep(IDLE_MILLIS); // a full buffer starts it again at once
  }

  /** The parent's file cannot be used: unless that is for want of a broker, start over. */
  private void restart(Round round, Exception why) throws InterruptedException {
    if (round.renewal() != null) {
      failed(round, why.getMessage(), why);
      return;
    }
    if (why instanceof IOException && !tables.refresh(REFRESH)) {
      LOG.atWarn()
          .addKeyValue("task", round.task())
          .addKeyValue("error", why.getMessage())
          .log("the broker does not answer; the round waits");
      return;
    }
    rounds.restart(round);
    meters.failed(round.task());
    LOG.atError()
        .addKeyValue("task", round.task())
        .addKeyValue("checkpointVersion", round.parent() == null ? 0 : round.parent().version())
        .addKeyValue("error", why.getMessage())
        .log("the checkpoint cannot be used; the task starts again from the base model");
  }
}
