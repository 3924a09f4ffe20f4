package io.lift.core.prompt;

import io.lift.core.answer.Answer;
import io.lift.core.row.Row;
import io.lift.core.task.Extrapolation;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TargetRange;
import io.lift.core.task.TaskSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a regression: the grid of its target, the linear part of each row beside it, and
 * the answers of distributions over the grid. Immutable.
 */
final class NumberAnswers {
  private static final double COVERAGE = 0.9;

  /** Half the distance of two whole numbers: numbers this close to a whole number round to it. */
  private static final double HALF = 0.5;

  private final Extrapolation extrapolation; // null for none
  private final boolean follows; // whether there is a linear part
  private final boolean whole; // whether all targets are whole numbers
  private final TargetRange range;
  private final NumberGrid grid;
  private final Map<String, NumberStats> features = new LinkedHashMap<>();

  NumberAnswers(TaskSpec task) {
    NumberStats target = task.target().numbers();
    extrapolation = task.extrapolation();
    follows = task.trend() != null;
    whole = target.whole();
    range = TargetRange.of(task);
    grid =
        follows
            ? NumberGrid.ofResidual(extrapolation.residual(), target.scale())
            : NumberGrid.ofTarget(target);
    task.features().stream()
        .filter(column -> column.numbers() != null)
        .forEach(column -> features.put(column.name(), column.numbers()));
  }

  /** The grid of the targets, or of what the linear part leaves over of them. */
  NumberGrid grid() {
    return grid;
  }

  /** Where a row is; null if that changes nothing about its answer. */
  Extrapolation.Point point(Row row) {
    if (extrapolation == null) {
      return null;
    }
    Extrapolation.Point point = extrapolation.of(features, row.values());
    if (follows) {
      return point;
    }
    return point.spread() == 0 ? null : new Extrapolation.Point(0, point.spread());
  }

  /** The cell of a target. */
  int cell(Extrapolation.Point point, double target) {
    return grid.encode(target, point == null ? 0 : point.offset());
  }

  /**
   * The answer of a distribution over the grid: its median with a central interval.
   *
   * @param point where the row is; null for a row without a linear part among the rows seen
   */
  Answer answer(Extrapolation.Point point, double[] probabilities) {
    double tail = (1 - COVERAGE) / 2;
    double offset = point == null ? 0 : point.offset();
    double middle = offset + grid.quantilePlace(probabilities, 0.5);
    double low = offset + grid.quantilePlace(probabilities, tail);
    double high = offset + grid.quantilePlace(probabilities, 1 - tail);
    if (point != null) {
      low = middle - point.widened(middle - low);
      high = middle + point.widened(high - middle);
    }
    double median = finite(range.clip(grid.value(middle)));
    double lower = finite(grid.value(low));
    double upper = finite(grid.value(high));
    if (whole) {
      median = Math.rint(median) + 0.0; // no negative zero
      lower = Math.min(lower, median - HALF);
      upper = Math.max(upper, median + HALF);
    }
    Answer.Interval interval = new Answer.Interval(lower, upper, COVERAGE);
    return Answer.ofNumber(median, interval.within(range.lower(), range.upper(), median));
  }

  /** A wide interval on a scale of orders of magnitude may end beyond the largest double. */
  private static double finite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }
}
