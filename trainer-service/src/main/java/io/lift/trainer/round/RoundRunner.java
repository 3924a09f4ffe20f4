package io.lift.trainer.round;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.kafka.Traces;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.model.RoundProgress;
import io.lift.model.RoundReport;
import io.lift.model.TrainingFailedException;
import io.lift.trainer.prompts.RoundRows;
import io.lift.trainer.publish.CheckpointPublisher;
import io.lift.trainer.publish.ControlPublisher;
import io.lift.trainer.publish.PublishException;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.publish.TrainerEvents;
import io.lift.trainer.round.RoundOutcome.Discarded;
import io.lift.trainer.round.RoundOutcome.Failed;
import io.lift.trainer.round.RoundOutcome.ParentUnusable;
import io.lift.trainer.round.RoundOutcome.Paused;
import io.lift.trainer.round.RoundOutcome.Published;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds: fine-tunes and publishes the checkpoint. If a round fails, the last published
 * checkpoint stays current and the rows stay fresh. For the training thread only.
 */
public final class RoundRunner {
  private static final Logger LOG = LoggerFactory.getLogger(RoundRunner.class);
  private static final long FAILURE_PAUSE_MILLIS = 1_000;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final String instance;
  private final FineTuner.Factory factory;
  private final RoundControl control;
  private final TaskTables tables;
  private final FineTunerCache cache;
  private final CheckpointPublisher publisher;
  private final ControlPublisher resolver;
  private final Traces traces;
  private final RoundMeters meters;
  private final Runnable heartbeat;

  /**
   * @param instance name of this trainer
   * @param resolver finds out what came of a transaction whose outcome is not known
   * @param heartbeat called after each optimizer step
   */
  public RoundRunner(
      String instance,
      FineTuner.Factory factory,
      RoundControl control,
      TaskTables tables,
      FineTunerCache cache,
      CheckpointPublisher publisher,
      ControlPublisher resolver,
      Traces traces,
      RoundMeters meters,
      Runnable heartbeat) {
    this.instance = instance;
    this.factory = factory;
    this.control = control;
    this.tables = tables;
    this.cache = cache;
    this.publisher = publisher;
    this.resolver = resolver;
    this.traces = traces;
    this.meters = meters;
    this.heartbeat = heartbeat;
  }

  /**
   * Runs a round until it ends or makes room for other work, and tells its outcome to the control.
   *
   * @param paused what has been done of it; null for a round that begins
   */
  public void run(Round round, PausedRound paused) throws InterruptedException {
    Span span = span(round);
    long began = System.nanoTime();
    RoundOutcome outcome = new Discarded();
    try {
      outcome = attempt(round, paused);
    } finally {
      span.end();
      meters.used(round.task(), (System.nanoTime() - began) / 1e9);
      control.complete(round, outcome);
    }
    if (outcome instanceof Failed && round.retrained() == null) {
      Thread.sleep(FAILURE_PAUSE_MILLIS); // a full buffer starts the next attempt at once
    }
  }

  /** Begins the span of a round, linked to the traces of the rows that enter. */
  private Span span(Round round) {
    return traces
        .beginBatch("train", round.rows().traces())
        .setAttribute("lift.task", round.task())
        .setAttribute("lift.checkpoint", round.version())
        .setAttribute("messaging.batch.message_count", round.rows().entering());
  }

  private RoundOutcome attempt(Round round, PausedRound paused) throws InterruptedException {
    try {
      FineTuner fineTuner =
          paused == null
              ? cache.take(round)
              : factory.open(round.language(), round.training(), paused.file());
      RoundOutcome outcome = null;
      try {
        outcome = train(round, paused, fineTuner);
        return outcome;
      } finally {
        if (outcome instanceof Published) {
          cache.keep(round, fineTuner);
        } else {
          fineTuner.close();
        }
      }
    } catch (IOException | InvalidCheckpointException e) {
      return paused == null ? parentUnusable(round, e) : failed(round, e.getMessage(), e);
    } catch (TrainingFailedException e) {
      meters.skipped(round.task(), e.skipped());
      return failed(round, e.getMessage(), null);
    } catch (InvalidModelException e) {
      return failed(round, e.getMessage(), null);
    } catch (RuntimeException e) {
      return failed(round, e.toString(), e);
    }
  }

