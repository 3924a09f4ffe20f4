package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.metrics.AdaptiveWindow;
import io.lift.core.metrics.MetricNames;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.task.TaskType;
import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.ChartsMessage.Point;
import io.lift.messages.PromptOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The metrics of a task over time: a point for each number of scored rows, and marks where the
 * error rose. At {@link #MOST_POINTS} points, each two neighbours become one, and later points
 * cover twice as many rows. So the number of points stays bounded at any length.
 */
final class MetricHistory {
  static final int MOST_POINTS = 256;
  static final int MOST_DRIFTS = 20;
  private static final int FIRST_ROWS = 10;

  private final TaskType type;
  private final List<Point> points = new ArrayList<>();
  private final List<Drift> drifts = new ArrayList<>();
  private int every = FIRST_ROWS;
  private boolean pastChanged = true;

  private int rows; // since the newest point
  private long right;
  private RegressionMetrics errors = RegressionMetrics.total();
  private AdaptiveWindow window = new AdaptiveWindow();

  MetricHistory(TaskType type) {
    this.type = type;
  }

  /**
   * What changes with a point or a mark.
   *
   * @param points oldest first
   * @param drifts oldest first
   * @param every rows between two points
   */
  record Past(List<Point> points, List<Drift> drifts, int every) {}

  /**
   * A rise of the error.
   *
   * @param mark the drift
   * @param rows since the drift began
   * @param detected place of the row that shows it; null if unknown
   */
  record Found(Drift mark, long rows, PromptOffset detected) {}

  /**
   * What changes with every row.
   *
   * @param rows since the newest point
   * @param right right answers among them
   * @param errors of a regression: their errors; otherwise null
   * @param window of the drift detector
   */
  record Now(int rows, long right, RegressionMetrics.State errors, AdaptiveWindow.State window) {}

  /** Either of the two, as the state store keeps them. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Part(Past past, Now now) {}

  static MetricHistory of(TaskType type, Past past, Now now) {
    MetricHistory history = new MetricHistory(type);
    history.points.addAll(past.points());
    history.drifts.addAll(past.drifts());
    history.every = past.every();
    history.pastChanged = false;
    history.rows = now.rows();
    history.right = now.right();
    history.errors = now.errors() == null ? history.errors : RegressionMetrics.of(now.errors());
    history.window = AdaptiveWindow.of(now.window());
    return history;
  }

  Past past() {
    return new Past(List.copyOf(points), List.copyOf(drifts), every);
  }

  Now now() {
    boolean regression = type == TaskType.REGRESSION;
    return new Now(rows, right, regression ? errors.state() : null, window.state());
  }

  /** Whether the past has changed since the last call. */
  boolean drainPastChanged() {
    boolean changed = pastChanged;
    pastChanged = false;
    return changed;
  }

  /**
   * Adds a row, which the metrics count already.
   *
   * @param scored rows scored so far, this one included
   * @param rolling the metrics of the window
   * @param total the metrics of all rows
   * @param weights of the predictors, this row included; empty for none. Only asked for a point
   * @return a drift, if the row shows one
   */
  Optional<Found> add(
      Outcome.Scored row,
      long scored,
      Metrics rolling,
      Metrics total,
      Supplier<Map<String, Double>> weights) {
    rows++;
    double error = error(row);
    double shown = error;
    if (type == TaskType.CLASSIFICATION) {
      right += error == 0 ? 1 : 0;
      shown = 1 - error;
    } else {
      double truth = Double.parseDouble(row.truth());
      errors.add(truth, row.answer());
      shown = Math.abs(row.answer().value() - truth);
    }
    Optional<Found> found =
        window
            .add(error, shown, row.place() == null ? null : row.place().offset())
            .map(rise -> mark(row, scored, rise));
    if (rows >= every) {
      point(row, scored, rolling.values(), total.values(), weights.get());
    }
    return found;
  }

  private Found mark(Outcome.Scored row, long scored, AdaptiveWindow.Rise rise) {
    PromptOffset place = row.place();
    PromptOffset since =
        place == null || rise.place() == null
            ? null
            : new PromptOffset(place.partition(), rise.place());
    Drift mark = new Drift(scored, row.at(), rise.before(), rise.after(), since);
    drifts.add(mark);
    drifts.subList(0, Math.max(0, drifts.size() - MOST_DRIFTS)).clear();
    pastChanged = true;
    return new Found(mark, rise.rows(), place);
  }

  /** Where the newest regime begins; null before any drift, or if unknown. */
  PromptOffset since() {
    return drifts.isEmpty() ? null : drifts.get(drifts.size() - 1).since();
  }

  /**
   * The error that the drift detector reads: of a label, 1 if it is wrong; of a number, its
   * distance from the truth beside the width of its interval, so that it is between 0 and 1 in any
   * unit.
   */
  private double error(Outcome.Scored row) {
    if (type == TaskType.CLASSIFICATION) {
      return row.truth().equals(row.answer().label()) ? 0 : 1;
    }
    double distance = Math.abs(row.answer().value() - Double.parseDouble(row.truth()));
    double width =
        row.answer().interval() == null
            ? 0
            : (row.answer().interval().upper() - row.answer().interval().lower()) / 2;
    return distance == 0 ? 0 : distance / (distance + Math.max(0, width));
  }

  private void point(
      Outcome.Scored row,
      long scored,
      Map<String, Double> rolling,
      Map<String, Double> total,
      Map<String, Double> weights) {
    boolean labels = type == TaskType.CLASSIFICATION;
    String metric = labels ? MetricNames.ACCURACY : MetricNames.RAE;
    points.add(
        new Point(
            scored,
            row.at(),
            labels ? Double.valueOf((double) right / rows) : errors.values().get(metric),
            rolling.get(metric),
            total.get(metric),
            labels ? rolling.get(MetricNames.MAJORITY) : Double.valueOf(1),
            row.version(),
            weights.isEmpty() ? null : rounded(weights)));
    rows = 0;
    right = 0;
    errors = RegressionMetrics.total();
    pastChanged = true;
    if (points.size() == MOST_POINTS) {
      thin();
    }
  }

  /** To a thousandth: the points of all versions together are many. */
  private static Map<String, Double> rounded(Map<String, Double> weights) {
    Map<String, Double> rounded = new LinkedHashMap<>();
    weights.forEach((name, weight) -> rounded.put(name, Math.round(1000 * weight) / 1000.0));
    return rounded;
  }

  private void thin() {
    List<Point> half = new ArrayList<>();
    for (int i = 1; i < points.size(); i += 2) {
      Point first = points.get(i - 1);
      Point second = points.get(i);
      Double value =
          first.value() == null || second.value() == null
              ? (first.value() == null ? second.value() : first.value())
              : Double.valueOf((first.value() + second.value()) / 2);
      half.add(
          new Point(
              second.scored(),
              second.at(),
              value,
              second.rolling(),
              second.total(),
              second.baseline(),
              second.version(),
              second.weights()));
    }
    points.clear();
    points.addAll(half);
    every *= 2;
  }
}
