package io.lift.core.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What is answered to one prompt: by the model alone, or calibrated by labels that came in.
 *
 * @param label classification: the most probable label; otherwise null
 * @param probabilities classification: every label of the task with its probability, summing to 1;
 *     otherwise null
 * @param value regression: the answer in the target's own unit (the median of the distribution);
 *     otherwise null
 * @param interval regression: where the truth is expected with the interval's coverage; otherwise
 *     null
 * @param labels classification: the conformal label set, which holds the truth as often as was
 *     asked, most probable label first; null while none has been learnt. Empty where even the most
 *     probable label is less sure than such a share of the truths
 * @param abstained true if the label is less probable than the task asks for; otherwise null
 * @param calibration what was done to the model's own figures; null if nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Answer(
    String label,
    Map<String, Double> probabilities,
    Double value,
    Interval interval,
    List<String> labels,
    Boolean abstained,
    Calibration calibration) {

  /**
   * A central prediction interval.
   *
   * @param lower its lower end; of the model's own, the (1 - coverage) / 2 quantile
   * @param upper its upper end; of the model's own, the (1 + coverage) / 2 quantile
   * @param coverage how often it is to hold the truth, 0..1; of the model's own, the probability
   *     mass in it
   */
  public record Interval(double lower, double upper, double coverage) {}

  /**
   * What turns the model's own figures into calibrated ones; learnt from recent labelled rows.
   *
   * @param coverage how often label sets or intervals are to hold the truth
   * @param rows labelled rows behind it
   * @param temperature classification: probabilities are {@code p^(1/temperature)}, normalised;
   *     otherwise null
   * @param cutoff classification: the model's own probability from which on a label is in the set;
   *     otherwise null
   * @param stretch regression: both halves of the model's own interval become so many times as
   *     long; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Calibration(
      double coverage, int rows, Double temperature, Double cutoff, Double stretch) {}

  public static Answer ofLabels(String label, Map<String, Double> probabilities) {
    return new Answer(label, probabilities, null, null, null, null, null);
  }

  public static Answer ofNumber(double value, Interval interval) {
    return new Answer(null, null, value, interval, null, null, null);
  }

  /** Whether the label stands: it is sure enough for the task. */
  public boolean stands() {
    return !Boolean.TRUE.equals(abstained);
  }
}
