package io.lift.trainer.assignment;

import io.lift.trainer.round.RoundMeters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The gauges of each task of this trainer. Thread-safe. */
final class TaskGauges {
  private static final double NaN = Double.NaN;

  private final MeterRegistry registry;
  private final RoundMeters rounds;
  private final Function<String, Optional<TrainingStatus>> status;
  private final Map<String, List<Meter>> gauges = new ConcurrentHashMap<>();

  /**
   * @param status of a task; called whenever a gauge is read
   */
  TaskGauges(
      MeterRegistry registry,
      RoundMeters rounds,
      Function<String, Optional<TrainingStatus>> status) {
    this.registry = registry;
    this.rounds = rounds;
    this.status = status;
  }

  /** Adds the gauges of a task. */
  void add(String task) {
    gauges.computeIfAbsent(
        task,
        name ->
            List.of(
                gauge("lift.train.loss", name, s -> s.loss() == null ? NaN : s.loss()),
                gauge("lift.prompts.waiting", name, TrainingStatus::waitingRows),
                gauge("lift.prompts.waiting.seconds", name, s -> since(s.waitingSince(), 0)),
                gauge("lift.prompts.rehearsed", name, TrainingStatus::windowRows),
                gauge("lift.checkpoint.version", name, TrainingStatus::checkpointVersion),
                gauge("lift.checkpoint.bytes", name, TrainingStatus::checkpointBytes),
                gauge("lift.checkpoint.age.seconds", name, s -> since(s.checkpointAt(), NaN)),
                Gauge.builder("lift.train.share", () -> rounds.share(name))
                    .description("share of the training thread's time in the last five minutes")
                    .tag("task", name)
                    .register(registry),
                Gauge.builder("lift.train.tokens.per.second", () -> rounds.tokensPerSecond(name))
                    .description("tokens per second in the last round")
                    .tag("task", name)
                    .register(registry)));
  }

  private Meter gauge(String name, String task, ToDoubleFunction<TrainingStatus> value) {
    return Gauge.builder(name, () -> status.apply(task).map(value::applyAsDouble).orElse(NaN))
        .tag("task", task)
        .register(registry);
  }

  /** Seconds since a moment in epoch milliseconds, where 0 stands for never. */
  private static double since(long moment, double never) {
    return moment == 0 ? never : (System.currentTimeMillis() - moment) / 1000.0;
  }

  /** Removes the gauges of a task that this trainer no longer has. */
  void remove(String task) {
    List<Meter> removed = gauges.remove(task);
    if (removed != null) {
      removed.forEach(registry::remove);
      rounds.forget(task);
    }
  }
}
