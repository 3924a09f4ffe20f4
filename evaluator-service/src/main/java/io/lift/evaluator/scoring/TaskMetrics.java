package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.Calibrator;
import io.lift.core.calibration.RowDraw;
import io.lift.core.mixture.LikelihoodWeights;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskType;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.ChartsMessage;
import io.lift.messages.MetricsMessage;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The metrics of one task: over its newest rows (the window), over all, and over the rows that each
 * of its newest checkpoint versions answered. In memory; {@link MetricsStore} keeps what a restart
 * needs.
 */
final class TaskMetrics {
  private final int window;
  private final int maxVersions;

  private TaskType type; // null until known
  private boolean known; // seen on lift.tasks
  private long scored;
  private long updatedAt;
  private final EnumMap<Outcome.Kind, Long> counts = new EnumMap<>(Outcome.Kind.class);

  private Metrics rolling;
  private Metrics total;
  private final TreeMap<Long, Metrics> versions = new TreeMap<>();
  private final Set<Long> touched = new HashSet<>(); // versions changed or dropped since stored
  private final Latencies latencies = new Latencies(); // of the window
  private final Map<Integer, Outcome.Seen> seen = new TreeMap<>();
  private MetricHistory history; // null until the type is known
  private final Calibrator calibrator;
  private LikelihoodWeights weights = new LikelihoodWeights();
  private CheckpointWatch watch = new CheckpointWatch();
  private Set<String> answering = Set.of(); // the predictors of the newest row
  private final ScatterPairs pairs = new ScatterPairs();

  /**
   * @param window rows of the rolling metrics
   * @param maxVersions checkpoint versions with metrics of their own
   */
  TaskMetrics(int window, int maxVersions) {
    this(window, maxVersions, new Calibrator(CalibrationPolicy.DEFAULT_COVERAGE));
  }

  private TaskMetrics(int window, int maxVersions, Calibrator calibrator) {
    this.window = window;
    this.maxVersions = maxVersions;
    this.calibrator = calibrator;
  }

  /**
   * Goes on after a restart.
   *
   * @param newest the window's rows, oldest first; the last {@code scored - summed} of them are not
   *     in the sums yet
   */
  static TaskMetrics of(
      StoredCounters stored,
      Metrics total,
      Map<Long, Metrics> versions,
      MetricHistory history,
      List<Outcome.Scored> newest,
      int window,
      int maxVersions) {
    TaskMetrics metrics =
        stored.calibration() == null
            ? new TaskMetrics(window, maxVersions)
            : new TaskMetrics(window, maxVersions, calibrator(stored.calibration(), newest));
    if (stored.weights() != null) {
      metrics.weights = LikelihoodWeights.of(stored.weights());
    }
    if (stored.watch() != null) {
      metrics.watch = CheckpointWatch.of(stored.watch());
    }
    metrics.known = stored.known();
    metrics.updatedAt = stored.updatedAt();
    metrics.counts.putAll(stored.counts());
    metrics.seen.putAll(stored.seen());
    if (stored.type() == null) {
      metrics.scored = stored.scored();
      return metrics;
    }
    metrics.setType(stored.type());
    metrics.total = total == null ? metrics.total : total;
    metrics.versions.putAll(versions);
    metrics.history = history == null ? metrics.history : history;
    newest.subList(Math.max(0, newest.size() - window), newest.size()).forEach(metrics::roll);
    int unsummed = (int) (stored.scored() - stored.summed());
    metrics.scored = stored.summed();
    newest.subList(newest.size() - unsummed, newest.size()).forEach(metrics::sum);
    return metrics;
  }

  private static Calibrator calibrator(Calibrator.State state, List<Outcome.Scored> newest) {
    return Calibrator.of(state, newest.stream().map(TaskMetrics::labelled).toList());
  }

  private static Calibrator.Row labelled(Outcome.Scored row) {
    double draw = row.draw() == null ? RowDraw.NONE : row.draw();
    // labelled rows in context know something, whatever the checkpoint
    long version = row.predictors() == null ? row.version() : Math.max(1, row.version());
    return new Calibrator.Row(row.truth(), row.answer(), version, draw);
  }

  /**
   * The task was created or changed.
   *
   * @param policy how often label sets or intervals are to hold the truth
   * @return false if its type has changed: then it is another task, and begins with new metrics
   */
  boolean define(TaskType newType, CalibrationPolicy policy) {
    known = true;
    calibrator.setPolicy(policy);
    if (type == null) {
      setType(newType);
    }
    return type == newType;
  }

  private void setType(TaskType newType) {
    type = newType;
    rolling = Metrics.rolling(type);
    total = Metrics.total(type);
    history = new MetricHistory(type);
  }

  /** A partition of the join has counted its rows again. */
  void see(Outcome.Seen counted) {
    seen.put(counted.partition(), counted);
  }

  void count(Outcome.Kind kind) {
    counts.merge(kind, 1L, Long::sum);
  }

  /** Whether a row is of this task's type; until the task is known, its first row decides. */
  boolean fits(Outcome.Scored row) {
    TaskType rowType = row.answer().value() == null ? TaskType.CLASSIFICATION : TaskType.REGRESSION;
    if (type == null) {
      setType(rowType);
    }
    return type == rowType;
  }

