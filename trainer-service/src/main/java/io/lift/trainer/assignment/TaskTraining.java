package io.lift.trainer.assignment;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import io.lift.messages.EventMessage;
import io.lift.messages.PromptOffset;
import io.lift.messages.RollbackRequest;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.RoundRows;
import io.lift.trainer.prompts.TaskWindow;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.publish.Rollback;
import io.lift.trainer.retrain.BaselineScores;
import io.lift.trainer.retrain.Retraining;
import io.lift.trainer.retrain.RetrainingPlanner;
import io.lift.trainer.round.PausedRound;
import io.lift.trainer.round.RetrainedEnsemble;
import io.lift.trainer.round.Round;
import io.lift.trainer.round.RoundCandidate;
import io.lift.trainer.round.RoundPlanner;
import io.lift.trainer.round.RoundPolicy;
import io.lift.trainer.round.TrainerSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The training of one task under one assignment of its partition: its {@link TrainingState}, its
 * language, its window and its lineage. Only reachable through its {@link Monitor}.
 */
final class TaskTraining implements RoundCandidate {
  private final PartitionAssignment partition;
  private final TrainerSettings settings;
  private final Lineage lineage;
  private final BaselineScores baseline = new BaselineScores();
  private TrainingState state = TrainingState.WAITING;
  private TaskVersion task;
  private RoundPolicy policy;
  private TaskWindow window;
  private long failedTo;
  private Supplier<Optional<EventMessage>> drift = Optional::empty;
  private PausedRound paused; // void where its lineage is another

  /**
   * @param latest the task's current checkpoint, or null
   * @param lastVersion highest version ever published for the task, 0 if none
   * @param lineages gives a number that no other lineage of this process has
   */
  TaskTraining(
      PartitionAssignment partition,
      TrainerSettings settings,
      String baseModel,
      TaskSpec spec,
      CheckpointManifest latest,
      long lastVersion,
      LongSupplier lineages) {
    this.partition = partition;
    this.settings = settings;
    this.task = TaskVersion.of(spec, latest);
    this.policy = settings.policy(spec);
    this.lineage = new Lineage(baseModel, task.language(), latest, lastVersion, lineages);
    this.window = new TaskWindow(windowFrom(latest, partition.partition()), trainedTo());
  }

  /** Offset of the oldest row that a checkpoint rehearses; 0 without a checkpoint. */
  static long windowFrom(CheckpointManifest manifest, int partition) {
    return manifest == null ? 0 : manifest.windowFrom().getOrDefault(partition, 0L);
  }

  private long trainedTo() {
    return lineage.trainedTo(partition.partition());
  }

  /** Takes the next row of the log into the window. */
  TaskWindow.Added add(WindowRow row) {
    TaskWindow.Added added = window.add(row, task.spec().training().isDistinct());
    window.trim(policy.window());
    wake();
    return added;
  }

  /**
   * Takes a new version of the task. If it has another language, the window is emptied and a new
   * lineage begins.
   *
   * @param position the next offset of the partition
   * @return whether a running round is void
   */
  boolean change(TaskSpec newer, long position) {
    TaskVersion before = task;
    task = before.next(newer);
    policy = settings.policy(newer);
    boolean sameLanguage = task.sameLanguage(before);
    boolean sameTraining =
        newer.training().withoutPriority().equals(before.spec().training().withoutPriority());
    if (!sameLanguage) {
      restart();
      window = new TaskWindow(position, 0);
    } else if (!sameTraining) {
      lineage.change();
    }
    wake();
    return !(sameLanguage && sameTraining);
  }

  /** Ends the lineage: the next round starts from the base model on all rows of the window. */
  void restart() {
    lineage.restart();
    failedTo = 0;
    window.untrain();
    baseline.clear();
    baseline.tried(0);
  }

  /**
   * Begins the round that would start now. All fresh rows enter with it.
   *
   * @param retrained the ensemble to continue from instead of the parent's; then there may be no
   *     fresh row. Null for the parent's.
   * @param scored whether the parent is to score the newest fresh rows
   */
  Round beginRound(RetrainedEnsemble retrained, boolean scored) {
    state = state.to(TrainingState.TRAINING);
    long to = window.fresh() == 0 ? trainedTo() : window.newestFresh().offset() + 1;
    OffsetRange range =
        new OffsetRange(started() ? trainedFrom() : window.oldestFresh().offset(), to);
    RoundRows rows = retrained == null ? window.rows() : window.rowsFrom(retrained.heldBackFrom());
    List<WindowRow> fresh = rows.fresh();
    return new Round(
        partition,
        task.spec(),
        task.language(),
        settings.training(task.spec()),
        lineage.parent(),
        retrained,
        lineage.nextVersion(),
        rows,
        range,
        window.fromAfter(to, policy.window()),
        scored
            ? fresh.subList(Math.max(0, fresh.size() - BaselineScores.NEWEST), fresh.size())
            : List.of());
  }

