package io.lift.trainer.round;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.model.RoundReport;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.RoundRows;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.publish.LineageOrigin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One round of fine-tuning: what it is trained on, what it continues from and which offsets its
 * checkpoint claims.
 *
 * @param partition the assignment of the task's partition
 * @param spec the task
 * @param language the task's language
 * @param training the task's policy with the trainer's defaults
 * @param parent the checkpoint to continue from; null for the base model
 * @param retrained the ensemble to continue from instead of the parent's; null for the parent's
 * @param version the version that the round makes
 * @param rows what it is trained on
 * @param range the offsets that enter with it
 * @param windowFrom offset of the oldest row that stays in the window after it
 * @param baselineRows entering rows whose answers the parent is to score before it is trained on
 *     them, in the order of the log; none where no retraining could be compared with them
 */
public record Round(
    PartitionAssignment partition,
    TaskSpec spec,
    TaskLanguage language,
    TrainingPolicy training,
    CheckpointManifest parent,
    RetrainedEnsemble retrained,
    long version,
    RoundRows rows,
    OffsetRange range,
    long windowFrom,
    List<WindowRow> baselineRows) {

  /** Copies the list. */
  public Round {
    baselineRows = List.copyOf(baselineRows);
  }

  /** The task's name. */
  public String task() {
    return spec.name();
  }

  /**
   * The manifest of this round's checkpoint, except for the location of its chunks.
   *
   * @param file the checkpoint file
   * @param baseModel hash of the base model
   * @param budget of a first round, as {@link FineTuner.Factory#budget}
   * @param trainer name of this trainer
   */
  public Function<CheckpointManifest.Location, CheckpointManifest> manifest(
      RoundReport report,
      FineTuner fineTuner,
      byte[] file,
      String baseModel,
      double budget,
      String trainer) {
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    Map<Integer, Long> windows = new TreeMap<>();
    if (parent != null) {
      // partitions from before the topic was given more: nothing new, but still trained on
      parent.ranges().forEach((p, r) -> ranges.put(p, new OffsetRange(r.to(), r.to())));
      parent.ranges().forEach((p, r) -> windows.put(p, r.to()));
    }
    ranges.put(partition.partition(), range);
    windows.put(partition.partition(), windowFrom);

    Map<String, Object> choices = new TreeMap<>(fineTuner.choices());
    choices.put("numbers", spec.numbers());
    choices.put("template", spec.template().style());

    Map<String, Double> metrics = metrics(report, budget);
    String sha256 = CheckpointFiles.sha256(file);
    long step = fineTuner.step();
    long createdAt = System.currentTimeMillis();
    return location ->
        new CheckpointManifest(
            spec.name(),
            version,
            parent == null ? 0 : parent.version(),
            spec.version(),
            language.hash(),
            baseModel,
            sha256,
            file.length,
            location,
            createdAt,
            trainer,
            step,
            training.seed() == null ? 0 : training.seed(),
            Map.copyOf(ranges),
            Map.copyOf(windows),
            rows.entering(),
            rows.entering() + (parent == null ? 0 : parent.rows()),
            Map.copyOf(metrics),
            choices,
            null);
  }

  private Map<String, Double> metrics(RoundReport report, double budget) {
    Map<String, Double> metrics = new HashMap<>();
    if (report.steps() > 0) {
      metrics.put("loss", report.loss());
    }
    metrics.put("seconds", report.seconds());
    metrics.put("tokens", (double) report.tokens());
    metrics.put("padding", report.paddingShare());
    metrics.put("steps", (double) report.steps());
    metrics.put("skipped", (double) report.skipped());
    metrics.put("rehearsed", (double) rows.rehearsed().size());
    if (report.cutAt() > 0) {
      metrics.put("cutAt", (double) report.cutAt());
      metrics.put("omitted", (double) report.omitted());
    }
    // an ensemble whose first round was cut has been started with a part of the budget
    origin(budget * report.doneShare()).addTo(metrics);
    if (retrained != null) {
      metrics.put(CheckpointManifest.RETRAINED, 1.0);
    }
    return metrics;
  }

  private LineageOrigin origin(double budget) {
    if (retrained != null) {
      return retrained.origin();
    }
    return parent == null
        ? new LineageOrigin(rows.fresh().size(), budget)
        : LineageOrigin.of(parent);
  }
}
