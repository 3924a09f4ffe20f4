package io.lift.core.metrics;

import io.lift.core.answer.Answer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Incremental metrics of answered rows with a label. Adding the newest row and removing the oldest
 * makes a rolling window. Not thread-safe.
 *
 * <p>The definitions are scikit-learn's. Macro-F1 averages over the labels that occur among truths
 * or answers. Log loss clips probabilities at 1e-15. The Brier score is the sum over labels (Brier
 * 1950), twice scikit-learn's score of two classes. ECE has 15 bins of equal width (Guo et al.,
 * ICML 2017).
 */
public final class ClassificationMetrics {
  private static final int BINS = 15;
  private static final double MIN_PROBABILITY = 1e-15;

  private final List<String> labels;
  private final Map<String, Integer> indices = new HashMap<>();
  private final long[][] confusion;
  private final CompensatedSum logLoss = new CompensatedSum();
  private final CompensatedSum brier = new CompensatedSum();
  private final long[] binCount = new long[BINS];
  private final long[] binCorrect = new long[BINS];
  private final CompensatedSum[] binConfidence = new CompensatedSum[BINS];
  private Decisions decisions = Decisions.NONE;
  private long count;

  public ClassificationMetrics(List<String> labels) {
    this.labels = List.copyOf(labels);
    confusion = new long[labels.size()][labels.size()];
    for (int i = 0; i < labels.size(); i++) {
      indices.put(labels.get(i), i);
    }
    for (int bin = 0; bin < BINS; bin++) {
      binConfidence[bin] = new CompensatedSum();
    }
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if truth or answer is not one of the labels
   */
  public void add(String truth, Answer answer) {
    update(truth, answer, 1);
  }

  /** Removes a row that was added with the same arguments. */
  public void remove(String truth, Answer answer) {
    update(truth, answer, -1);
  }

  private void update(String truth, Answer answer, int sign) {
    int actual = index(truth);
    int predicted = index(answer.label());
    double squares = 0;
    double confidence = 0;
    for (int i = 0; i < labels.size(); i++) {
      double p = answer.probabilities().getOrDefault(labels.get(i), 0.0);
      squares += (i == actual ? 1 - p : p) * (i == actual ? 1 - p : p);
      confidence = i == predicted ? p : confidence;
    }
    double p = answer.probabilities().getOrDefault(truth, 0.0);
    int bin = (int) Math.max(0, Math.min(BINS - 1, Math.ceil(confidence * BINS) - 1));
    count += sign;
    confusion[actual][predicted] += sign;
    logLoss.add(-sign * Math.log(Math.max(MIN_PROBABILITY, Math.min(1 - MIN_PROBABILITY, p))));
    brier.add(sign * squares);
    binCount[bin] += sign;
    binCorrect[bin] += actual == predicted ? sign : 0;
    binConfidence[bin].add(sign * confidence);
    decisions = decisions.plus(truth, answer, sign);
  }

  private int index(String label) {
    Integer index = indices.get(label);
    if (index == null) {
      throw new IllegalArgumentException(label + " is not one of the labels " + labels);
    }
    return index;
  }

  /** The number of rows. */
  public long count() {
    return count;
  }

  public List<String> labels() {
    return labels;
  }

  /** The confusion matrix: rows by truth (first index) and answer (second index). */
  public long[][] confusion() {
    return copy(confusion);
  }

  /** The metrics by {@link MetricNames}; only the count if there is no row. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(MetricNames.COUNT, (double) count);
    if (count > 0) {
      values.put(MetricNames.ACCURACY, (double) correct() / count);
      values.put(MetricNames.MACRO_F1, macroF1());
      values.put(MetricNames.LOG_LOSS, logLoss.value() / count);
      values.put(MetricNames.BRIER, brier.value() / count);
      values.put(MetricNames.ECE, expectedCalibrationError());
      values.put(MetricNames.MAJORITY, (double) mostFrequent() / count);
      decisions.putInto(values, count);
    }
    return values;
  }

  private long correct() {
    long correct = 0;
    for (int i = 0; i < confusion.length; i++) {
      correct += confusion[i][i];
    }
    return correct;
  }

  private double macroF1() {
    double sum = 0;
    int occurring = 0;
    for (int i = 0; i < confusion.length; i++) {
      long truths = 0;
      long answers = 0;
      for (int j = 0; j < confusion.length; j++) {
        truths += confusion[i][j];
        answers += confusion[j][i];
      }
      if (truths + answers > 0) {
        occurring++;
        sum += 2.0 * confusion[i][i] / (truths + answers);
      }
    }
    return sum / occurring;
  }

  private double expectedCalibrationError() {
    double gaps = 0;
    for (int bin = 0; bin < BINS; bin++) {
      gaps += Math.abs(binCorrect[bin] - binConfidence[bin].value());
    }
    return gaps / count;
  }

  private long mostFrequent() {
    long most = 0;
    for (long[] row : confusion) {
      long truths = 0;
      for (long cell : row) {
        truths += cell;
      }
      most = Math.max(most, truths);
    }
    return most;
  }

  /** The state for a restart. */
  public State state() {
    double[] confidence = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      confidence[bin] = binConfidence[bin].value();
    }
    return new State(
        labels,
        copy(confusion),
        logLoss.value(),
        brier.value(),
        binCount.clone(),
        binCorrect.clone(),
        confidence,
        decisions);
  }

  /** Continues from a state. */
  public static ClassificationMetrics of(State state) {
    ClassificationMetrics metrics = new ClassificationMetrics(state.labels());
    for (int i = 0; i < metrics.confusion.length; i++) {
      for (int j = 0; j < metrics.confusion.length; j++) {
        metrics.confusion[i][j] = state.confusion()[i][j];
        metrics.count += state.confusion()[i][j];
      }
    }
    metrics.logLoss.reset(state.logLoss());
    metrics.brier.reset(state.brier());
    metrics.decisions = state.decisions() == null ? Decisions.NONE : state.decisions();
    for (int bin = 0; bin < BINS; bin++) {
      metrics.binCount[bin] = state.binCount() == null ? 0 : state.binCount()[bin];
      metrics.binCorrect[bin] = state.binCorrect()[bin];
      metrics.binConfidence[bin].reset(state.binConfidence()[bin]);
    }
    return metrics;
  }

  private static long[][] copy(long[][] table) {
    long[][] copy = new long[table.length][];
    for (int i = 0; i < table.length; i++) {
      copy[i] = table[i].clone();
    }
    return copy;
  }

  /**
   * The sums behind the metrics, as plain data for a state store.
   *
   * @param labels the labels, in order
   * @param confusion rows by truth and answer
   * @param logLoss sum of {@code -ln p(truth)}
   * @param brier sum of squared distances
   * @param binCount answers per confidence bin; null in a state of an older version
   * @param binCorrect correct answers per confidence bin
   * @param binConfidence sum of the answers' probabilities per confidence bin
   * @param decisions label sets and abstentions; null in a state of an older version
   */
  public record State(
      List<String> labels,
      long[][] confusion,
      double logLoss,
      double brier,
      long[] binCount,
      long[] binCorrect,
      double[] binConfidence,
      Decisions decisions) {}
}
