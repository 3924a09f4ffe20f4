package io.lift.bench.paper;

import io.lift.cli.eval.AnsweredRow;
import java.util.List;
import java.util.Random;

/**
 * How often answers of a confidence are right: 15 bins of equal width over the probability of the
 * answer.
 *
 * @param count answers of each bin
 * @param confidence their mean probability; 0 in an empty bin
 * @param accuracy the share of them that is right; 0 in an empty bin
 */
record Calibration(int[] count, double[] confidence, double[] accuracy) {
  private static final int BINS = 15;
  private static final int DRAWS = 200;

  /**
   * @param rows all with an answer
   */
  static Calibration of(List<AnsweredRow> rows) {
    boolean[] right = new boolean[rows.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = rows.get(i).truth().equals(rows.get(i).answer().label());
    }
    return of(confidences(rows), right);
  }

  /**
   * The error that these answers would show if each were right just as often as it says: even then
   * it is not 0, since bins have few rows. The mean over labels drawn anew from the probabilities.
   */
  static double floor(List<AnsweredRow> rows) {
    double[] confidences = confidences(rows);
    Random random = new Random(0);
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      boolean[] right = new boolean[confidences.length];
      for (int i = 0; i < right.length; i++) {
        right[i] = random.nextDouble() < confidences[i];
      }
      sum += of(confidences, right).error();
    }
    return sum / DRAWS;
  }

  private static double[] confidences(List<AnsweredRow> rows) {
    return rows.stream()
        .mapToDouble(row -> row.answer().probabilities().get(row.answer().label()))
        .toArray();
  }

  private static Calibration of(double[] confidences, boolean[] right) {
    int[] count = new int[BINS];
    double[] confidence = new double[BINS];
    double[] accuracy = new double[BINS];
    for (int i = 0; i < right.length; i++) {
      int bin = (int) Math.max(0, Math.min(BINS - 1, Math.ceil(confidences[i] * BINS) - 1));
      count[bin]++;
      confidence[bin] += confidences[i];
      accuracy[bin] += right[i] ? 1 : 0;
    }
    for (int bin = 0; bin < BINS; bin++) {
      confidence[bin] /= Math.max(1, count[bin]);
      accuracy[bin] /= Math.max(1, count[bin]);
    }
    return new Calibration(count, confidence, accuracy);
  }

  /** The expected calibration error: mean distance of the two, each row counting the same. */
  double error() {
    double sum = 0;
    int rows = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += count[bin] * Math.abs(confidence[bin] - accuracy[bin]);
      rows += count[bin];
    }
    return rows == 0 ? 0 : sum / rows;
  }
}
