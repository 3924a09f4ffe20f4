package io.lift.model.training;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableTokenizer;
import io.lift.model.text.TaskEncoder;

/** Noise augmentation: each time a row is read, its grid numbers move by a rounded Gaussian. */
public final class Jitter {
  private static final int LAST = BaseVocabulary.INTEGERS - 1;

  private Jitter() {}

  /** A row as it is read this time; only the embedded model's tokens have a grid. */
  public static Sequence apply(
      Sequence row, TrainingRecipe recipe, TaskEncoder encoder, SeededRandom noise) {
    return encoder instanceof Sequence.Encoder table
        ? apply(row, recipe, table.tokenizer(), noise)
        : row;
  }

  private static Sequence apply(
      Sequence row, TrainingRecipe recipe, TableTokenizer tokenizer, SeededRandom noise) {
    int[] ids = row.ids().clone();
    int completion = ids.length - row.completion();
    for (int i = 0; i < ids.length; i++) {
      double deviation = i < completion ? recipe.jitter() : recipe.targetJitter();
      if (row.grid()[i] && deviation > 0) {
        long moved = tokenizer.integer(ids[i]) + Math.round(deviation * noise.gaussian());
        ids[i] = tokenizer.integerToken((int) Math.max(0, Math.min(LAST, moved)));
      }
    }
    return new Sequence(ids, row.grid(), row.completion(), row.marked());
  }
}
