package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the metrics of one task came about, on {@code lift.metrics.charts}. Every list is bounded.
 *
 * @param task the task; also the key
 * @param type {@code classification} or {@code regression}
 * @param history the figures over time, oldest first
 * @param drifts where the errors rose above what their own past explains, oldest first
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
   * The figures after so many rows. The figure is accuracy or, for a regression, RAE; it is absent
   * where it is not defined.
   *
   * @param scored rows scored so far
   * @param at epoch milliseconds of the newest of them
   * @param value the figure over the rows since the point before
   * @param rolling the figure over the window
   * @param total the figure over all rows so far
   * @param baseline the same for always answering the majority (the mean: 1), over the window
   * @param version the newest checkpoint version that answered
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
      long version) {}

  /**
   * A drift mark.
   *
   * @param scored rows scored when it was noticed
   * @param at epoch milliseconds
   * @param before accuracy (of a regression: mean absolute error) when the model was at its best
   * @param after the same over the rows in which the rise showed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Drift(long scored, long at, double before, double after) {}

  /**
   * Rows by truth and answer.
   *
   * @param labels the most frequent labels
   * @param counts rows by truth (first index) and answer (second index)
   * @param truncated whether there are further labels
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Confusion(List<String> labels, long[][] counts, boolean truncated) {}

  /**
   * The answers whose probability lay between two bounds.
   *
   * @param from lower bound
   * @param to upper bound
   * @param count how many answers
   * @param confidence their mean probability
   * @param accuracy the share of them that was right
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Bin(double from, double to, long count, double confidence, double accuracy) {}

  /**
   * A truth and its answer.
   *
   * @param truth what it was
   * @param value what the model said
   * @param lower lower end of the interval, or null
   * @param upper upper end of the interval, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Pair(double truth, double value, Double lower, Double upper) {}
}
