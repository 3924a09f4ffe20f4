package io.lift.page.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.task.TaskSpec;
import io.lift.messages.ChartsMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.MetricsMessage;
import java.util.List;
import java.util.Map;

/**
 * What the page shows of one task; see docs/page-api.md.
 *
 * @param now epoch milliseconds
 * @param card the task at a glance
 * @param spec the task itself
 * @param metrics its newest metrics; null before the first
 * @param charts their history; null before the first scored row
 * @param round loss of the running round or the last one; null before the first
 * @param lineage its checkpoints, newest first
 * @param predictions its predictions, newest first
 * @param events what happened to it, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskDetail(
    long now,
    TaskCard card,
    TaskSpec spec,
    MetricsMessage metrics,
    ChartsMessage charts,
    Round round,
    List<Version> lineage,
    List<Prediction> predictions,
    List<EventMessage> events) {

  /**
   * The loss of one round.
   *
   * @param version the version that it makes
   * @param steps how many steps it has
   * @param points the loss at some of them, in order
   */
  public record Round(long version, int steps, List<Loss> points) {}

  /**
   * @param step optimizer step of the round, from 1
   * @param loss its loss
   */
  public record Loss(int step, double loss) {}

  /**
   * A checkpoint; the other fields are as in {@link CheckpointManifest}.
   *
   * @param scored the metrics of the rows that it answered; null if there are none
   * @param current whether it is the newest
   * @param canRestore whether a rollback to it is possible
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Version(
      long version,
      long parent,
      Long restored,
      int taskVersion,
      long createdAt,
      String trainer,
      Map<Integer, CheckpointManifest.OffsetRange> ranges,
      long newRows,
      long rows,
      long step,
      long size,
      String sha256,
      Map<String, Double> metrics,
      Map<String, Double> scored,
      boolean current,
      boolean canRestore) {}
}
