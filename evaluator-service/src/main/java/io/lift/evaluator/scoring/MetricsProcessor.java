package io.lift.evaluator.scoring;

import io.lift.messages.CalibrationMessage;
import io.lift.messages.RollbackRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the outcomes of each task and publishes the metrics of those that changed, at most once
 * per publish interval. The key is the task.
 */
final class MetricsProcessor implements Processor<String, Outcome, String, Object> {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsProcessor.class);

  /** Charts are large and change little, so they are published less often. */
  private static final int METRICS_PER_CHARTS = 2;

  /** Weights are learned with each row, and an answer after a drift needs them. */
  private static final Duration WEIGHTS_EVERY = Duration.ofMillis(200);

  private static final int WEIGHTS_PER_ROWS = 20;

  private final EvaluatorSettings settings;
  private final Set<String> changed = new HashSet<>();
  private final Set<String> chartsChanged = new HashSet<>();
  private final Set<String> uncalibrated = new HashSet<>();
  private final Map<String, Integer> unweighted = new HashMap<>(); // rows since
  private final CalibrationThrottle calibrations = new CalibrationThrottle();
  private ProcessorContext<String, Object> context;
  private MetricsStore store;

  MetricsProcessor(EvaluatorSettings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    store = new MetricsStore(context, settings.window(), settings.versions());
    changed.clear();
    changed.addAll(store.tasks()); // the newest metrics may not have been published
    chartsChanged.clear();
    chartsChanged.addAll(changed);
    uncalibrated.clear();
    uncalibrated.addAll(changed);
    unweighted.clear();
    calibrations.clear();
    context.schedule(settings.publishInterval(), PunctuationType.WALL_CLOCK_TIME, this::publish);
    context.schedule(WEIGHTS_EVERY, PunctuationType.WALL_CLOCK_TIME, this::publishWeights);
    context.schedule(
        settings.publishInterval().multipliedBy(METRICS_PER_CHARTS),
        PunctuationType.WALL_CLOCK_TIME,
        this::publishCharts);
  }

  @Override
  public void process(Record<String, Outcome> in) {
    String task = in.key();
    Outcome outcome = in.value();
    if (outcome.kind() == Outcome.Kind.DEAD_LETTER && !store.has(task)) {
      return; // the sender may have invented the name
    }
    changed.add(task);
    switch (outcome.kind()) {
      case TASK -> define(task, outcome.spec());
      case DELETED -> delete(task, in.timestamp());
      case SCORED -> score(task, outcome.scored());
      case SEEN -> {
        store.get(task).see(outcome.seen());
        store.saveCounters(task);
      }
      default -> {
        store.get(task).count(outcome.kind());
        store.saveCounters(task);
      }
    }
  }

  private void define(String task, Outcome.Spec spec) {
    if (!store.get(task).define(spec.type(), spec.calibration())) {
      store.delete(task);
      store.get(task).define(spec.type(), spec.calibration());
    }
    store.saveCounters(task);
  }

  private void delete(String task, long timestamp) {
    store.delete(task);
    changed.remove(task);
    chartsChanged.remove(task);
    uncalibrated.remove(task);
    unweighted.remove(task);
    calibrations.forget(task);
    context.forward(new Record<>(task, null, timestamp));
  }

  private void score(String task, Outcome.Scored row) {
    if (store.get(task).fits(row)) {
      TaskMetrics.Shown shown = store.score(task, row);
      chartsChanged.add(task);
      uncalibrated.add(task);
      boolean due = unweighted.merge(task, 1, Integer::sum) >= WEIGHTS_PER_ROWS;
      if (due || shown.drift().isPresent()) {
        unweighted.remove(task);
        publishWeights(task, context.currentSystemTimeMs());
      }
      shown.drift().ifPresent(drift -> tell(task, drift));
      shown.worse().filter(any -> settings.autoRollback()).ifPresent(worse -> ask(task, worse));
    } else {
      LOG.atWarn()
          .addKeyValue("task", task)
          .log("not scored: an answer of the type that the task had before");
    }
  }

  private void tell(String task, MetricHistory.Found drift) {
    TaskMetrics metrics = store.get(task);
    long now = context.currentSystemTimeMs(); // an old log that is read again has old rows
    TaskEvents.of(task, metrics.type(), drift, !metrics.weights().isEmpty())
        .forEach(event -> context.forward(new Record<>(task, event, now)));
  }

  /** Asks the trainer for a rollback; it writes the event, with the version that it makes. */
  private void ask(String task, CheckpointWatch.Finding finding) {
    long now = context.currentSystemTimeMs();
    String id = "worse-" + finding.worse().version();
    RollbackRequest request =
        new RollbackRequest(task, finding.version(), id, now, null, finding.worse(), null);
    context.forward(new Record<>(task, request, now));
  }

  private void publish(long now) {
    uncalibrated.removeIf(task -> calibrations.due(task, now) && calibrated(task, now));
    for (String task : changed) {
      store.saveSums(task);
      store
          .get(task)
          .message(task, calibrations.published(task))
          .ifPresent(message -> context.forward(new Record<>(task, message, now)));
    }
    changed.clear();
  }

  /** Publishes the calibration of a task if it has changed; always true. */
  private boolean calibrated(String task, long now) {
    TaskMetrics metrics = store.get(task);
    metrics
        .calibration()
        .ifPresent(
            calibration -> {
              calibrations.fitted(task, now);
              publish(metrics.learned(task, calibration), now);
            });
    return true;
  }

  private void publishWeights(long now) {
    unweighted.keySet().forEach(task -> publishWeights(task, now));
    unweighted.clear();
  }

  /** Publishes the weights of a task if they have changed, with the calibration as it was. */
  private void publishWeights(String task, long now) {
    TaskMetrics metrics = store.get(task);
    if (!metrics.weights().isEmpty()) {
      publish(metrics.learned(task, calibrations.published(task)), now);
    }
  }

  private void publish(CalibrationMessage learned, long now) {
    if (calibrations.differs(learned)) {
      changed.add(learned.task()); // its metrics show what is published
      context.forward(new Record<>(learned.task(), learned, now));
    }
  }

  private void publishCharts(long now) {
    for (String task : chartsChanged) {
      store
          .get(task)
          .charts(task)
          .ifPresent(charts -> context.forward(new Record<>(task, charts, now)));
    }
    chartsChanged.clear();
  }
}
