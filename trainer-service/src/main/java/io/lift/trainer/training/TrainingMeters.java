package io.lift.trainer.training;

import io.lift.core.row.RejectReason;
import io.lift.messages.CheckpointManifest;
import io.lift.model.RoundReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The trainer's meters, tagged by task. Thread-safe. */
final class TrainingMeters {
  private static final String TASK = "task";
  private static final double NaN = Double.NaN;

  private final MeterRegistry registry;
  private final Map<String, List<Meter>> gauges = new ConcurrentHashMap<>();
  private final Map<String, Double> speeds = new ConcurrentHashMap<>();

  TrainingMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows a task's gauges from now on. */
  void watch(String task, Supplier<Optional<TrainingStatus>> status) {
    gauges.computeIfAbsent(
        task,
        name ->
            List.of(
                gauge("lift.train.loss", name, status, s -> s.loss() == null ? NaN : s.loss()),
                gauge("lift.prompts.waiting", name, status, TrainingStatus::waitingRows),
                gauge(
                    "lift.prompts.waiting.seconds", name, status, s -> since(s.waitingSince(), 0)),
                gauge("lift.prompts.rehearsed", name, status, TrainingStatus::windowRows),
                gauge("lift.checkpoint.version", name, status, TrainingStatus::checkpointVersion),
                gauge("lift.checkpoint.bytes", name, status, TrainingStatus::checkpointBytes),
                gauge(
                    "lift.checkpoint.age.seconds", name, status, s -> since(s.checkpointAt(), NaN)),
                Gauge.builder("lift.train.tokens.per.second", () -> speeds.getOrDefault(name, NaN))
                    .description("tokens per second in the last round")
                    .tag(TASK, name)
                    .register(registry)));
  }

  private Meter gauge(
      String name,
      String task,
      Supplier<Optional<TrainingStatus>> status,
      ToDoubleFunction<TrainingStatus> value) {
    return Gauge.builder(name, () -> status.get().map(value::applyAsDouble).orElse(NaN))
        .tag(TASK, task)
        .register(registry);
  }

  /** Seconds since a moment in epoch milliseconds, 0 of which stands for never. */
  private static double since(long moment, double never) {
    return moment == 0 ? never : (System.currentTimeMillis() - moment) / 1000.0;
  }

  /** Shows a task's gauges no more: another trainer has it now, or nobody. */
  void forget(String task) {
    List<Meter> gone = gauges.remove(task);
    if (gone != null) {
      gone.forEach(registry::remove);
      speeds.remove(task);
    }
  }

  void read(String task, PromptIntake.Added added) {
    String outcome = added.name().toLowerCase(Locale.ROOT).replace('_', '-');
    registry.counter("lift.prompts", TASK, task, "outcome", outcome).increment();
  }

  void rejected(RejectReason reason) {
    registry.counter("lift.dead.letters", "stage", "trainer", "reason", reason.code()).increment();
  }

  /** A round has ended in a checkpoint. */
  void published(CheckpointManifest manifest, RoundReport report) {
    String task = manifest.task();
    round(task, "published");
    registry.counter("lift.train.rows", TASK, task).increment(manifest.newRows());
    registry
        .timer("lift.train.round", TASK, task)
        .record(Duration.ofNanos(Math.round(report.seconds() * 1e9)));
    if (report.seconds() > 0) {
      speeds.put(task, report.tokens() / report.seconds());
    }
  }

  /** The model has worked, whether or not its work can be used. */
  void trained(String task, RoundReport report) {
    registry.counter("lift.train.tokens", TASK, task).increment(report.tokens());
    registry.counter("lift.train.steps", TASK, task).increment(report.steps());
    registry.counter("lift.train.padding", TASK, task).increment(report.padding());
    skipped(task, report.skipped());
  }

  /** Steps had no finite loss and changed nothing. */
  void skipped(String task, int steps) {
    registry.counter("lift.train.steps.skipped", TASK, task).increment(steps);
  }

  /**
   * A renewal has ended.
   *
   * @param result kept, dropped (the newest rows do not speak for it) or abandoned
   */
  void renewal(String task, String result) {
    registry.counter("lift.train.renewals", TASK, task, "result", result).increment();
  }

  /** A round has ended without a checkpoint. */
  void discarded(String task) {
    round(task, "discarded");
  }

  void failed(String task) {
    round(task, "failed");
  }

  private void round(String task, String outcome) {
    registry.counter("lift.train.rounds", TASK, task, "outcome", outcome).increment();
  }
}
