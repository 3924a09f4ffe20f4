package io.lift.model.training;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Which rows each member reads in each step of a round. Every fresh row is read at least once;
 * after that the members go through all rows again and again in new orders. Rows of like length
 * share a step, so that little is padding.
 */
public final class RoundPlan {
  private static final int STEPS_SORTED_TOGETHER = 8;

  private RoundPlan() {}

  /**
   * One member's plan.
   *
   * @param lengths tokens of each row: fresh rows first, then rehearsed ones
   * @param fresh how many are fresh
   * @param freshWeight how often each pass has a fresh row, where there are rehearsed ones too
   * @param steps of the round; {@code steps * batch} must not be less than {@code fresh}
   * @param batch rows per step
   * @return (steps, batch) indices into {@code lengths}
   */
  public static int[][] of(
      int[] lengths, int fresh, int freshWeight, int steps, int batch, SeededRandom random) {
    int[] reads = new int[Math.multiplyExact(steps, batch)];
    int filled = Math.min(fresh, reads.length);
    System.arraycopy(random.permutation(fresh), 0, reads, 0, filled);
    int repeats = lengths.length > fresh ? freshWeight - 1 : 0;
    while (filled < reads.length) {
      int[] pass = random.permutation(lengths.length + repeats * fresh);
      Arrays.setAll(
          pass, i -> pass[i] < lengths.length ? pass[i] : (pass[i] - lengths.length) % fresh);
      int taken = Math.min(pass.length, reads.length - filled);
      System.arraycopy(pass, 0, reads, filled, taken);
      filled += taken;
    }
    if (lengths.length > fresh) {
      random.shuffle(reads); // else the fresh rows would all come first
    }
    int[][] plan = cut(reads, batch);
    if (Arrays.stream(lengths).distinct().count() > 1) {
      groupByLength(plan, lengths, random);
    }
    return plan;
  }

  /** A hash of what a round reads: the same rows in the same order have the same. */
  public static String hash(Sequence[] rows, int fresh) {
    long hash = SeededRandom.mix(fresh, rows.length);
    long second = SeededRandom.mix(rows.length, fresh);
    for (Sequence row : rows) {
      for (int id : row.ids()) {
        hash = SeededRandom.mix(hash, id);
      }
      hash = SeededRandom.mix(hash, row.completion());
      second = SeededRandom.mix(second, hash);
    }
    return "%016x%016x".formatted(hash, second);
  }

  private static int[][] cut(int[] reads, int batch) {
    int[][] plan = new int[reads.length / batch][];
    for (int s = 0; s < plan.length; s++) {
      plan[s] = Arrays.copyOfRange(reads, s * batch, (s + 1) * batch);
    }
    return plan;
  }

  /** Sorts the rows of a few neighbouring steps by length, then shuffles those steps. */
  private static void groupByLength(int[][] plan, int[] lengths, SeededRandom random) {
    for (int from = 0; from < plan.length; from += STEPS_SORTED_TOGETHER) {
      int count = Math.min(STEPS_SORTED_TOGETHER, plan.length - from);
      int batch = plan[from].length;
      int[] sorted =
          Arrays.stream(plan, from, from + count)
              .flatMapToInt(Arrays::stream)
              .boxed()
              .sorted(Comparator.comparingInt(row -> lengths[row]))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] order = random.permutation(count);
      for (int s = 0; s < count; s++) {
        plan[from + order[s]] = Arrays.copyOfRange(sorted, s * batch, (s + 1) * batch);
      }
    }
  }
}
