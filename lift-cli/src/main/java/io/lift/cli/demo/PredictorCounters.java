package io.lift.cli.demo;

import io.lift.messages.PredictionMessage.Predictor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each predictor of a stream of two-class rows was right, and how much it counted in the
 * answers. Not thread-safe.
 */
final class PredictorCounters {
  /** Words for the names of predictors, with what follows the hyphen. */
  private static final Map<String, String> WORDS =
      Map.of(
          "context", "in-context model, newest %s rows",
          "boosting", "boosted trees, newest %s rows",
          "nearest", "nearest of the newest %s rows",
          "bayes", "naive Bayes, newest %s rows",
          "logistic", "logistic regression, rate %s",
          "frequencies", "labels of the newest %s rows");

  private final Map<String, Sums> sums = new LinkedHashMap<>();
  private int answers;

  private static final class Sums {
    private int rows;
    private int right;
    private double weight;
  }

  /**
   * One predictor.
   *
   * @param what it is, in words
   * @param rows that it answered
   * @param accuracy over these, 0..1
   * @param weight in all answers, in the mean, 0..1
   */
  record Line(String what, int rows, double accuracy, double weight) {}

  /**
   * Counts an answer.
   *
   * @param predictors of the answer; null for none
   * @param label place of the true label among the answer's
   */
  void add(List<Predictor> predictors, int label) {
    answers++;
    if (predictors == null) {
      return;
    }
    long newest = predictors.stream().mapToLong(PredictorCounters::version).max().orElse(0);
    for (Predictor each : predictors) {
      List<Double> p = each.probabilities();
      if (p == null || label >= p.size()) {
        continue;
      }
      Sums of = sums.computeIfAbsent(words(each, newest), any -> new Sums());
      of.rows++;
      of.right += p.stream().allMatch(other -> other <= p.get(label)) ? 1 : 0;
      of.weight += each.share();
    }
  }

  private static long version(Predictor predictor) {
    return Predictor.version(predictor.name()).orElse(0);
  }

  private static String words(Predictor predictor, long newest) {
    long version = version(predictor);
    if (version > 0) {
      return version == newest ? "checkpoint" : "checkpoint before";
    }
    String name = predictor.name();
    int hyphen = name.indexOf('-');
    String known = hyphen < 0 ? null : WORDS.get(name.substring(0, hyphen));
    return known == null ? name : known.formatted(name.substring(hyphen + 1));
  }

  /** All predictors, the weightiest first. */
  List<Line> lines() {
    return sums.entrySet().stream()
        .map(
            e ->
                new Line(
                    e.getKey(),
                    e.getValue().rows,
                    (double) e.getValue().right / e.getValue().rows,
                    e.getValue().weight / answers))
        .sorted(Comparator.comparingDouble(Line::weight).reversed())
        .toList();
  }
}
