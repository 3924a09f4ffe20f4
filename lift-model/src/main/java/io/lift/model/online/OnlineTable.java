package io.lift.model.online;

import java.util.Arrays;
import java.util.List;

/**
 * What is learned row by row in a task: its columns and labels. Makes learners for it.
 *
 * @param categories of each column; 0 for a column of numbers
 * @param labels how many there are
 */
public record OnlineTable(int[] categories, int labels) {
  /** Inputs times labels. */
  private static final long MOST_WEIGHTS = 20_000;

  /** Whether the table is small enough to learn a row in much less than a millisecond. */
  public boolean isSmall() {
    long inputs = Arrays.stream(categories).map(count -> Math.max(1, count)).sum();
    return inputs * labels <= MOST_WEIGHTS;
  }

  /**
   * A logistic regression that has learned nothing.
   *
   * @param rate see {@link OnlineLogisticRegression}
   * @param scaling cells of rows that say how numbers are scaled
   */
  public OnlineLearner logistic(double rate, List<int[]> scaling) {
    return new OnlineLogisticRegression(categories, labels, rate, scaling);
  }

  /**
   * Naive Bayes that has learned nothing.
   *
   * @param scaling cells of rows that say how numbers are divided
   */
  public OnlineLearner naiveBayes(List<int[]> scaling) {
    return new OnlineNaiveBayes(categories, labels, scaling);
  }

  /**
   * Answers a row from the labels of the nearest rows.
   *
   * @param rows cells of labelled rows, at least one
   * @param given their labels
   * @param query cells of the row
   * @return one probability per label, summing to 1
   */
  public double[] nearest(List<int[]> rows, int[] given, int[] query) {
    return NearestRows.probabilities(categories, labels, rows, given, query);
  }
}
