package io.lift.evaluator;

import io.lift.core.answer.Answer;
import io.lift.messages.MetricsMessage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The metrics of each task as meters: {@code lift_rolling_<metric>}, {@code
 * lift_calibration_<metric>} and counters of what happened to its rows. Every replica shows every
 * task.
 */
final class TaskMeters {
  private static final Map<String, ToLongFunction<MetricsMessage>> COUNTERS =
      Map.of(
          "lift_scored", message -> message.total().getOrDefault("count", 0.0).longValue(),
          "lift_leaked", MetricsMessage::leaked,
          "lift_late", MetricsMessage::late,
          "lift_unmatched", MetricsMessage::unmatched,
          "lift_duplicates", MetricsMessage::duplicates,
          "lift_joined", MetricsMessage::joined,
          "lift_unjoined", MetricsMessage::unjoined,
          "lift_expired", MetricsMessage::expired,
          "lift_failed", MetricsMessage::failed);

  private static final Map<String, Function<Answer.Calibration, Double>> CALIBRATION =
      Map.of(
          "lift_calibration_coverage_target", Answer.Calibration::coverage,
          "lift_calibration_temperature", Answer.Calibration::temperature,
          "lift_calibration_cutoff", Answer.Calibration::cutoff,
          "lift_calibration_stretch", Answer.Calibration::stretch);

  private final MeterRegistry registry;
  private final Map<String, MetricsMessage> newest = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Meter>> meters = new HashMap<>();

  TaskMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * @param message null if the task was deleted
   */
  synchronized void update(String task, MetricsMessage message) {
    if (message == null) {
      meters.getOrDefault(task, Map.of()).values().forEach(registry::remove);
      meters.remove(task);
      newest.remove(task);
      return;
    }
    newest.put(task, message);
    Map<String, Meter> ofTask = meters.computeIfAbsent(task, any -> new HashMap<>());
    COUNTERS.forEach(
        (name, count) -> ofTask.computeIfAbsent(name, any -> counter(name, task, count)));
    for (String metric : message.rolling().keySet()) {
      ofTask.computeIfAbsent(
          "lift_rolling_" + metric,
          name -> gauge(name, task, shown -> shown.rolling().get(metric)));
    }
    if (message.calibration() != null) {
      CALIBRATION.forEach(
          (name, metric) -> {
            if (metric.apply(message.calibration()) != null) {
              ofTask.computeIfAbsent(name, any -> gauge(name, task, in(metric)));
            }
          });
    }
  }

  private Meter counter(String name, String task, ToLongFunction<MetricsMessage> count) {
    return FunctionCounter.builder(
            name, newest, all -> all.containsKey(task) ? count.applyAsLong(all.get(task)) : 0)
        .tag("task", task)
        .register(registry);
  }

  private static Function<MetricsMessage, Double> in(Function<Answer.Calibration, Double> metric) {
    return shown -> shown.calibration() == null ? null : metric.apply(shown.calibration());
  }

  private Meter gauge(String name, String task, Function<MetricsMessage, Double> metric) {
    return Gauge.builder(
            name,
            newest,
            all -> {
              Double value = all.containsKey(task) ? metric.apply(all.get(task)) : null;
              return value == null ? Double.NaN : value;
            })
        .tag("task", task)
        .register(registry);
  }
}