  private long trainedFrom() {
    // a parent that never saw this partition: the topic has been given more partitions since
    return window.fresh() == 0 || lineage.parent().ranges().containsKey(partition.partition())
        ? trainedTo()
        : window.oldestFresh().offset();
  }

  /** Goes on with the paused round. */
  PausedRound resumeRound() {
    PausedRound resumed = paused().orElseThrow();
    paused = null;
    state = state.to(TrainingState.TRAINING);
    return resumed;
  }

  /** The running round has made room for other work. */
  void paused(PausedRound round) {
    paused = round;
  }

  /** The paused round; empty if there is none or it is void. */
  Optional<PausedRound> paused() {
    if (paused != null && (paused.lineage() != lineage.id() || state.ended())) {
      paused = null;
    }
    return Optional.ofNullable(paused);
  }

  /** The round's checkpoint is about to be published. */
  void beginPublishing() {
    if (state != TrainingState.PUBLISHING) {
      state = state.to(TrainingState.PUBLISHING);
    }
  }

  /** Begins a rollback. */
  Rollback beginRollback(RollbackRequest request) {
    state = state.to(TrainingState.ROLLING_BACK);
    return new Rollback(
        request,
        partition,
        task.spec(),
        task.language().hash(),
        lineage.baseModel(),
        lineage.latest(),
        lineage.nextVersion());
  }

  /** Begins a slice of retraining. */
  void beginRetraining() {
    state = state.to(TrainingState.RETRAINING);
  }

  /** The retraining that would start now. */
  Retraining retraining(double budget) {
    long heldBackFrom = RetrainingPlanner.heldBackFrom(window);
    return new Retraining(
        name(),
        lineage.id(),
        task.language(),
        settings.training(task.spec(), budget),
        RoundRows.examples(window.rowsFrom(heldBackFrom).rehearsed()),
        heldBackFrom,
        null);
  }

  /** A checkpoint is published that a round of this task made. */
  void published(Round round, CheckpointManifest manifest, double[] scores) {
    if (published(manifest)) {
      baseline.add(round.baselineRows(), scores);
    }
  }

  /** An earlier version is published again; a new baseline begins with it. */
  void rolledBack(CheckpointManifest manifest) {
    published(manifest);
    lineage.change();
    baseline.clear();
    baseline.tried(window.rehearsed());
  }

  private boolean published(CheckpointManifest manifest) {
    boolean fits = lineage.published(manifest, task.language());
    if (fits) {
      failedTo = 0;
      window.trained(trainedTo(), policy.window());
    }
    return fits;
  }

  /** A round failed; the next one waits for a row at {@code to} or later. */
  void failed(long to) {
    failedTo = to;
  }

  /** The training thread has ended its work for this task. */
  void rest() {
    TrainingState next = RoundPlanner.failed(this) ? TrainingState.FAILED : TrainingState.WAITING;
    if (!state.ended()) {
      state = state.to(next);
    }
  }

  /** Something has changed that may end {@link TrainingState#FAILED}. */
  private void wake() {
    if (state == TrainingState.FAILED && !RoundPlanner.failed(this)) {
      state = state.to(TrainingState.WAITING);
    }
  }

  /** The task is deleted. */
  void retire() {
    state = state.to(TrainingState.RETIRED);
  }

  /** The partition is revoked. */
  void revoke() {
    state = state.to(TrainingState.REVOKED);
  }

  String name() {
    return task.spec().name();
  }

  PartitionAssignment partition() {
    return partition;
  }

  TrainingState state() {
    return state;
  }

  TaskVersion task() {
    return task;
  }

  TaskSpec spec() {
    return task.spec();
  }

  Lineage lineage() {
    return lineage;
  }

  BaselineScores baseline() {
    return baseline;
  }

  @Override
  public RoundPolicy policy() {
    return policy;
  }

  @Override
  public TaskWindow window() {
    return window;
  }

  @Override
  public boolean started() {
    return lineage.parent() != null;
  }

  /** Sets where the newest drift is found that no checkpoint has followed. */
  void drifts(Supplier<Optional<EventMessage>> open) {
    drift = open;
  }

  @Override
  public boolean dueNow() {
    return drift.get().filter(open -> read(open.detected())).isPresent();
  }

  /** Whether the window has fresh rows up to a row; true if nobody knows which. */
  private boolean read(PromptOffset row) {
    return window.fresh() > 0
        && (row == null
            || row.partition() != partition.partition()
            || window.newestFresh().offset() >= row.offset());
  }

  @Override
  public double priority() {
    return task.spec().training().priorityOrOne();
  }

  @Override
  public long pausedAt() {
    return paused().map(PausedRound::pausedAt).orElse(0L);
  }

  @Override
  public long failedTo() {
    return failedTo;
  }
}
