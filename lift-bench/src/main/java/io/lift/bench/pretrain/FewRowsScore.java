package io.lift.bench.pretrain;

import io.lift.core.answer.Answer;
import java.util.List;
import java.util.Locale;

/**
 * How good answers are.
 *
 * @param regression of what
 * @param first share of right labels; of numbers the absolute error relative to that of the mean
 * @param second log loss in nats, with probabilities of at least 1e-4; of numbers the share of
 *     truths within 90 % intervals, NaN without intervals
 */
record FewRowsScore(boolean regression, double first, double second) {
  private static final double FLOOR = 1e-4;

  static FewRowsScore ofLabels(double[][] probabilities, int[] truth) {
    int right = 0;
    double loss = 0;
    for (int r = 0; r < truth.length; r++) {
      double[] p = probabilities[r];
      int best = 0;
      for (int k = 1; k < p.length; k++) {
        best = p[k] > p[best] ? k : best;
      }
      right += best == truth[r] ? 1 : 0;
      loss -= Math.log(Math.max(FLOOR, p[truth[r]])) / truth.length;
    }
    return new FewRowsScore(false, right / (double) truth.length, loss);
  }

  /**
   * @param mean of the labelled rows
   */
  static FewRowsScore ofNumbers(List<Answer> answers, double[] truth, double mean) {
    double error = 0;
    double ofMean = 0;
    int within = 0;
    int intervals = 0;
    for (int r = 0; r < truth.length; r++) {
      Answer answer = answers.get(r);
      error += Math.abs(truth[r] - answer.value());
      ofMean += Math.abs(truth[r] - mean);
      if (answer.interval() != null) {
        intervals++;
        within +=
            truth[r] >= answer.interval().lower() && truth[r] <= answer.interval().upper() ? 1 : 0;
      }
    }
    return new FewRowsScore(
        true, error / ofMean, intervals == 0 ? Double.NaN : within / (double) intervals);
  }

  static FewRowsScore mean(List<FewRowsScore> scores) {
    return new FewRowsScore(
        scores.get(0).regression(),
        scores.stream().mapToDouble(FewRowsScore::first).average().orElseThrow(),
        scores.stream().mapToDouble(FewRowsScore::second).average().orElseThrow());
  }

  @Override
  public String toString() {
    if (!regression) {
      return String.format(Locale.ROOT, "%.1f / %.2f", 100 * first, second);
    }
    String error = String.format(Locale.ROOT, "%.3f", first);
    return Double.isNaN(second)
        ? error
        : error + String.format(Locale.ROOT, " / %.1f", 100 * second);
  }
}
