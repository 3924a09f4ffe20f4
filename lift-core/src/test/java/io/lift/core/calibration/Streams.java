package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Streams of answers by models whose faults are known: too sure of themselves from the start, and
 * wrong more often from {@link #DRIFT} on, until they have learned.
 */
final class Streams {
  static final int ROWS = 5_000;
  static final int DRIFT = 2_500;

  private static final String[] LABELS = {"a", "b", "c", "d"};

  /** An answer and how it came out. */
  record Row(String truth, Answer own) {}

  /** A model and its rows, one after the other. */
  interface Stream {
    Row next(int i);
  }

  private Streams() {}

  /**
   * Four labels. Truths are drawn from {@code p}, the model says {@code p²}, normalised; after the
   * drift truths are drawn at random instead in a share of the rows.
   *
   * @param sharpness of {@code p}: 2.5 is right in 74 % of the rows, 8 in 91 %
   * @param wrong share at the drift
   * @param forgets rows after which it is 1/e of that; infinite for a drift that stays
   */
  static Stream labels(long seed, double sharpness, double wrong, double forgets) {
    Random random = new Random(seed);
    return i -> {
      double[] p = new double[LABELS.length];
      for (int label = 0; label < p.length; label++) {
        p[label] = Math.exp(sharpness * random.nextGaussian());
      }
      int truth = draw(p, random);
      double share = i < DRIFT ? 0 : wrong * Math.exp((DRIFT - i) / forgets);
      if (random.nextDouble() < share) {
        truth = random.nextInt(p.length);
      }
      return new Row(LABELS[truth], answer(p));
    };
  }

  private static int draw(double[] weights, Random random) {
    double left = random.nextDouble() * sum(weights);
    int label = 0;
    while (label < weights.length - 1 && left >= weights[label]) {
      left -= weights[label++];
    }
    return label;
  }

  private static Answer answer(double[] weights) {
    double[] squares = new double[weights.length];
    int best = 0;
    for (int i = 0; i < weights.length; i++) {
      squares[i] = weights[i] * weights[i];
      best = weights[i] > weights[best] ? i : best;
    }
    Map<String, Double> probabilities = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      probabilities.put(LABELS[i], squares[i] / sum(squares));
    }
    return Answer.ofLabels(LABELS[best], probabilities);
  }

  private static double sum(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /**
   * Numbers with errors of Student's t with four degrees of freedom and a spread of their own in
   * each row; the model knows the spread, but its intervals are too short, the lower half more so.
   *
   * @param grown how many times as large the errors are at the drift
   * @param forgets as of labels
   */
  static Stream numbers(long seed, double grown, double forgets) {
    Random random = new Random(seed);
    return i -> {
      double spread = Math.exp(0.5 * random.nextGaussian());
      double times = i < DRIFT ? 1 : 1 + (grown - 1) * Math.exp((DRIFT - i) / forgets);
      double squares = 0;
      for (int k = 0; k < 4; k++) {
        squares += Math.pow(random.nextGaussian(), 2);
      }
      double error = spread * times * random.nextGaussian() / Math.sqrt(squares / 4);
      double value = 100 + 10 * random.nextGaussian();
      Answer.Interval interval = new Answer.Interval(value - spread, value + 1.3 * spread, 0.9);
      return new Row(Double.toString(value + error), Answer.ofNumber(value, interval));
    };
  }
}
