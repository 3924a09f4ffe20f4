package io.lift.bench.baseline;

import io.lift.core.answer.Answer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A baseline fitted to a table: every setting of its grid was fitted to the training rows, and the
 * one with the best accuracy (of numbers, the least absolute error) on the validation rows was
 * kept. The first of equals wins.
 */
public final class Fitted {
  private final FeatureEncoder encoder;
  private final List<String> labels;
  private final double mean;
  private final double deviation;
  private Predictor predictor;
  private String settings = "";

  /**
   * @param target the column to predict
   * @param labels the labels that may occur; empty for a regression
   * @param valid may be empty: then the first setting is taken
   */
  public Fitted(
      Baseline baseline,
      String target,
      List<String> labels,
      List<Map<String, String>> train,
      List<Map<String, String>> valid) {
    this.labels = labels;
    encoder = new FeatureEncoder(train, target);
    double[] y = targets(train, target);
    mean = classes() ? 0 : average(y);
    deviation = classes() ? 1 : deviation(y, mean);
    for (int row = 0; row < y.length; row++) {
      y[row] = (y[row] - mean) / deviation;
    }
    learn(baseline, new Examples(encoder.encode(train), y, labels.size()), target, valid);
  }

  private void learn(
      Baseline baseline, Examples rows, String target, List<Map<String, String>> valid) {
    boolean oneAnswer = Arrays.stream(rows.y()).distinct().count() == 1;
    if (oneAnswer || rows.features() == 0) {
      predictor = always(rows);
      settings = "nothing to learn";
      return;
    }
    double best = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Learner> candidate : baseline.grid().entrySet()) {
      Predictor learned = candidate.getValue().fit(rows);
      double score = score(learned, target, valid);
      if (score > best) {
        best = score;
        predictor = learned;
        settings = candidate.getKey();
      }
    }
  }

  /** The settings that were chosen, in a few words. */
  public String settings() {
    return settings;
  }

  /** Answers for rows, whose targets are not used. */
  public List<Answer> answer(List<Map<String, String>> rows) {
    return Arrays.stream(encoder.encode(rows)).map(predictor::predict).map(this::answer).toList();
  }

  private Answer answer(double[] predicted) {
    if (!classes()) {
      return Answer.ofNumber(mean + deviation * predicted[0], null);
    }
    Map<String, Double> probabilities = new LinkedHashMap<>();
    for (int label = 0; label < predicted.length; label++) {
      probabilities.put(labels.get(label), predicted[label]);
    }
    return Answer.ofLabels(labels.get(largest(predicted)), probabilities);
  }

  /** More is better. */
  private double score(Predictor learned, String target, List<Map<String, String>> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    double[] truths = targets(rows, target);
    double[][] x = encoder.encode(rows);
    double score = 0;
    for (int row = 0; row < truths.length; row++) {
      double[] predicted = learned.predict(x[row]);
      score +=
          classes()
              ? (largest(predicted) == truths[row] ? 1 : 0)
              : -Math.abs(mean + deviation * predicted[0] - truths[row]);
    }
    return score;
  }

  /** [row]; the index of the label, or the number. */
  private double[] targets(List<Map<String, String>> rows, String target) {
    return rows.stream()
        .map(row -> row.get(target))
        .mapToDouble(text -> classes() ? labels.indexOf(text) : Double.parseDouble(text))
        .toArray();
  }

  private Predictor always(Examples rows) {
    double[] answer = new double[classes() ? labels.size() : 1];
    if (classes()) {
      for (double label : rows.y()) {
        answer[(int) label] += 1.0 / rows.y().length;
      }
    }
    return x -> answer;
  }

  private boolean classes() {
    return !labels.isEmpty();
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  private static double average(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values, double mean) {
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return squares == 0 ? 1 : Math.sqrt(squares / values.length);
  }
}
