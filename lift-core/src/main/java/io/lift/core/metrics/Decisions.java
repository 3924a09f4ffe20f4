package io.lift.core.metrics;

import io.lift.core.answer.Answer;
import java.util.Map;

/**
 * Counts of label sets and abstentions.
 *
 * @param sets answers with a label set
 * @param covered truths in their label set
 * @param setLabels labels in all sets together
 * @param abstained answers marked as abstained
 * @param correct correct ones among the other answers
 */
public record Decisions(long sets, long covered, long setLabels, long abstained, long correct) {
  static final Decisions NONE = new Decisions(0, 0, 0, 0, 0);

  /** These counts with a row added (sign 1) or removed (sign -1). */
  Decisions plus(String truth, Answer answer, int sign) {
    boolean set = answer.labels() != null;
    boolean correct = answer.answered() && truth.equals(answer.label());
    return new Decisions(
        sets + (set ? sign : 0),
        covered + (set && answer.labels().contains(truth) ? sign : 0),
        setLabels + (set ? sign * answer.labels().size() : 0),
        abstained + (answer.answered() ? 0 : sign),
        this.correct + (correct ? sign : 0));
  }

  /**
   * Adds the metrics by {@link MetricNames}.
   *
   * @param count number of rows
   */
  void putInto(Map<String, Double> values, long count) {
    if (sets > 0) {
      values.put(MetricNames.COVERAGE, (double) covered / sets);
      values.put(MetricNames.SET_SIZE, (double) setLabels / sets);
    }
    if (abstained > 0) {
      values.put(MetricNames.ABSTAINED, (double) abstained / count);
    }
    if (abstained > 0 && abstained < count) {
      values.put(MetricNames.ACCURACY_ANSWERED, (double) correct / (count - abstained));
    }
  }
}
