package io.lift.model.training;

import io.lift.core.prompt.NumberGrid;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Set;

/**
 * Noise augmentation: each time a row is read, its grid positions move by a rounded Gaussian, but
 * neither from a spike nor onto one.
 *
 * @param prompt standard deviation of a prompt's positions, in grid steps
 * @param target the same for a regression target
 * @param exact the columns without noise, by the tokens of their position 0
 * @param spikes the tokens of positions with a meaning of their own
 */
public record NoiseAugmentation(
    double prompt, double target, Set<Integer> exact, Set<Integer> spikes) {
  private static final int LAST = NumberGrid.SIZE - 1;

  /** A row with new noise. */
  public Sequence apply(Sequence row, SeededRandom noise) {
    if (prompt <= 0 && target <= 0) {
      return row;
    }
    int[] ids = row.ids().clone();
    int completion = ids.length - row.completion();
    for (int i = 0; i < ids.length; i++) {
      int zero = row.gridStarts()[i];
      double deviation = i < completion ? prompt : target;
      if (zero != Sequence.NO_GRID && deviation > 0 && !exact.contains(zero)) {
        long position = ids[i] - zero + Math.round(deviation * noise.gaussian());
        int moved = zero + (int) Math.max(0, Math.min(LAST, position));
        ids[i] = spikes.contains(ids[i]) || spikes.contains(moved) ? ids[i] : moved;
      }
    }
    return new Sequence(ids, row.gridStarts(), row.completion(), row.hasEndMark(), row.texts());
  }
}
