package io.lift.model;

import io.lift.core.task.TrainingPolicy;

/** Recipes that the tests share. */
final class Recipes {
  private Recipes() {}

  /** A dozen steps a round. */
  static TrainingPolicy brief(int members) {
    return new TrainingPolicy(null, null, null, null, 2.0, 12, members, 7L);
  }
}
