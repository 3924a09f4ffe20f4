package io.lift.core.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * What the model answers to one prompt.
 *
 * @param label classification: the most probable label; otherwise null
 * @param probabilities classification: every label of the task with its probability, summing to 1;
 *     otherwise null
 * @param value regression: the answer in the target's own unit (the median of the distribution);
 *     otherwise null
 * @param interval regression: the central 90 % interval; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Answer(
    String label, Map<String, Double> probabilities, Double value, Interval interval) {

  /**
   * A central prediction interval.
   *
   * @param lower the (1 - coverage) / 2 quantile
   * @param upper the (1 + coverage) / 2 quantile
   * @param coverage probability mass between the two, 0..1
   */
  public record Interval(double lower, double upper, double coverage) {}

  public static Answer ofLabels(String label, Map<String, Double> probabilities) {
    return new Answer(label, probabilities, null, null);
  }

  public static Answer ofNumber(double value, Interval interval) {
    return new Answer(null, null, value, interval);
  }
}
