package io.lift.bench.paper;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.lift.core.metrics.MetricNames;
import java.util.Locale;

/** What can be reported of a cell. */
enum Measure {
  @JsonProperty(MetricNames.ACCURACY)
  ACCURACY("Accuracy, %", MetricNames.ACCURACY, Better.MORE, 100),
  @JsonProperty(MetricNames.MACRO_F1)
  MACRO_F1("Macro F1, %", MetricNames.MACRO_F1, Better.MORE, 100),
  @JsonProperty("rare_f1")
  RARE_F1("F1 of the rarest label, %", "rare_f1", Better.MORE, 100),
  @JsonProperty(MetricNames.LOG_LOSS)
  LOG_LOSS("Log loss, nats", MetricNames.LOG_LOSS, Better.LESS, 1),
  @JsonProperty(MetricNames.ECE)
  ECE("Expected calibration error, 15 bins", MetricNames.ECE, Better.LESS, 1),
  /** What {@link #ECE} would be on these rows if every probability were right. */
  @JsonProperty("ece_floor")
  ECE_FLOOR("Floor of the calibration error on these rows", "ece_floor", Better.NEITHER, 1),
  @JsonProperty(MetricNames.RAE)
  RAE("Relative absolute error", MetricNames.RAE, Better.LESS, 1),
  @JsonProperty(MetricNames.RMSE)
  RMSE("Root mean squared error", MetricNames.RMSE, Better.LESS, 1),
  @JsonProperty(MetricNames.COVERAGE)
  COVERAGE("Truths inside the 90 % interval, %", MetricNames.COVERAGE, Better.NEITHER, 100),
  @JsonProperty("set_coverage")
  SET_COVERAGE("Truths inside the label set, %", "set_coverage", Better.NEITHER, 100),
  @JsonProperty("set_size")
  SET_SIZE("Labels in the label set, mean", "set_size", Better.NEITHER, 1),
  @JsonProperty("rejected")
  REJECTED("Drafts of generated rows that were rejected, %", "rejected", Better.LESS, 100);

  enum Better {
    MORE,
    LESS,
    /** Neither a high nor a low figure is good in itself. */
    NEITHER
  }

  private final String title;
  private final String key;
  private final Better better;
  private final double scale;

  Measure(String title, String key, Better better, double scale) {
    this.title = title;
    this.key = key;
    this.better = better;
    this.scale = scale;
  }

  String title() {
    return title;
  }

  /** As files have it. */
  String key() {
    return key;
  }

  Better better() {
    return better;
  }

  /** A figure as the report shows it: percent of accuracies, all else as it is. */
  double shown(double value) {
    return scale * value;
  }

  String show(double value) {
    return String.format(Locale.ROOT, scale == 100 ? "%.1f" : "%.3f", shown(value));
  }
}
