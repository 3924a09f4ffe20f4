package io.lift.cli.eval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.cli.base.CliException;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.core.calibration.Calibrator;
import io.lift.core.metrics.MetricNames;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The outcome of one evaluation, as {@code --json} writes it. Fields of the other type of task are
 * absent.
 *
 * @param coverageRequested the coverage that was asked for; null if the answers were not calibrated
 * @param coverageError standard error of the coverage, from the calibration rows and the test rows
 * @param invalid test rows whose answer was no answer: failed, expired or no label of the task
 * @param missing test rows without any prediction
 * @param refused rows that were left out, because they cannot be used
 * @param extrapolated test rows with a number far beyond those of the training rows
 * @param trainSeconds from the first training row sent to the checkpoint that had learned them all
 * @param predictSeconds from the first test row sent to the last answer
 * @param rejected see {@link EvalOutcome}
 * @param answers each test row with its answer, if they were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EvalReport(
    String task,
    TaskType type,
    Integer run,
    @JsonProperty("train_rows") int trainRows,
    @JsonProperty("test_rows") int testRows,
    Double accuracy,
    @JsonProperty("macro_f1") Double macroF1,
    @JsonProperty("log_loss") Double logLoss,
    Double brier,
    Double ece,
    Double majority,
    Double rmse,
    Double mae,
    Double rae,
    Double r2,
    @JsonProperty("median_relative_error") Double medianRelativeError,
    Double coverage,
    @JsonProperty("coverage_requested") Double coverageRequested,
    @JsonProperty("coverage_error") Double coverageError,
    @JsonProperty("set_size") Double setSize,
    @JsonProperty("interval_width") Double intervalWidth,
    Double abstained,
    @JsonProperty("accuracy_answered") Double accuracyAnswered,
    int invalid,
    int missing,
    int refused,
    int extrapolated,
    @JsonProperty("train_seconds") double trainSeconds,
    @JsonProperty("predict_seconds") double predictSeconds,
    @JsonProperty("checkpoint_version") long checkpointVersion,
    Double rejected,
    List<AnsweredRow> answers) {
  /** A test of fewer rows says little. */
  private static final int FEW = 30;

  static EvalReport of(
      EvalData data,
      TaskType type,
      Integer run,
      Double requested,
      EvalOutcome outcome,
      int refused,
      boolean answers) {
    var m = outcome.metrics();
    return new EvalReport(
        data.name(),
        type,
        run,
        data.train().size(),
        data.test().size(),
        m.get(MetricNames.ACCURACY),
        m.get(MetricNames.MACRO_F1),
        m.get(MetricNames.LOG_LOSS),
        m.get(MetricNames.BRIER),
        m.get(MetricNames.ECE),
        m.get(MetricNames.MAJORITY),
        m.get(MetricNames.RMSE),
        m.get(MetricNames.MAE),
        m.get(MetricNames.RAE),
        m.get(MetricNames.R2),
        m.get(MetricNames.MEDIAN_RELATIVE_ERROR),
        m.get(MetricNames.COVERAGE),
        requested,
        requested == null ? null : coverageError(requested, data),
        m.get(MetricNames.SET_SIZE),
        m.get(MetricNames.INTERVAL_WIDTH),
        m.get(MetricNames.ABSTAINED),
        m.get(MetricNames.ACCURACY_ANSWERED),
        outcome.invalid(),
        outcome.missing(),
        refused,
        outcome.extrapolated(),
        outcome.trainSeconds(),
        outcome.predictSeconds(),
        outcome.checkpointVersion(),
        outcome.rejected(),
        answers ? outcome.answers() : null);
  }

  /**
   * The threshold is a quantile of the calibration rows, and its coverage is measured on the test
   * rows. Both are samples.
   */
  private static double coverageError(double coverage, EvalData data) {
    double calibrated = Math.min(data.calibration().size(), Calibrator.WINDOW);
    return Math.sqrt(coverage * (1 - coverage) * (1 / calibrated + 1.0 / data.test().size()));
  }

  void writeJson(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(
          file,
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }

  void print(Terminal terminal) {
    TextTable table = new TextTable("METRIC", "VALUE");
    if (type == TaskType.CLASSIFICATION) {
      table.row("accuracy", percent(accuracy));
      table.row("majority class", percent(majority));
      table.row("macro F1", number(macroF1));
      table.row("log loss", number(logLoss));
      table.row("Brier score", number(brier));
      table.row("calibration error", number(ece));
      if (setSize != null) {
        table.row("in the label set", held());
        table.row("labels in a set", number(setSize));
      }
      if (abstained != null) {
        table.row("abstained", percent(abstained));
        table.row("accuracy of the rest", percent(accuracyAnswered));
      }
    } else {
      table.row("RAE", number(rae));
      table.row("RMSE", number(rmse));
      table.row("MAE", number(mae));
      table.row("R2", number(r2));
      table.row("median relative error", percent(medianRelativeError));
      table.row("in the interval", held());
      table.row("interval width", number(intervalWidth));
    }
    table.row(rejected == null ? "training rows" : "generated rows", trainRows);
    if (rejected != null) {
      table.row("rejected drafts", percent(rejected));
    }
    table.row("test rows", testRows);
    if (extrapolated > 0) {
      table.row("test rows beyond the range of the training rows", extrapolated);
    }
    table.row("invalid answers", invalid);
    table.row("missing answers", missing);
    if (refused > 0) {
      table.row("rows left out", refused);
    }
    table.row("training", "%.1f s".formatted(trainSeconds));
    table.row("prediction", "%.1f s".formatted(predictSeconds));
    terminal.out().println();
    terminal.out().println(table.render(terminal));
    if (testRows < FEW) {
      terminal.out().println();
      terminal.out().println(caution());
    }
  }

  /** The half-width of a 95 % interval of an accuracy near one half is 0.98 / sqrt(rows). */
  private String caution() {
    String few = "Caution: %d test rows are few".formatted(testRows);
    return type == TaskType.CLASSIFICATION
        ? few
            + ": chance alone moves the accuracy by up to %.0f points either way."
                .formatted(Math.min(100, 98 / Math.sqrt(testRows)))
        : few + ": other rows may give quite different errors.";
  }

  /** The coverage, beside what was asked for. */
  private String held() {
    return coverageRequested == null || coverage == null
        ? percent(coverage)
        : "%.1f %% (%s %% requested, standard error %.1f %%)"
            .formatted(
                100 * coverage,
                BigDecimal.valueOf(100 * coverageRequested)
                    .setScale(2, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros()
                    .toPlainString(),
                100 * coverageError);
  }

  private static String percent(Double part) {
    return part == null ? "-" : "%.1f %%".formatted(100 * part);
  }

  private static String number(Double value) {
    return value == null ? "-" : "%.4f".formatted(value);
  }
}
