package io.lift.model.incontext;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * One column of the labelled rows: the distribution of its values, and of the answers among rows
 * with near values. Near are, in a column of categories, the rows of the same category. In a column
 * of numbers they are a window of ranks around the value, and all rows with exactly this value.
 * Missing values are a category of their own.
 */
final class ColumnStatistics {
  private static final double LINEAR = 3; // deviations up to which values are not compressed
  private static final double[] NUMBER_PRIOR = {1, 3}; // rows that the overall shares weigh
  private static final double[] CATEGORY_PRIOR = {0.5, 4};

  private final boolean category;
  private final double[] sorted; // values that are there
  private final double[][] sums; // running sums of the answers, in the order of the values
  private final double[] missing; // sum of the answers where the value is missing
  private final int missingRows;
  private final double[] mean; // of all answers
  private final double center;
  private final double deviation;
  private final int[] widths; // of the two windows

  /**
   * Where a value lies.
   *
   * @param from how many values are smaller
   * @param to how many are not greater
   */
  record Place(int from, int to) {
    static final Place MISSING = new Place(-1, -1);
  }

  /**
   * @param values of the labelled rows; NaN where one is missing
   * @param answers (rows, A) vectors of numbers that are averaged
   * @param mean of the answers
   */
  ColumnStatistics(double[] values, boolean category, double[][] answers, double[] mean) {
    int n = values.length;
    int[] order =
        IntStream.range(0, n)
            .filter(r -> !Double.isNaN(values[r]))
            .boxed()
            .sorted(Comparator.comparingDouble(r -> values[r]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.category = category;
    this.mean = mean;
    this.sorted = Arrays.stream(order).mapToDouble(r -> values[r]).toArray();
    this.sums = new double[order.length + 1][];
    sums[0] = new double[mean.length];
    for (int i = 0; i < order.length; i++) {
      sums[i + 1] = sums[i].clone();
      add(sums[i + 1], answers[order[i]], 1);
    }
    this.missing = new double[mean.length];
    this.missingRows = n - order.length;
    for (int r = 0; r < n; r++) {
      if (Double.isNaN(values[r])) {
        add(missing, answers[r], 1);
      }
    }
    this.center = Arrays.stream(sorted).average().orElse(0);
    double square = Arrays.stream(sorted).map(x -> (x - center) * (x - center)).average().orElse(0);
    this.deviation = Math.sqrt(square);
    this.widths =
        new int[] {
          (int) Math.max(3, Math.round(Math.sqrt(n))), Math.max(6, (int) Math.round(n / 4.0))
        };
  }

  /** Whether it says nothing: no value differs from another and none is missing. */
  boolean constant() {
    boolean same = sorted.length == 0 || sorted[0] == sorted[sorted.length - 1];
    return same && (missingRows == 0 || sorted.length == 0);
  }

  boolean category() {
    return category;
  }

  int missingRows() {
    return missingRows;
  }

  /** In standard deviations from the mean, compressed beyond three; 0 if missing. */
  double value(double x) {
    if (Double.isNaN(x) || !(deviation > 0)) {
      return 0;
    }
    double z = (x - center) / deviation;
    double size = Math.abs(z);
    return size <= LINEAR ? z : Math.signum(z) * (LINEAR + Math.log1p(size - LINEAR));
  }

  /** Where a value lies among those of the labelled rows. */
  Place place(double x) {
    return Double.isNaN(x) ? Place.MISSING : new Place(first(x, false), first(x, true));
  }

  /** The share of the column's values below less the share above; 0 if missing. */
  double rank(Place place) {
    return place == Place.MISSING || sorted.length == 0
        ? 0
        : (place.from() + place.to()) / (double) sorted.length - 1;
  }

  /** How many labelled rows have exactly this value, or miss it too. */
  int same(Place place) {
    return place == Place.MISSING ? missingRows : place.to() - place.from();
  }

  /**
   * The mean answer among near values, drawn towards the mean of all rows.
   *
   * @param width 0 for the narrow window, 1 for the wide one
   * @param own the row's own answer, which is left out; null for a query
   * @param near what is filled, (A)
   */
  void near(Place place, int width, double[] own, double[] near) {
    boolean words = category || place == Place.MISSING;
    double prior = (words ? CATEGORY_PRIOR : NUMBER_PRIOR)[width];
    double rows = prior - (own == null ? 0 : 1);
    double[] upper = missing;
    double[] lower = null;
    if (place == Place.MISSING) {
      rows += missingRows;
    } else {
      int from = place.from();
      int to = place.to();
      int more = widths[width] - (to - from);
      if (!category && more > 0) {
        from = Math.max(0, from - (more + 1) / 2);
        to = Math.min(sorted.length, to + (more + 1) / 2);
      }
      upper = sums[to];
      lower = sums[from];
      rows += to - from;
    }
    for (int i = 0; i < near.length; i++) {
      double sum = upper[i] - (lower == null ? 0 : lower[i]) - (own == null ? 0 : own[i]);
      near[i] = (sum + prior * mean[i]) / rows;
    }
  }

  private static void add(double[] to, double[] x, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * x[i];
    }
  }

  /** How many of the column's values are smaller, or not greater. */
  private int first(double x, boolean after) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (sorted[middle] < x || after && sorted[middle] == x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
