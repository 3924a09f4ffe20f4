package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.CheckpointFiles;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.Traces;
import io.lift.model.FineTuning.RoundReport;
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
  private final Ownership ownership;
  private final TaskSpec spec;
  private final TaskLanguage language;
  private final TrainingPolicy training;
  private final CheckpointManifest parent;
  private final long version;
  private final List<Example> fresh;
  private final List<Example> rehearsed;
  private final OffsetRange range;
  private final long windowFrom;
  private final List<String> traces;

  private volatile boolean cancelled;
  private volatile int step;
  private volatile int steps;
  private volatile double loss = Double.NaN;

  Round(
      Ownership ownership,
      TaskSpec spec,
      TaskLanguage language,
      TrainingPolicy training,
      CheckpointManifest parent,
      long version,
      List<Example> fresh,
      List<Example> rehearsed,
      OffsetRange range,
      long windowFrom,
      List<String> traces) {
    this.ownership = ownership;
    this.spec = spec;
    this.language = language;
    this.training = training;
    this.parent = parent;
    this.version = version;
    this.fresh = fresh;
    this.rehearsed = rehearsed;
    this.range = range;
    this.windowFrom = windowFrom;
    this.traces = traces;
  }

  /** The manifest of this round's checkpoint, but for where its chunks will be. */
  Function<CheckpointManifest.Location, CheckpointManifest> manifest(
      RoundReport report, Tuner tuner, byte[] file, String baseModel, String trainer) {
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
    metrics.put("rehearsed", (double) rehearsed.size());

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
            fresh.size(),
            fresh.size() + (parent == null ? 0 : parent.rows()),
            Map.copyOf(metrics),
            choices,
            null);
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

  Ownership ownership() {
    return ownership;
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

  List<Example> fresh() {
    return fresh;
  }

  List<Example> rehearsed() {
    return rehearsed;
  }

  /** Begins the span of this round, linked to the traces of its fresh rows. */
  Span beginSpan() {
    return Traces.beginBatch("train", traces)
        .setAttribute("lift.task", task())
        .setAttribute("lift.checkpoint", version)
        .setAttribute("messaging.batch.message_count", fresh.size());
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
