package io.lift.model;

import io.lift.core.task.TrainingPolicy;

/** Recipes that the tests share. */
final class Recipes {
  private Recipes() {}

  /** A dozen steps a round. */
  static TrainingPolicy brief(int members) {
    return new TrainingPolicy(null, null, null, null, 2.0, 12, members, 7L);
  }

  /** Nothing random, smoothing 0.05, weight decay 0.1: as in reference.py. */
  static TrainingRecipe plain() {
    return new TrainingRecipe(
        8, 1, 1, 100, 1, 1e-2, 1e-2, 0, 0, 0.1, 0.9, 0.95, 1e-8, 1.0, 0, 0, 0, 0.05, 1, 0);
  }

  /** A learning rate that no weights survive. */
  static TrainingRecipe diverging() {
    return new TrainingRecipe(
        32, 1, 50, 100, 1, 1e30, 1e30, 0, 0, 0.1, 0.9, 0.95, 1e-8, 1.0, 0, 0, 0, 0.05, 1, 0);
  }
}
