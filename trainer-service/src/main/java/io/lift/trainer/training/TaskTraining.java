package io.lift.trainer.training;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.PromptMessage;
import io.lift.messages.RollbackRequest;
import java.util.Objects;

/**
 * The training of one task under one ownership of its partition: its language, its window and the
 * checkpoint that the next round goes on from.
 *
 * <p>A lineage is a chain of checkpoints, each trained on from its parent. It ends where its
 * weights no longer fit: the task speaks another language now, the base model is another, or the
 * checkpoint file is gone. The next checkpoint then starts from the base model (parent 0) on the
 * rows of the window, under the next version: a version is never used twice.
 *
 * <p>Guarded by the lock of {@link AssignmentState}.
 */
final class TaskTraining {
  private final PartitionAssignment ownership;
  private final TrainerSettings settings;
  private final String baseModel;
  private TaskSpec spec;
  private TaskLanguage language;
  private RoundPolicy policy;
  private int languageSince;
  private CheckpointManifest parent;
  private CheckpointManifest latest;
  private long lastVersion;
  private TaskWindow window;
  private long failedTo;
  private double loss = Double.NaN;
  private int lineage;
  private final BaselineScores memory = new BaselineScores();

  /**
   * @param latest the task's current checkpoint, or null
   * @param lastVersion highest version ever published for the task, 0 if none
   */
  TaskTraining(
      PartitionAssignment ownership,
      TrainerSettings settings,
      String baseModel,
      TaskSpec spec,
      CheckpointManifest latest,
      long lastVersion) {
    this.ownership = ownership;
    this.settings = settings;
    this.baseModel = baseModel;
    this.spec = spec;
    this.language = new TaskLanguage(spec);
    this.policy = settings.policy(spec);
    this.languageSince = spec.version();
    this.lastVersion = latest == null ? lastVersion : Math.max(lastVersion, latest.version());
    this.latest = latest;
    this.parent = fits(latest) ? latest : null;
    this.window = new TaskWindow(windowFrom(latest, ownership.partition()), trainedTo());
    if (latest != null && language.hash().equals(latest.templateHash())) {
      languageSince = Math.min(languageSince, latest.taskVersion());
    }
    if (latest != null && latest.metrics() != null) {
      loss = latest.metrics().getOrDefault("loss", Double.NaN);
    }
  }

  private boolean fits(CheckpointManifest manifest) {
    return manifest != null
        && language.hash().equals(manifest.templateHash())
        && baseModel.equals(manifest.baseModel());
  }

  /** Where a trainer that takes over this checkpoint begins to read; 0 without a checkpoint. */
  static long windowFrom(CheckpointManifest manifest, int partition) {
    return manifest == null ? 0 : manifest.windowFrom().getOrDefault(partition, 0L);
  }

  private long trainedTo() {
    OffsetRange range = parent == null ? null : parent.ranges().get(ownership.partition());
    return range == null ? 0 : range.to();
  }

  /**
   * Whether a prompt is written in this task's language.
   *
   * @param languageHash what its header says, or null to go by its task version
   */
  boolean speaks(PromptMessage prompt, String languageHash) {
    return languageHash != null
        ? languageHash.equals(language.hash())
        : prompt.taskVersion() >= languageSince && prompt.taskVersion() <= spec.version();
  }

  boolean add(WindowRow row) {
    boolean added = window.add(row);
    window.trim(policy.window());
    return added;
  }

  /**
   * Follows a new version of the task. If it speaks another language, the window is emptied and a
   * new lineage begins.
   *
   * @return whether a round in progress is void
   */
  boolean follow(TaskSpec newer) {
    TaskLanguage next = new TaskLanguage(newer);
    boolean sameLanguage = next.hash().equals(language.hash());
    boolean sameTraining = Objects.equals(newer.training(), spec.training());
    spec = newer;
    language = next;
    policy = settings.policy(newer);
    if (!sameLanguage) {
      languageSince = newer.version();
      restart();
      window = new TaskWindow(ownership.position(), 0);
    }
    boolean other = !(sameLanguage && sameTraining);
    lineage += other ? 1 : 0;
    return other;
  }

  /** Gives up the lineage: the next round starts from the base model on all rows of the window. */
  void restart() {
    parent = null;
    failedTo = 0;
    window.untrain();
    lineage++;
    memory.forget();
    memory.tried(0);
  }

  /**
   * The round that would start now. All fresh rows enter with it.
   *
   * @param renewal the committee that it goes on from instead of the parent's, and which learns
   *     what the parent has learnt without it; then there may be no fresh row. Null without one.
   */
  Round begin(Retraining renewal) {
    long to = window.fresh() == 0 ? trainedTo() : window.newestFresh().offset() + 1;
    OffsetRange range =
        new OffsetRange(parent == null ? window.oldestFresh().offset() : trainedFrom(), to);
    return new Round(
        ownership,
        spec,
        language,
        settings.training(spec),
        parent,
        renewal,
        lastVersion + 1,
        renewal == null ? window.rows() : window.rowsFrom(renewal.heldBackFrom()),
        range,
        window.fromAfter(to, policy.window()));
  }

  /** What going back would mean now. */
  Rollback rollback(RollbackRequest wish) {
    return new Rollback(wish, ownership, spec, language.hash(), baseModel, latest, lastVersion + 1);
  }

  private long trainedFrom() {
    // a parent that never saw this partition: the topic has been given more partitions since
    return window.fresh() == 0 || parent.ranges().containsKey(ownership.partition())
        ? trainedTo()
        : window.oldestFresh().offset();
  }

  /** A round's checkpoint has been published, perhaps in the language that the task just left. */
  void published(Round round, CheckpointManifest manifest) {
    published(manifest);
    if (parent == manifest) {
      round.served(memory);
    }
  }

  /** An earlier version has been published again: what it becomes must show anew. */
  void rolledBack(CheckpointManifest manifest) {
    published(manifest);
    lineage++;
    memory.forget();
    memory.tried(window.rehearsed());
  }

  private void published(CheckpointManifest manifest) {
    latest = manifest;
    lastVersion = manifest.version();
    loss = manifest.metrics().getOrDefault("loss", Double.NaN);
    if (!fits(manifest)) {
      return;
    }
    parent = manifest;
    failedTo = 0;
    window.trained(trainedTo(), policy.window());
  }

  /** A round could not be used; the next one waits for a row at {@code to} or later. */
  void failed(long to) {
    failedTo = to;
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

  RoundPolicy policy() {
    return policy;
  }

  TaskWindow window() {
    return window;
  }

  /** Whether the lineage has a checkpoint, so that the next round is not its first. */
  boolean started() {
    return parent != null;
  }

  /** The checkpoint that the next round goes on from; null for the base model. */
  CheckpointManifest parent() {
    return parent;
  }

  /** Another number after every change that makes void what is being trained beside the rounds. */
  int lineage() {
    return lineage;
  }

  BaselineScores memory() {
    return memory;
  }

  /** The task's current checkpoint, of this lineage or the one before; null if there is none. */
  CheckpointManifest latest() {
    return latest;
  }

  long failedTo() {
    return failedTo;
  }

  double loss() {
    return loss;
  }
}
