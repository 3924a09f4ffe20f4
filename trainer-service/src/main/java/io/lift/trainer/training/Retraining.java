package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import java.util.List;

/**
 * A new committee for a task that has outgrown its own: what it learns, frozen when it starts, and
 * how far it is. It is trained from the base model in slices, between which it is a checkpoint file
 * in memory. Written by the training thread and read by anyone.
 */
final class Retraining {
  private final TaskTraining task;
  private final int lineage;
  private final String name;
  private final TaskLanguage language;
  private final TrainingPolicy training;
  private final List<Example> rows;
  private final long heldBackFrom;

  private volatile byte[] file;
  private volatile boolean won;
  private volatile boolean working;
  private volatile int step;
  private volatile int steps;
  private volatile double loss = Double.NaN;

  /**
   * @param task whose committee is renewed, as it stands
   * @param training its policy, with the budget of the renewal
   * @param rows what the new committee learns
   * @param heldBackFrom offset of the first row that it does not learn
   */
  Retraining(TaskTraining task, TrainingPolicy training, List<Example> rows, long heldBackFrom) {
    this.task = task;
    this.lineage = task.lineage();
    this.name = task.spec().name();
    this.language = task.language();
    this.training = training;
    this.rows = List.copyOf(rows);
    this.heldBackFrom = heldBackFrom;
  }

  /**
   * Whether it is still one for the task that is here now: neither the partition, the lineage nor
   * what is learnt has changed.
   *
   * @param now the training of the task of that name, or null
   */
  boolean stands(TaskTraining now) {
    return now == task && task.lineage() == lineage && !task.ownership().lost();
  }

  /** A slice begins. */
  void begin() {
    working = true;
  }

  /** Told after each optimizer step. */
  void after(int step, int steps, double loss) {
    this.step = step;
    this.steps = steps;
    this.loss = loss;
  }

  /** A slice has to end before the last step. */
  void pause(byte[] checkpoint) {
    file = checkpoint;
  }

  /** The slice has ended, whatever came of it. */
  void rest() {
    working = false;
  }

  /** All steps are done, and the newest rows speak for it. */
  void won(byte[] checkpoint) {
    file = checkpoint;
    won = true;
  }

  boolean won() {
    return won;
  }

  /** Whether the training thread is at it. */
  boolean working() {
    return working;
  }

  TaskTraining task() {
    return task;
  }

  String name() {
    return name;
  }

  TaskLanguage language() {
    return language;
  }

  TrainingPolicy training() {
    return training;
  }

  List<Example> rows() {
    return rows;
  }

  long heldBackFrom() {
    return heldBackFrom;
  }

  /** The committee as far as it is; null for the base model. */
  byte[] file() {
    return file;
  }

  /** What the renewed lineage is begun with. */
  LineageOrigin begun() {
    return new LineageOrigin(rows.size(), training.budget());
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
