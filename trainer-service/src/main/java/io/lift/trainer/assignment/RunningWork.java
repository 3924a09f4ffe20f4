package io.lift.trainer.assignment;

import io.lift.trainer.round.Round;

/** What the training thread does for a task now. Only reachable through its {@link Monitor}. */
final class RunningWork {
  private final TaskTraining task;
  private final Object subject;
  private boolean cancelled;
  private int step;
  private int steps;
  private double loss = Double.NaN;
  private boolean cut;
  private final long begunAt;
  private final long trainedBefore;
  private long firstStepAt; // 0 before the first
  private long lastStepAt;

  /**
   * @param task whose training has begun the work
   * @param subject the round, the retraining or the rollback
   * @param now epoch milliseconds
   * @param trainedMillis how long it was trained before, if it is a round that was paused
   */
  RunningWork(TaskTraining task, Object subject, long now, long trainedMillis) {
    this.task = task;
    this.subject = subject;
    this.begunAt = now;
    this.trainedBefore = trainedMillis;
  }

  TaskTraining task() {
    return task;
  }

  /** Whether it is a round; only rounds are waited for and cancelled. */
  boolean isRound() {
    return subject instanceof Round;
  }

  /** Whether it is this round, retraining or rollback. */
  boolean is(Object other) {
    return subject == other;
  }

  /** The version that the round makes; 0 if it is no round. */
  long version() {
    return subject instanceof Round round ? round.version() : 0;
  }

  /** The round is to stop after its step, and is not published. */
  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  /** The round is cut: only closing steps follow. */
  void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut;
  }

  /** Milliseconds from the first step to the last, in this slice. */
  long sliceMillis() {
    return lastStepAt - firstStepAt;
  }

  /** Milliseconds from the first step to the last, in all slices of a round together. */
  long trainedMillis() {
    return trainedBefore + sliceMillis();
  }

  /** Milliseconds of this slice beside the steps, up to a moment. */
  long besideMillis(long now) {
    return now - begunAt - sliceMillis();
  }

  /** Goes on where a paused round was. */
  void resumed(int step, int steps) {
    this.step = step;
    this.steps = steps;
  }

  /** An optimizer step is done. */
  void progress(int step, int steps, double loss, long now) {
    firstStepAt = firstStepAt == 0 ? now : firstStepAt;
    lastStepAt = now;
    this.step = step;
    this.steps = steps;
    this.loss = loss;
  }

  /** Optimizer steps done. */
  int step() {
    return step;
  }

  /** All optimizer steps; 0 if not known yet. */
  int steps() {
    return steps;
  }

  /** Loss of the newest step; NaN before the first. */
  double loss() {
    return loss;
  }
}
