package io.lift.trainer.round;

import io.lift.messages.CheckpointManifest;
import io.lift.model.RoundReport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the work of the model and the outcomes of rounds, by task. Thread-safe. */
public final class RoundMeters {
  private static final String TASK = "task";

  private final MeterRegistry registry;
  private final Map<String, Double> speeds = new ConcurrentHashMap<>();
  private final TrainingShares shares = new TrainingShares();

  public RoundMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Tokens per second in the task's last round; NaN before the first. */
  public double tokensPerSecond(String task) {
    return speeds.getOrDefault(task, Double.NaN);
  }

  /** Forgets the speed of a task that this trainer no longer has. */
  public void forget(String task) {
    speeds.remove(task);
  }

  /** The training thread has worked on a task's round or retraining for some seconds. */
  public void used(String task, double seconds) {
    registry.counter("lift.train.seconds", TASK, task).increment(seconds);
    shares.add(task, seconds, System.currentTimeMillis());
  }

  /** See {@link TrainingShares#of}. */
  public double share(String task) {
    return shares.of(task, System.currentTimeMillis());
  }

  /** The model was trained, whether or not the result can be used. */
  public void trained(String task, RoundReport report) {
    registry.counter("lift.train.tokens", TASK, task).increment(report.tokens());
    registry.counter("lift.train.steps", TASK, task).increment(report.steps());
    registry.counter("lift.train.padding", TASK, task).increment(report.padding());
    skipped(task, report.skipped());
  }

  /** Steps had no finite loss and changed nothing. */
  public void skipped(String task, int steps) {
    registry.counter("lift.train.steps.skipped", TASK, task).increment(steps);
  }

  /** A round has ended with a checkpoint. */
  void published(CheckpointManifest manifest, RoundReport report) {
    String task = manifest.task();
    ended(task, "published");
    if (report.cutAt() > 0) {
      registry.counter("lift.train.rounds.cut", TASK, task).increment();
    }
    registry.counter("lift.train.rows", TASK, task).increment(manifest.newRows());
    registry
        .timer("lift.train.round", TASK, task)
        .record(Duration.ofNanos(Math.round(report.seconds() * 1e9)));
    if (report.seconds() > 0) {
      speeds.put(task, report.tokens() / report.seconds());
    }
  }

  /** A round has ended without a checkpoint because it was cancelled. */
  void discarded(String task) {
    ended(task, "discarded");
  }

  /** A round has ended without a checkpoint because its result cannot be used. */
  void failed(String task) {
    ended(task, "failed");
  }

  private void ended(String task, String outcome) {
    registry.counter("lift.train.rounds", TASK, task, "outcome", outcome).increment();
  }
}
