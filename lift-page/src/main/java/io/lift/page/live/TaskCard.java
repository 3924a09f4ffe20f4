package io.lift.page.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.metrics.MetricNames;
import io.lift.core.task.TaskType;
import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.MetricsMessage;

/**
 * A task at a glance; see docs/page-api.md. What is not known is null.
 *
 * @param task its name
 * @param version version of the task
 * @param type classification or regression
 * @param target the column to predict
 * @param features how many other columns
 * @param rows different rows seen
 * @param waiting rows with a label that no checkpoint has learned yet
 * @param predictions rows answered
 * @param scored rows answered and compared with their label
 * @param deadLetters records of the task that could not be used
 * @param checkpoint the current one
 * @param trainer who trains it
 * @param headline the main metric
 * @param updatedAt epoch milliseconds of the newest scored row
 * @param drift the newest drift mark
 * @param upload progress of an upload
 * @param rollback a rollback request that no trainer has fulfilled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskCard(
    String task,
    int version,
    TaskType type,
    String target,
    int features,
    long rows,
    Integer waiting,
    long predictions,
    long scored,
    long deadLetters,
    Current checkpoint,
    Trainer trainer,
    Headline headline,
    Long updatedAt,
    Drift drift,
    Upload upload,
    Rollback rollback) {

  /**
   * The current checkpoint.
   *
   * @param restored of a rollback: the version whose weights it has; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Current(long version, long parent, Long restored, long createdAt, long rows) {
    static Current of(CheckpointManifest manifest) {
      return new Current(
          manifest.version(),
          manifest.parent(),
          manifest.restored(),
          manifest.createdAt(),
          manifest.rows());
    }
  }

  /**
   * Who trains the task.
   *
   * @param state {@code training}, {@code retraining} (in spare time), {@code idle} or {@code none}
   * @param trainer its name
   * @param version the version that the running round will make; null unless training
   * @param step optimizer step of the running round or retraining; null if there is none
   * @param steps how many it has; null if there is none
   * @param loss of the newest step, or of the last round
   * @param at time of its newest message
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Trainer(
      String state,
      String trainer,
      Long version,
      Integer step,
      Integer steps,
      Double loss,
      Long at) {}

  /**
   * The main metric and its baseline.
   *
   * @param metric {@code accuracy} (higher is better) or {@code rae} (lower is better)
   * @param rolling over the window
   * @param total over all scored rows
   * @param baseline {@code majority} or {@code mean}
   * @param rollingBaseline the baseline's metric over the window
   * @param totalBaseline the baseline's metric over all scored rows
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Headline(
      String metric,
      Double rolling,
      Double total,
      String baseline,
      Double rollingBaseline,
      Double totalBaseline) {

    /** That of a task; null before the first scored row. */
    static Headline of(TaskType type, MetricsMessage metrics) {
      if (metrics == null || metrics.total().getOrDefault(MetricNames.COUNT, 0.0) == 0) {
        return null;
      }
      if (type == TaskType.CLASSIFICATION) {
        return new Headline(
            MetricNames.ACCURACY,
            metrics.rolling().get(MetricNames.ACCURACY),
            metrics.total().get(MetricNames.ACCURACY),
            MetricNames.MAJORITY,
            metrics.rolling().get(MetricNames.MAJORITY),
            metrics.total().get(MetricNames.MAJORITY));
      }
      return new Headline(
          MetricNames.RAE,
          metrics.rolling().get(MetricNames.RAE),
          metrics.total().get(MetricNames.RAE),
          "mean",
          1.0,
          1.0);
    }
  }

  /**
   * The upload of a table.
   *
   * @param state {@code sending}, {@code done} or {@code failed}
   * @param sent rows that Kafka has accepted
   * @param total rows of the table
   * @param error why it failed, or how many of its rows cannot be used and why; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Upload(String state, long sent, long total, String error) {}

  /**
   * A rollback request.
   *
   * @param version the version to restore
   * @param state {@code waiting} or {@code failed}
   * @param error why it failed, in one sentence; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rollback(long version, String state, String error) {}
}
