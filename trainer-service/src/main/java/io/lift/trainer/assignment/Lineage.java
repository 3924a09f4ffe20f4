package io.lift.trainer.assignment;

import io.lift.core.prompt.TaskLanguage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import java.util.function.LongSupplier;

/**
 * The lineage of a task: a chain of checkpoints, each trained on from its parent. It ends where its
 * weights no longer fit, because the task has another language, the base model is another, or the
 * checkpoint file cannot be read. The next checkpoint then starts from the base model (parent 0)
 * under the next version, because a version is never used twice. Not thread-safe.
 */
final class Lineage {
  private final String baseModel;
  private final LongSupplier ids;
  private long id;
  private CheckpointManifest parent;
  private CheckpointManifest latest;
  private long lastVersion;
  private double loss = Double.NaN;

  /**
   * @param baseModel hash of the base model
   * @param language of the task
   * @param latest the task's current checkpoint, or null
   * @param lastVersion highest version ever published for the task, 0 if none
   * @param ids gives a number that no other lineage of this process has
   */
  Lineage(
      String baseModel,
      TaskLanguage language,
      CheckpointManifest latest,
      long lastVersion,
      LongSupplier ids) {
    this.baseModel = baseModel;
    this.ids = ids;
    this.id = ids.getAsLong();
    this.latest = latest;
    this.lastVersion = latest == null ? lastVersion : Math.max(lastVersion, latest.version());
    this.parent = fits(latest, language) ? latest : null;
    if (latest != null && latest.metrics() != null) {
      loss = latest.metrics().getOrDefault("loss", Double.NaN);
    }
  }

  private boolean fits(CheckpointManifest manifest, TaskLanguage language) {
    return manifest != null
        && language.hash().equals(manifest.templateHash())
        && baseModel.equals(manifest.baseModel());
  }

  /** The offset up to which the parent was trained on a partition; 0 without a parent. */
  long trainedTo(int partition) {
    OffsetRange range = parent == null ? null : parent.ranges().get(partition);
    return range == null ? 0 : range.to();
  }

  /**
   * A checkpoint of the task is published, perhaps in a language that the task has just left.
   *
   * @return whether the next round continues from it
   */
  boolean published(CheckpointManifest manifest, TaskLanguage language) {
    latest = manifest;
    lastVersion = manifest.version();
    loss = manifest.metrics().getOrDefault("loss", Double.NaN);
    boolean fits = fits(manifest, language);
    if (fits) {
      parent = manifest;
    }
    return fits;
  }

  /** Ends the lineage: the next round starts from the base model. */
  void restart() {
    parent = null;
    change();
  }

  /** Makes void what is being trained beside the rounds. */
  void change() {
    id = ids.getAsLong();
  }

  /**
   * A number that changes whenever a retraining of the task becomes void; unique in the process.
   */
  long id() {
    return id;
  }

  String baseModel() {
    return baseModel;
  }

  /** The checkpoint that the next round continues from; null for the base model. */
  CheckpointManifest parent() {
    return parent;
  }

  /** The task's current checkpoint, of this lineage or the one before; null if there is none. */
  CheckpointManifest latest() {
    return latest;
  }

  /** The version that the next checkpoint gets. */
  long nextVersion() {
    return lastVersion + 1;
  }

  /** The loss of the last round; NaN if it is not known. */
  double loss() {
    return loss;
  }
}
