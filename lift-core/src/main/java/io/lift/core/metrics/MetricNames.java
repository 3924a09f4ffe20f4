package io.lift.core.metrics;

/** The names of metrics, on the wire and in reports. */
public final class MetricNames {
  /** Number of scored rows. */
  public static final String COUNT = "count";

  /** Share of rows whose most probable label is correct. */
  public static final String ACCURACY = "accuracy";

  /** Mean over labels of F1, the harmonic mean of precision and recall. */
  public static final String MACRO_F1 = "macro_f1";

  /** Mean of {@code -ln p(truth)}, in nats. */
  public static final String LOG_LOSS = "log_loss";

  /** Mean squared distance between probabilities and truth, summed over labels: 0..2. */
  public static final String BRIER = "brier";

  /** Expected calibration error over 15 bins of equal width of the answer's probability. */
  public static final String ECE = "ece";

  /** Share of the most frequent label: the accuracy of always answering it. */
  public static final String MAJORITY = "majority";

  /** Root of the mean squared error, in the target's unit. */
  public static final String RMSE = "rmse";

  /** Mean absolute error, in the target's unit. */
  public static final String MAE = "mae";

  /** Relative absolute error: sum of absolute errors over that of the mean truth as answer. */
  public static final String RAE = "rae";

  /** Coefficient of determination, R². */
  public static final String R2 = "r2";

  /** Median of the absolute errors as shares of the truths; rows with truth 0 are left out. */
  public static final String MEDIAN_RELATIVE_ERROR = "median_relative_error";

  /** Share of truths inside their label set or interval, among the answers that have one. */
  public static final String COVERAGE = "coverage";

  /** Mean number of labels in the label sets. */
  public static final String SET_SIZE = "set_size";

  /** Mean width of the intervals, in the target's unit. */
  public static final String INTERVAL_WIDTH = "interval_width";

  /** Share of answers marked as abstained; absent if there is none. */
  public static final String ABSTAINED = "abstained";

  /** Accuracy of the answers that are not abstained; absent if none is abstained. */
  public static final String ACCURACY_ANSWERED = "accuracy_answered";

  private MetricNames() {}
}
