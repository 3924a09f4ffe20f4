package io.lift.model.training;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which rows each member reads in each step of a round. Every fresh row is read at least once;
 * after that the members go through all rows again and again in new orders. Rows of like length
 * share a step, so that little is padding.
 */
public final class BatchSampler {
  private static final int STEPS_SORTED_TOGETHER = 8;

  private BatchSampler() {}

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
    return plan(reads, lengths, batch, random);
  }

  /**
   * One member's plan in which each label is read equally often: every fresh row once, then always
   * a row of the label that was read least, its rows in turn.
   *
   * @param labels of the rows, from 0
   * @return as {@link #of}
   */
  public static int[][] balanced(
      int[] lengths,
      int[] labels,
      int fresh,
      int freshWeight,
      int steps,
      int batch,
      SeededRandom random) {
    int[] reads = new int[Math.multiplyExact(steps, batch)];
    int filled = Math.min(fresh, reads.length);
    System.arraycopy(random.permutation(fresh), 0, reads, 0, filled);
    int repeats = lengths.length > fresh ? freshWeight - 1 : 0;
    int[][] turns = turns(labels, fresh, repeats);
    int[] read = new int[turns.length];
    for (int i = 0; i < filled; i++) {
      read[labels[reads[i]]]++;
    }
    int[] next = new int[turns.length];
    while (filled < reads.length) {
      int label = -1;
      for (int l = 0; l < turns.length; l++) {
        if (turns[l].length > 0 && (label < 0 || read[l] < read[label])) {
          label = l;
        }
      }
      int[] turn = turns[label];
      if (next[label] % turn.length == 0) {
        random.shuffle(turn);
      }
      reads[filled++] = turn[next[label]++ % turn.length];
      read[label]++;
    }
    random.shuffle(reads); // else the rare labels would come last
    return plan(reads, lengths, batch, random);
  }

  /** The rows of each label, the fresh ones several times. */
  private static int[][] turns(int[] labels, int fresh, int repeats) {
    int[][] turns = new int[Arrays.stream(labels).max().orElse(0) + 1][];
    for (int l = 0; l < turns.length; l++) {
      int label = l;
      int[] own = IntStream.range(0, labels.length).filter(row -> labels[row] == label).toArray();
      turns[l] =
          Arrays.stream(own)
              .flatMap(row -> IntStream.range(0, row < fresh ? 1 + repeats : 1).map(i -> row))
              .toArray();
    }
    return turns;
  }

  private static int[][] plan(int[] reads, int[] lengths, int batch, SeededRandom random) {
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
