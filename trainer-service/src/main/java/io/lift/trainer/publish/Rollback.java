package io.lift.trainer.publish;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.RollbackRequest;
import io.lift.trainer.prompts.PartitionAssignment;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A rollback to an earlier version. The next version gets the file of the earlier one, which is
 * also its parent. No row enters with it. The rows of the versions in between stay with those
 * versions and count as seen by this one too, so no row enters twice and none is scored by weights
 * that may have been trained on it. They remain in the window and are rehearsed.
 *
 * @param request the request that it fulfils
 * @param partition the task's partition
 * @param spec the task
 * @param language hash of its language
 * @param baseModel hash of the base model
 * @param latest the current checkpoint, or null
 * @param version the version that the rollback makes
 */
public record Rollback(
    RollbackRequest request,
    PartitionAssignment partition,
    TaskSpec spec,
    String language,
    String baseModel,
    CheckpointManifest latest,
    long version) {

  /** The task's name. */
  public String task() {
    return spec.name();
  }

  /**
   * Why the request cannot be fulfilled, in one sentence; empty if it can.
   *
   * @param kept the versions whose files can still be read
   */
  public Optional<String> rejection(NavigableMap<Long, CheckpointManifest> kept) {
    long wanted = request.version();
    CheckpointManifest target = kept.get(wanted);
    if (latest == null) {
      return Optional.of("Task %s has no checkpoint yet.".formatted(task()));
    }
    if (wanted < 1 || wanted > latest.version()) {
      return Optional.of(
          "Task %s has no version %d; its newest is %d."
              .formatted(task(), wanted, latest.version()));
    }
    if (wanted == latest.version()) {
      return Optional.of("Version %d of task %s is the current one.".formatted(wanted, task()));
    }
    if (target == null) {
      return Optional.of(
          "Version %d of task %s is no longer kept: there are versions %d to %d."
              .formatted(wanted, task(), kept.firstKey(), kept.lastKey()));
    }
    if (!target.templateHash().equals(language)) {
      return Optional.of(
          "Version %d of task %s was trained on other sentences, those of version %d of the task."
              .formatted(wanted, task(), target.taskVersion()));
    }
    if (!target.baseModel().equals(baseModel)) {
      return Optional.of("Version %d of task %s has another base model.".formatted(wanted, task()));
    }
    return Optional.empty();
  }

  /**
   * Whether the request is the evaluator's, and of a version that is no longer the current one or
   * that an operator has chosen.
   */
  public boolean outdated() {
    RollbackRequest.Worse worse = request.worse();
    return worse != null
        && (latest == null || latest.version() != worse.version() || latest.restored() != null);
  }

  /**
   * The manifest of the new version, except for the location of its chunks.
   *
   * @param target the version to go back to
   * @param trainer name of this trainer
   */
  public Function<CheckpointManifest.Location, CheckpointManifest> manifest(
      CheckpointManifest target, String trainer) {
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    latest.ranges().forEach((p, range) -> ranges.put(p, new OffsetRange(range.to(), range.to())));
    Map<String, Double> metrics = new HashMap<>();
    if (target.metrics() != null && target.metrics().containsKey("loss")) {
      metrics.put("loss", target.metrics().get("loss"));
    }
    metrics.put("steps", 0.0);
    LineageOrigin.of(target).addTo(metrics);
    long createdAt = System.currentTimeMillis();
    return location ->
        new CheckpointManifest(
            task(),
            version,
            target.version(),
            spec.version(),
            target.templateHash(),
            target.baseModel(),
            target.sha256(),
            target.size(),
            location,
            createdAt,
            trainer,
            target.step(),
            target.seed(),
            Map.copyOf(ranges),
            latest.windowFrom(),
            0,
            latest.rows(),
            Map.copyOf(metrics),
            target.choices(),
            target.version());
  }
}
