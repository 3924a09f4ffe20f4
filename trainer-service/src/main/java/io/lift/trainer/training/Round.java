package io.lift.trainer.training;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.Traces;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.model.RoundReport;
import io.opentelemetry.api.trace.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One round of fine-tuning, frozen when it starts: what it learns, what it goes on from and which
 * offsets its checkpoint will claim. Its progress is written by the training thread and read by
 * anyone.
 */
final class Round {
  private final PartitionAssignment ownership;
  private final TaskSpec spec;
  private final TaskLanguage language;
  private final TrainingPolicy training;
  private final CheckpointManifest parent;
  private final Retraining renewal;
  private final long version;
  private final RoundRows rows;
  private final OffsetRange range;
  private final long windowFrom;

  private volatile boolean cancelled;
  private volatile int step;
  private volatile int steps;
  private volatile double loss = Double.NaN;
  private List<WindowRow> asked = List.of();
  private double[] served = {};

  Round(
      PartitionAssignment ownership,
      TaskSpec spec,
      TaskLanguage language,
      TrainingPolicy training,
      CheckpointManifest parent,
      Retraining renewal,
      long version,
      RoundRows rows,
      OffsetRange range,
      long windowFrom) {
    this.ownership = ownership;
    this.spec = spec;
    this.language = language;
    this.training = training;
    this.parent = parent;
    this.renewal = renewal;
    this.version = version;
    this.rows = rows;
    this.range = range;
    this.windowFrom = windowFrom;
  }

  /**
   * The manifest of this round's checkpoint, but for where its chunks will be.
   *
   * @param budget what a first round may read, as {@link FineTuner.Factory#budget}
   */
  Function<CheckpointManifest.Location, CheckpointManifest> manifest(
      RoundReport report,
      FineTuner tuner,
      byte[] file,
      String baseModel,
      double budget,
      String trainer) {
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    Map<Integer, Long> windows = new TreeMap<>();
    if (parent != null) {
      // other partitions, from before the topic was given more: nothing new, but still trained on
      parent.ranges().forEach((p, r) -> ranges.put(p, new OffsetRange(r.to(), r.to())));
      parent.ranges().forEach((p, r) -> windows.put(p, r.to()));
    }
    ranges.put(ownership.partition(), range);
    windows.put(ownership.partition(), windowFrom);

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
    begun(budget).into(metrics);
    if (renewal != null) {
      metrics.put(CheckpointManifest.RENEWED, 1.0);
    }

    Map<String, Object> choices = new TreeMap<>(tuner.choices());
    choices.put("numbers", spec.numbers());
    choices.put("template", spec.template().style());

    String sha256 = CheckpointFiles.sha256(file);
    long step = tuner.step();
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

  private LineageOrigin begun(double budget) {
    if (renewal != null) {
      return renewal.begun();
    }
    return parent == null
        ? new LineageOrigin(rows.fresh().size(), budget)
        : LineageOrigin.of(parent);
  }

  /** The parent was asked about some of the rows that enter, before they are learnt. */
  void served(List<WindowRow> newest, double[] logs) {
    asked = newest;
    served = logs;
  }

  /** Tells how likely it held their answers. */
  void served(BaselineScores memory) {
    memory.served(asked, served);
  }

  /** Told after each optimizer step; false once the round has been cancelled. */
  boolean after(int step, int steps, double loss) {
    this.step = step;
    this.steps = steps;
    this.loss = loss;
    return !cancelled;
  }

  /** Stops the round after the step that is running. */
  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  String task() {
    return spec.name();
  }

  PartitionAssignment ownership() {
    return ownership;
  }

  TaskSpec spec() {
    return spec;
  }

  TaskLanguage language() {
    return language;
  }

  TrainingPolicy training() {
    return training;
  }

  /** The checkpoint to go on from; null for the base model. */
  CheckpointManifest parent() {
    return parent;
  }

  long version() {
    return version;
  }

  /** The committee to go on from instead of the parent's; null for the parent's. */
  Retraining renewal() {
    return renewal;
  }

  RoundRows rows() {
    return rows;
  }

  /** Begins the span of this round, linked to the traces of the rows that enter. */
  Span beginSpan(Traces traces) {
    return traces
        .beginBatch("train", rows.traces())
        .setAttribute("lift.task", task())
        .setAttribute("lift.checkpoint", version)
        .setAttribute("messaging.batch.message_count", rows.entering());
  }

  OffsetRange range() {
    return range;
  }

  int step() {
    return step;
  }

  int steps() {
    return steps;
  }

  double loss() {
    return loss;
  }
}
