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
    this.lastStepAt = now;
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

  /** Milliseconds of this slice up to a moment. */
  long sliceMillis(long now) {
    return now - begunAt;
  }

  /** Milliseconds from the beginning to the last step, in all slices of a round together. */
  long trainedMillis() {
    return trainedBefore + lastStepAt - begunAt;
  }

  /** Milliseconds from the last step to a moment. */
  long endingMillis(long now) {
    return now - lastStepAt;
  }

  /** An optimizer step is done. */
  void progress(int step, int steps, double loss, long now) {
    this.lastStepAt = now;
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
