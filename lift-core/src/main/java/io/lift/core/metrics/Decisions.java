package io.lift.core.metrics;

import io.lift.core.answer.Answer;
import java.util.Map;

/**
 * What answers with labels decided besides the most probable label, in counts.
 *
 * @param sets answers with a label set
 * @param covered truths in their set
 * @param members labels in all sets together
 * @param abstained answers marked as abstained
 * @param right right ones among the other answers
 */
public record Decisions(long sets, long covered, long members, long abstained, long right) {
  static final Decisions NONE = new Decisions(0, 0, 0, 0, 0);

  /** With one more row, or (sign -1) one less. */
  Decisions plus(String truth, Answer answer, int sign) {
    boolean set = answer.labels() != null;
    boolean right = answer.stands() && truth.equals(answer.label());
    return new Decisions(
        sets + (set ? sign : 0),
        covered + (set && answer.labels().contains(truth) ? sign : 0),
        members + (set ? sign * answer.labels().size() : 0),
        abstained + (answer.stands() ? 0 : sign),
        this.right + (right ? sign : 0));
  }

  /** The figures by {@link MetricNames} of so many rows. */
  void putInto(Map<String, Double> values, long count) {
    if (sets > 0) {
      values.put(MetricNames.COVERAGE, (double) covered / sets);
      values.put(MetricNames.SET_SIZE, (double) members / sets);
    }
    if (abstained > 0) {
      values.put(MetricNames.ABSTAINED, (double) abstained / count);
    }
    if (abstained > 0 && abstained < count) {
      values.put(MetricNames.ACCURACY_ANSWERED, (double) right / (count - abstained));
    }
  }
}
