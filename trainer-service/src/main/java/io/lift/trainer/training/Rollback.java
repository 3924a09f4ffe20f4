package io.lift.trainer.training;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.RollbackRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Going back to an earlier version, frozen when it starts. The next version gets the file of the
 * earlier one, which is also its parent. No row enters with it: the rows of the versions between
 * stay theirs, and count as seen by this one too, so that no row enters twice and none is scored by
 * weights that may have seen it. They remain in the window, to be rehearsed.
 *
 * @param wish what is wanted
 * @param ownership of the task's partition
 * @param spec the task
 * @param language hash of its language
 * @param baseModel hash of the base model
 * @param latest the current checkpoint, or null
 * @param version the version that is to be made
 */
record Rollback(
    RollbackRequest wish,
    PartitionAssignment ownership,
    TaskSpec spec,
    String language,
    String baseModel,
    CheckpointManifest latest,
    long version) {

  String task() {
    return spec.name();
  }

  /**
   * Why the wish cannot be fulfilled, in one sentence; empty if nothing stands against it.
   *
   * @param kept the versions whose files can still be read
   */
  Optional<String> refusal(NavigableMap<Long, CheckpointManifest> kept) {
    long wanted = wish.version();
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
   * The manifest of the new version, but for where its chunks will be.
   *
   * @param target the version to go back to
   * @param trainer who does it
   */
  Function<CheckpointManifest.Location, CheckpointManifest> manifest(
      CheckpointManifest target, String trainer) {
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    latest.ranges().forEach((p, range) -> ranges.put(p, new OffsetRange(range.to(), range.to())));
    Map<String, Double> metrics = new HashMap<>();
    if (target.metrics() != null && target.metrics().containsKey("loss")) {
      metrics.put("loss", target.metrics().get("loss"));
    }
    metrics.put("steps", 0.0);
    LineageOrigin.of(target).into(metrics);
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
