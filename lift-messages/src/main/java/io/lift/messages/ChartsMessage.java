package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The data behind the metrics of one task, on {@code lift.metrics.charts}. Every list is bounded.
 *
 * @param task the task; also the key
 * @param type {@code classification} or {@code regression}
 * @param history the metric over time, oldest first
 * @param drifts where the errors rose beyond their earlier variation, oldest first
 * @param confusion classification: truths against answers, over the window; otherwise null
 * @param reliability classification: confidence against accuracy, over the window; otherwise null
 * @param scatter regression: the newest truths and answers, oldest first; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ChartsMessage(
    String task,
    String type,
    List<Point> history,
    List<Drift> drifts,
    Confusion confusion,
    List<Bin> reliability,
    List<Pair> scatter) {

  /**
   * The metric after a number of rows: accuracy or, for a regression, RAE. It is absent where it is
   * not defined.
   *
   * @param scored rows scored so far
   * @param at epoch milliseconds of the newest of them
   * @param value the metric over the rows since the previous point
   * @param rolling the metric over the window
   * @param total the metric over all rows so far
   * @param baseline the metric of always answering the majority, over the window; for a regression,
   *     of the mean, which is 1
   * @param version the newest checkpoint version that answered
   * @param weights of the predictors that answered the newest of these rows, after its label,
   *     summing to 1; null where the answers had none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Point(
      long scored,
      long at,
      Double value,
      Double rolling,
      Double total,
      Double baseline,
      long version,
      Map<String, Double> weights) {}

  /**
   * A drift mark.
   *
   * @param scored rows scored when it was detected
   * @param at epoch milliseconds
   * @param before accuracy, or mean absolute error for a regression, when the model was at its best
   * @param after the same over the rows in which the rise was detected
   * @param since the first labelled row of these; null if unknown
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Drift(long scored, long at, double before, double after, PromptOffset since) {}

  /**
   * A confusion matrix.
   *
   * @param labels the most frequent labels
   * @param counts rows by truth (first index) and answer (second index)
   * @param truncated whether there are further labels
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Confusion(List<String> labels, long[][] counts, boolean truncated) {}

  /**
   * The answers whose probability is between two bounds.
   *
   * @param from lower bound
   * @param to upper bound
   * @param count how many answers
   * @param confidence their mean probability
   * @param accuracy the share of them that is right
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Bin(double from, double to, long count, double confidence, double accuracy) {}

  /**
   * A label and its answer.
   *
   * @param truth the label
   * @param value the answer
   * @param lower lower end of the interval, or null
   * @param upper upper end of the interval, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Pair(double truth, double value, Double lower, Double upper) {}
}
