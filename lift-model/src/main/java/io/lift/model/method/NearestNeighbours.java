package io.lift.model.method;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The nearest neighbours of a row by exhaustive search. The distance of two rows is a sum over the
 * columns. A number column contributes the square of the difference in standard deviations. A word
 * column contributes 1 if the words differ. A missing number contributes 1 if the other row has
 * one. Immutable and thread-safe.
 */
final class NearestNeighbours {
  private final PromptCells cells;
  private final Point[] points;

  /**
   * The features of a row.
   *
   * @param numbers by feature, standardised; NaN if the feature is not a number
   * @param words by feature; null for a number, or if the sentence has no slot for the feature
   */
  private record Point(float[] numbers, String[] words) {}

  private record Distance(int row, double distance) {}

  /**
   * @param cells reads the rows' sentences
   * @param rows the candidates
   */
  NearestNeighbours(PromptCells cells, List<Prompt> rows) {
    this.cells = cells;
    this.points = rows.stream().map(this::point).toArray(Point[]::new);
  }

  /**
   * The indices of the rows nearest to a query, nearest first. Of two rows at the same distance,
   * the later is nearer.
   *
   * @param excluded index of a row that is left out; -1 for none
   */
  int[] nearest(Prompt query, int count, int excluded) {
    Point from = point(query);
    PriorityQueue<Distance> kept =
        new PriorityQueue<>(
            (a, b) ->
                a.distance != b.distance
                    ? Double.compare(b.distance, a.distance)
                    : Integer.compare(a.row, b.row));
    double limit = Double.POSITIVE_INFINITY;
    for (int row = 0; row < points.length; row++) {
      if (row == excluded) {
        continue;
      }
      double distance = distance(from, points[row], limit);
      if (kept.size() < count || distance <= limit) {
        kept.add(new Distance(row, distance));
        if (kept.size() > count) {
          kept.poll();
        }
        limit = kept.size() < count ? limit : kept.peek().distance;
      }
    }
    int[] nearest = new int[kept.size()];
    for (int i = nearest.length - 1; i >= 0; i--) {
      nearest[i] = kept.poll().row;
    }
    return nearest;
  }

  private Point point(Prompt row) {
    String[] values = cells.read(row);
    if (values == null) {
      return null;
    }
    float[] numbers = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      numbers[i] = (float) cells.standardised(i, values[i]);
      values[i] = Float.isNaN(numbers[i]) ? values[i] : null;
    }
    return new Point(numbers, values);
  }

  /** The distance, or any number above the limit. */
  private static double distance(Point a, Point b, double limit) {
    if (a == null || b == null) {
      return Double.MAX_VALUE; // the prompt does not follow the task's sentence
    }
    double sum = 0;
    for (int i = 0; i < a.numbers.length && sum <= limit; i++) {
      float difference = a.numbers[i] - b.numbers[i];
      if (!Float.isNaN(difference)) {
        sum += (double) difference * difference;
      } else if (a.words[i] == null ? b.words[i] != null : !a.words[i].equals(b.words[i])) {
        sum++;
      }
    }
    return sum;
  }
}
