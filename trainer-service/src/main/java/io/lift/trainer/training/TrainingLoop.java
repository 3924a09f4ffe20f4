package io.lift.trainer.training;

import io.lift.messages.CheckpointManifest;
import io.lift.model.FineTuning.RoundReport;
import io.lift.model.TrainingFailed;
import io.lift.model.files.CheckpointInvalid;
import io.lift.model.files.ModelInvalid;
import io.lift.trainer.training.CheckpointPublisher.PublishFailed;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
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
  private final Tuner.Factory factory;
  private final Workload workload;
  private final Rounds rounds;
  private final TaskTables tables;
  private final OpenTuners tuners;
  private final CheckpointPublisher publisher;
  private final TrainingMeters meters;
  private final Thread thread;
  private volatile long progressAt = System.nanoTime();

  TrainingLoop(
      String instance,
      Tuner.Factory factory,
      Workload workload,
      TaskTables tables,
      OpenTuners tuners,
      CheckpointPublisher publisher,
      TrainingMeters meters) {
    this.instance = instance;
    this.factory = factory;
    this.workload = workload;
    this.rounds = workload.rounds();
    this.tables = tables;
    this.tuners = tuners;
    this.publisher = publisher;
    this.meters = meters;
    this.thread = new Thread(this::run, "training");
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of the thread; {@link Workload#close} must have been called. */
  void join(Duration timeout) throws InterruptedException {
    thread.join(timeout.toMillis());
  }

  /** Time since the loop last turned or finished an optimizer step. */
  Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressAt);
  }

  boolean alive() {
    return thread.isAlive();
  }

  private void run() {
    try (tuners;
        publisher) {
      while (!workload.closed()) {
        progressAt = System.nanoTime();
        tuners.closeLost();
        Optional<Rounds.Work> work = rounds.next(IDLE_MILLIS);
        if (work.isEmpty()) {
          continue;
        }
        if (work.get().retired() != null) {
          retire(work.get().retired());
        } else if (work.get().uncommitted() != null) {
          commit(work.get().uncommitted());
        } else if (work.get().rollback() != null) {
          rollBack(work.get().rollback());
        } else {
          train(work.get().round());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("training thread interrupted");
    }
  }

  private void train(Round round) throws InterruptedException {
    Span span = round.beginSpan();
    try {
      Tuner tuner = tuners.take(round);
      boolean kept = false;
      try {
        kept = train(round, tuner);
      } finally {
        if (!kept) {
          tuner.close();
        }
      }
    } catch (IOException | CheckpointInvalid e) {
      restart(round, e);
    } catch (PublishFailed e) {
      settle(
          round.task(),
          round.version(),
          round.ownership(),
          e,
          manifest -> rounds.published(round, manifest));
    } catch (TrainingFailed e) {
      meters.skipped(round.task(), e.skipped());
      failed(round, e.getMessage(), null);
    } catch (ModelInvalid e) {
      failed(round, e.getMessage(), null);
    } catch (RuntimeException e) {
      failed(round, e.toString(), e);
    } finally {
      span.end();
      rounds.finished();
    }
  }

  /** Returns whether the fine-tuning stands where the published checkpoint stands. */
  private boolean train(Round round, Tuner tuner) throws InterruptedException {
    RoundReport report =
        tuner.round(
            round.fresh(),
            round.rehearsed(),
            (step, steps, loss) -> {
              progressAt = System.nanoTime();
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
            round.manifest(report, tuner, file, factory.baseModel(), instance),
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
        .addKeyValue("newRows", round.fresh().size())
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

  /** It is not known whether a checkpoint was published: close the case, then ask the log. */
  private void settle(
      String task,
      long version,
      Ownership ownership,
      PublishFailed why,
      Consumer<CheckpointManifest> published)
      throws InterruptedException {
    LOG.atWarn()
        .addKeyValue("task", task)
        .addKeyValue("checkpointVersion", version)
        .addKeyValue("error", why.getMessage())
        .log("publishing broke off; asking the log what came of it");
    publisher.reset();
    while (!workload.closed() && !ownership.lost()) {
      try {
        publisher.connect();
        if (tables.refresh(REFRESH)) {
          tables
              .checkpoint(task)
              .filter(manifest -> manifest.version() == version)
              .ifPresent(published);
          return;
        }
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("error", e.getMessage()).log("the broker does not answer yet");
      }
      progressAt = System.nanoTime();
      Thread.sleep(IDLE_MILLIS);
    }
  }

  /** Publishes an earlier version's file as the next version, or says why that cannot be. */
  private void rollBack(Rollback rollback) throws InterruptedException {
    try {
      if (!tables.refresh(REFRESH)) {
        return; // the broker does not answer; the wish is found again
      }
      NavigableMap<Long, CheckpointManifest> kept = tables.kept(rollback.task());
      Optional<String> refusal = rollback.refusal(kept);
      if (refusal.isPresent()) {
        refuse(rollback, refusal.get());
        return;
      }
      CheckpointManifest target = kept.get(rollback.wish().version());
      publisher
          .publish(
              rollback,
              tuners.read(target),
              rollback.manifest(target, instance),
              () -> rounds.claim(rollback.ownership()))
          .ifPresent(manifest -> rolledBack(rollback, manifest));
    } catch (IOException e) {
      if (tables.refresh(REFRESH)) {
        refuse(rollback, e.getMessage() + ".");
      }
    } catch (PublishFailed e) {
      settle(
          rollback.task(),
          rollback.version(),
          rollback.ownership(),
          e,
          manifest -> rolledBack(rollback, manifest));
    }
  }

  private void rolledBack(Rollback rollback, CheckpointManifest manifest) {
    rounds.settled(rollback, manifest);
    LOG.atInfo()
        .addKeyValue("task", rollback.task())
        .addKeyValue("checkpointVersion", manifest.version())
        .addKeyValue("restored", manifest.restored())
        .log("rolled back");
  }

  private void refuse(Rollback rollback, String why) throws InterruptedException {
    if (publisher.refuse(rollback.wish().failed(why), () -> rounds.claim(rollback.ownership()))) {
      rounds.settled(rollback, null);
      LOG.atWarn().addKeyValue("task", rollback.task()).log("not rolled back: {}", why);
    }
  }

  private void retire(String task) throws InterruptedException {
    try {
      if (publisher.retire(task, () -> rounds.claimRetired(task))) {
        LOG.atInfo().addKeyValue("task", task).log("task deleted, its checkpoint taken back");
      }
    } catch (PublishFailed e) {
      publisher.reset();
      LOG.atWarn().addKeyValue("task", task).addKeyValue("error", e.getMessage()).log("try again");
      rounds.retireLater(task);
      Thread.sleep(IDLE_MILLIS);
    }
  }

  private void commit(Ownership ownership) throws InterruptedException {
    try {
      publisher.commit(() -> rounds.claim(ownership));
    } catch (PublishFailed e) {
      // the next checkpoint or dead letter of the partition commits as well
      publisher.reset();
      LOG.atWarn()
          .addKeyValue("partition", ownership.partition())
          .addKeyValue("error", e.getMessage())
          .log("the group's offset stays behind for now");
    }
  }
}
