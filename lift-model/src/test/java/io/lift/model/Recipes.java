package io.lift.model;

import io.lift.core.task.TrainingPolicy;
import io.lift.model.training.OptimizerSettings;
import io.lift.model.training.OptimizerSettings.Decay;
import io.lift.model.training.TrainingRecipe;

/** Recipes that the tests share. */
final class Recipes {
  private Recipes() {}

  /** A dozen steps a round. */
  static TrainingPolicy brief(int members) {
    return TrainingPolicy.builder().epochs(2.0).maxSteps(12).members(members).seed(7L).build();
  }

  /** The same for an ensemble of two number encodings with held-out rows. */
  static TrainingPolicy ensemble() {
    return TrainingPolicy.builder().epochs(2.0).maxSteps(12).budget(10.0).seed(7L).build();
  }

  /** Nothing random, smoothing 0.05, weight decay 0.1: as in reference.py. */
  static TrainingRecipe plain() {
    return rate(1e-2);
  }

  /** A learning rate that no weights survive. */
  static TrainingRecipe diverging() {
    return rate(1e30);
  }

  private static TrainingRecipe rate(double rate) {
    OptimizerSettings optimizer =
        new OptimizerSettings(rate, rate, 0, Decay.COSINE, 0.1, 0.9, 0.95, 1e-8, 1.0);
    return new TrainingRecipe(8, 1, 1, 1, 50, 100, 1, 0, null, optimizer, 0, 0, 0.05, 1, false, 0);
  }
}