  /**
   * Counts a row.
   *
   * @param oldest the row that leaves the window, or null while it is not full
   * @return what the row shows
   */
  Shown score(Outcome.Scored row, Outcome.Scored oldest) {
    if (oldest != null) {
      rolling.remove(oldest);
      if (oldest.latencyMillis() != null) {
        latencies.remove(oldest.latencyMillis());
      }
    }
    roll(row);
    Optional<CheckpointWatch.Finding> worse = Optional.empty();
    if (row.predictors() != null) {
      weights.add(row.predictors());
      worse = watch.add(row.predictors(), row.at());
    }
    Optional<MetricHistory.Found> drift = sum(row);
    calibrator.add(labelled(row));
    updatedAt = Math.max(updatedAt, row.at());
    return new Shown(drift, worse);
  }

  /**
   * What a row shows.
   *
   * @param drift a rise of the error
   * @param worse that the current checkpoint is worse than the one before it
   */
  record Shown(Optional<MetricHistory.Found> drift, Optional<CheckpointWatch.Finding> worse) {}

  private void roll(Outcome.Scored row) {
    rolling.add(row);
    if (type == TaskType.REGRESSION) {
      pairs.add(row);
    }
    if (row.latencyMillis() != null) {
      latencies.add(row.latencyMillis());
    }
  }

  private Optional<MetricHistory.Found> sum(Outcome.Scored row) {
    scored++;
    total.add(row);
    if (row.predictors() != null && !row.predictors().isEmpty()) {
      answering = row.predictors().keySet();
    }
    Optional<MetricHistory.Found> drift = history.add(row, scored, rolling, total, this::shares);
    versions.computeIfAbsent(row.version(), any -> Metrics.total(type)).add(row);
    touched.add(row.version());
    if (versions.size() > maxVersions) {
      touched.add(versions.pollFirstEntry().getKey());
    }
    return drift;
  }

  long scored() {
    return scored;
  }

  TaskType type() {
    return type;
  }

  StoredCounters counters(long summed) {
    return new StoredCounters(
        type,
        known,
        scored,
        summed,
        window,
        updatedAt,
        Map.copyOf(counts),
        Map.copyOf(seen),
        calibrator.state(),
        weights.state(),
        watch.state());
  }

  Optional<Metrics> total() {
    return Optional.ofNullable(total);
  }

  Collection<Long> versions() {
    return versions.keySet();
  }

  /**
   * Hands over each version whose sums changed since the last call, with null for one that was
   * dropped.
   */
  void drainTouched(BiConsumer<Long, Metrics> store) {
    touched.forEach(version -> store.accept(version, versions.get(version)));
    touched.clear();
  }

  /** The calibration for its next answers; empty before enough rows have been scored. */
  Optional<Answer.Calibration> calibration() {
    return calibrator.calibration().filter(any -> known);
  }

  /** The weights of its predictors; empty before any row was answered by several. */
  Map<String, Double> weights() {
    return known ? weights.weights() : Map.of();
  }

  /** The weights of the predictors that answer now, summing to 1; empty for none. */
  private Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>(weights());
    shares.keySet().retainAll(answering);
    double sum = shares.values().stream().mapToDouble(weight -> weight).sum();
    shares.replaceAll((name, weight) -> weight / sum);
    return shares;
  }

  /** What labels have taught, with a calibration; null for none. */
  CalibrationMessage learned(String task, Answer.Calibration calibration) {
    Map<String, Double> newest = weights();
    return new CalibrationMessage(
        task,
        calibrator.version(),
        updatedAt,
        calibration,
        newest.isEmpty() ? null : newest,
        newest.isEmpty() ? null : history.since());
  }

  /**
   * The message to publish; nothing before the task is known.
   *
   * @param calibration its newest published calibration; null if there is none
   */
  Optional<MetricsMessage> message(String task, Answer.Calibration calibration) {
    if (!known) {
      return Optional.empty();
    }
    Map<String, Double> newest = new LinkedHashMap<>(rolling.values());
    if (!latencies.isEmpty()) {
      newest.put("latency_p50_ms", latencies.quantile(0.5));
      newest.put("latency_p99_ms", latencies.quantile(0.99));
    }
    Map<Long, Map<String, Double>> checkpoints = new LinkedHashMap<>();
    versions.forEach((version, sums) -> checkpoints.put(version, sums.values()));
    return Optional.of(
        new MetricsMessage(
            task,
            type.name().toLowerCase(Locale.ROOT),
            updatedAt,
            newest,
            window,
            total.values(),
            checkpoints,
            counted(Outcome.Kind.LEAKED),
            counted(Outcome.Kind.LATE),
            counted(Outcome.Kind.UNMATCHED),
            counted(Outcome.Kind.DUPLICATE),
            counted(Outcome.Kind.JOINED),
            counted(Outcome.Kind.UNJOINED),
            counted(Outcome.Kind.EXPIRED),
            counted(Outcome.Kind.FAILED),
            seen.values().stream().mapToLong(Outcome.Seen::rows).sum(),
            seen.values().stream().mapToLong(Outcome.Seen::predictions).sum(),
            counted(Outcome.Kind.DEAD_LETTER),
            calibration));
  }

  /** The charts to publish; nothing before the first scored row. */
  Optional<ChartsMessage> charts(String task) {
    if (!known || scored == 0) {
      return Optional.empty();
    }
    MetricHistory.Past past = history.past();
    boolean labels = type == TaskType.CLASSIFICATION;
    return Optional.of(
        new ChartsMessage(
            task,
            type.name().toLowerCase(Locale.ROOT),
            past.points(),
            past.drifts(),
            labels ? rolling.confusion() : null,
            labels ? rolling.reliability() : null,
            labels ? null : pairs.pairs()));
  }

  /** The metrics over time; empty before the type is known. */
  Optional<MetricHistory> history() {
    return Optional.ofNullable(history);
  }

  private long counted(Outcome.Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }
}