  private RoundOutcome train(Round round, PausedRound paused, FineTuner fineTuner)
      throws InterruptedException {
    double[] baseline = paused == null ? baseline(round, fineTuner) : paused.baseline();
    Steps steps = new Steps(round, fineTuner);
    RoundReport slice =
        fineTuner.round(round.rows().freshExamples(), round.rows().rehearsedExamples(), steps);
    meters.trained(round.task(), slice);
    RoundReport report = paused == null ? slice : paused.done().and(slice);
    if (steps.file != null) {
      return new Paused(steps.file, baseline, report);
    }
    if (!report.completed()) {
      return discarded(round);
    }
    boolean usable = Double.isFinite(report.loss()) && 2 * report.skipped() <= report.steps();
    if (report.steps() > 0 && !usable) {
      String why = "%d of %d steps had no finite loss".formatted(report.skipped(), report.steps());
      return failed(round, why, null);
    }
    Optional<CheckpointManifest> published = publish(round, fineTuner, report);
    if (published.isEmpty()) {
      return discarded(round);
    }
    meters.published(published.get(), report);
    LOG.atInfo()
        .addKeyValue("task", round.task())
        .addKeyValue("checkpointVersion", round.version())
        .addKeyValue("partition", round.partition().partition())
        .addKeyValue("offset", round.range().to())
        .addKeyValue("newRows", round.rows().entering())
        .addKeyValue("steps", report.steps())
        .addKeyValue("omitted", report.omitted())
        .addKeyValue("loss", report.loss())
        .addKeyValue("seconds", report.seconds())
        .log("checkpoint published");
    return new Published(published.get(), baseline);
  }

  private static double[] baseline(Round round, FineTuner fineTuner) {
    return round.baselineRows().isEmpty()
        ? new double[0]
        : fineTuner.logLikelihoods(RoundRows.examples(round.baselineRows()));
  }

  /** Asks the control after each step, and keeps a checkpoint where the round is paused. */
  private final class Steps implements RoundProgress {
    private final Round round;
    private final FineTuner fineTuner;
    private RoundControl.Next next;
    private byte[] file; // null unless paused

    Steps(Round round, FineTuner fineTuner) {
      this.round = round;
      this.fineTuner = fineTuner;
    }

    @Override
    public boolean after(int step, int steps, double loss) {
      heartbeat.run();
      next = control.step(round, step, steps, loss);
      if (next == RoundControl.Next.PAUSE) {
        file = fineTuner.checkpoint();
      }
      return next == RoundControl.Next.CONTINUE || next == RoundControl.Next.CUT;
    }

    @Override
    public boolean cut() {
      return next == RoundControl.Next.CUT;
    }
  }

  private Optional<CheckpointManifest> publish(Round round, FineTuner fineTuner, RoundReport report)
      throws InterruptedException {
    Optional<EventMessage> drift = tables.openDrift(round.task());
    Function<CheckpointManifest, Optional<EventMessage>> event =
        made -> drift.flatMap(open -> TrainerEvents.retrained(open, made));
    Optional<CheckpointManifest> published = publish(round, fineTuner, report, event);
    published.flatMap(event).ifPresent(tables::close);
    return published;
  }

  private Optional<CheckpointManifest> publish(
      Round round,
      FineTuner fineTuner,
      RoundReport report,
      Function<CheckpointManifest, Optional<EventMessage>> event)
      throws InterruptedException {
    byte[] file = fineTuner.checkpoint();
    try {
      return publisher.publish(
          round.task(),
          round.version(),
          file,
          round.manifest(
              report,
              fineTuner,
              file,
              factory.baseModel(),
              factory.budget(round.training()),
              instance),
          event,
          () -> control.claim(round));
    } catch (PublishException e) {
      return resolver.resolve(round.task(), round.version(), round.partition(), e);
    }
  }

  private RoundOutcome discarded(Round round) {
    meters.discarded(round.task());
    LOG.atInfo()
        .addKeyValue("task", round.task())
        .addKeyValue("partition", round.partition().partition())
        .log("round discarded: its task has moved, changed or ended, or the trainer stops");
    return new Discarded();
  }

  private RoundOutcome failed(Round round, String why, Exception cause) {
    meters.failed(round.task());
    if (round.retrained() == null) {
      LOG.atError()
          .addKeyValue("task", round.task())
          .addKeyValue("partition", round.partition().partition())
          .addKeyValue("offset", round.range().to())
          .setCause(cause)
          .log(
              "round failed; the last checkpoint stays current, newer rows start another round: {}",
              why);
    }
    return new Failed(why);
  }

  /** The file to continue from cannot be used, or the broker does not answer. */
  private RoundOutcome parentUnusable(Round round, Exception why) throws InterruptedException {
    if (round.retrained() != null) {
      return failed(round, why.getMessage(), null);
    }
    if (why instanceof IOException && !tables.refresh(REFRESH)) {
      LOG.atWarn()
          .addKeyValue("task", round.task())
          .addKeyValue("error", why.getMessage())
          .log("the broker does not answer; the round waits");
      return new Discarded();
    }
    meters.failed(round.task());
    LOG.atError()
        .addKeyValue("task", round.task())
        .addKeyValue("checkpointVersion", round.parent() == null ? 0 : round.parent().version())
        .addKeyValue("error", why.getMessage())
        .log("the checkpoint cannot be used; the task starts again from the base model");
    return new ParentUnusable();
  }
}
