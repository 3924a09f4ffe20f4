package io.lift.model.method;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Which rows of a table are most like another one. The distance of two rows is the sum over their
 * columns: of numbers, the square of their difference in standard deviations; of words, 1 unless
 * they are the same; also 1 where one of two numbers is missing. Immutable and thread-safe.
 */
final class NearestNeighbours {
  private final PromptCells cells;
  private final Point[] points;

  /**
   * A row's place.
   *
   * @param numbers by feature, in standard deviations; NaN where there is none
   * @param words by feature; null where there is a number, or no place in the sentence
   */
  private record Point(float[] numbers, String[] words) {}

  private record Distance(int row, double distance) {}

  /**
   * @param cells reads the rows' sentences
   * @param rows to choose from
   */
  NearestNeighbours(PromptCells cells, List<Prompt> rows) {
    this.cells = cells;
    this.points = rows.stream().map(this::point).toArray(Point[]::new);
  }

  /**
   * The rows most like another one, the most alike first; the later of two that are equally alike.
   *
   * @param excluded a row that is not to be among them; -1 for none
   */
  int[] nearest(Prompt asked, int count, int excluded) {
    Point from = point(asked);
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
    String[] read = cells.read(row);
    if (read == null) {
      return null;
    }
    float[] numbers = new float[read.length];
    for (int i = 0; i < read.length; i++) {
      numbers[i] = (float) cells.standard(i, read[i]);
      read[i] = Float.isNaN(numbers[i]) ? read[i] : null;
    }
    return new Point(numbers, read);
  }

  /** The distance, or something above the limit. */
  private static double distance(Point a, Point b, double limit) {
    if (a == null || b == null) {
      return Double.MAX_VALUE; // not read as a row of the task: like no other
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
