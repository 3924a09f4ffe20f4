package io.lift.core.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The answer to one prompt: the model's own, or calibrated on labels that have arrived.
 *
 * @param label classification: the most probable label; otherwise null
 * @param probabilities classification: every label of the task with its probability, summing to 1;
 *     otherwise null
 * @param value regression: the median of the predicted distribution, in the target's unit;
 *     otherwise null
 * @param interval regression: a prediction interval; otherwise null
 * @param labels classification: the conformal label set, most probable label first. It contains the
 *     truth with the task's coverage. It is empty if no label reaches the threshold, and null
 *     before the calibration is ready
 * @param abstained true if the label's probability is below the task's threshold; otherwise null
 * @param calibration the calibration that was applied; null for the model's own answer
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
   * @param lower lower end; in the model's own answer, the (1 - coverage) / 2 quantile
   * @param upper upper end; in the model's own answer, the (1 + coverage) / 2 quantile
   * @param coverage share of the truths that it should contain, 0..1; in the model's own answer,
   *     the probability mass in it
   */
  public record Interval(double lower, double upper, double coverage) {

    /**
     * The part of the interval between two bounds; the interval itself if all of it is.
     *
     * @param value the answer, which stays in the interval
     */
    public Interval within(double least, double most, double value) {
      double low = Math.min(value, Math.max(least, Math.min(most, lower)));
      double high = Math.max(value, Math.max(least, Math.min(most, upper)));
      return low == lower && high == upper ? this : new Interval(low, high, coverage);
    }
  }

  /**
   * The parameters that turn a model's own answer into a calibrated one. They are fitted to recent
   * labelled rows.
   *
   * @param coverage share of the truths that label sets or intervals should contain
   * @param rows number of labelled rows behind it
   * @param temperature classification: probabilities become {@code p^(1/temperature)}, normalised;
   *     otherwise null
   * @param cutoff classification: a label is in the set if the model's own probability of it is at
   *     least this. Odds that differ by less than 5 % count as equal, and the row's id decides;
   *     otherwise null
   * @param stretch regression: the factor on both halves of the model's own interval, which the
   *     row's id moves by up to 5 %; otherwise null
   * @param own regression: the model's own interval, where the given one was cut because it would
   *     have left the range of the targets; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Calibration(
      double coverage, int rows, Double temperature, Double cutoff, Double stretch, Interval own) {

    /** The calibration of a classification. */
    public static Calibration ofLabels(
        double coverage, int rows, double temperature, double cutoff) {
      return new Calibration(coverage, rows, temperature, cutoff, null, null);
    }

    /** The calibration of a regression. */
    public static Calibration ofIntervals(double coverage, int rows, double stretch) {
      return new Calibration(coverage, rows, null, null, stretch, null);
    }

    /** This calibration with the model's own interval beside it. */
    public Calibration withOwn(Interval interval) {
      return new Calibration(coverage, rows, temperature, cutoff, stretch, interval);
    }
  }

  /** A model's own answer to a classification. */
  public static Answer ofLabels(String label, Map<String, Double> probabilities) {
    return new Answer(label, probabilities, null, null, null, null, null);
  }

  /** A model's own answer to a regression. */
  public static Answer ofNumber(double value, Interval interval) {
    return new Answer(null, null, value, interval, null, null, null);
  }

  /** Whether the answer is given, which means that it is not marked as abstained. */
  public boolean answered() {
    return !Boolean.TRUE.equals(abstained);
  }
}
