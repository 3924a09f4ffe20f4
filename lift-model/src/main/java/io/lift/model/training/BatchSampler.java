package io.lift.model.training;

import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Samples the rows of each step of a round. Every fresh row is read at least once. After that come
 * epochs over all rows, each in a new order. Rows of similar length share a step, so that little is
 * padding.
 */
public final class BatchSampler {
  private static final int STEPS_SORTED_TOGETHER = 8;

  private BatchSampler() {}

  /**
   * One member's plan.
   *
   * @param lengths tokens of each row: fresh rows first, then rehearsed ones
   * @param fresh how many are fresh
   * @param freshWeight how often each epoch has a fresh row, where there are rehearsed ones too
   * @param steps of the round; {@code steps * batch} must not be less than {@code fresh}
   * @param batch rows per step
   * @return (steps, batch) indices into {@code lengths}
   */
  public static int[][] of(
      int[] lengths, int fresh, int freshWeight, int steps, int batch, SeededRandom random) {
    int[] order = new int[Math.multiplyExact(steps, batch)];
    int filled = Math.min(fresh, order.length);
    System.arraycopy(random.permutation(fresh), 0, order, 0, filled);
    int repeats = lengths.length > fresh ? freshWeight - 1 : 0;
    while (filled < order.length) {
      int[] epoch = random.permutation(lengths.length + repeats * fresh);
      Arrays.setAll(
          epoch, i -> epoch[i] < lengths.length ? epoch[i] : (epoch[i] - lengths.length) % fresh);
      int taken = Math.min(epoch.length, order.length - filled);
      System.arraycopy(epoch, 0, order, filled, taken);
      filled += taken;
    }
    if (lengths.length > fresh) {
      random.shuffle(order); // else the fresh rows would all come first
    }
    return plan(order, lengths, batch, random);
  }

  /**
   * One member's plan in which each label is read equally often: every fresh row once, then always
   * the next row of the label that was read least.
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
    int[] order = new int[Math.multiplyExact(steps, batch)];
    int filled = Math.min(fresh, order.length);
    System.arraycopy(random.permutation(fresh), 0, order, 0, filled);
    int repeats = lengths.length > fresh ? freshWeight - 1 : 0;
    int[][] byLabel = byLabel(labels, fresh, repeats);
    int[] read = new int[byLabel.length];
    for (int i = 0; i < filled; i++) {
      read[labels[order[i]]]++;
    }
    int[] next = new int[byLabel.length];
    while (filled < order.length) {
      int label = -1;
      for (int l = 0; l < byLabel.length; l++) {
        if (byLabel[l].length > 0 && (label < 0 || read[l] < read[label])) {
          label = l;
        }
      }
      int[] own = byLabel[label];
      if (next[label] % own.length == 0) {
        random.shuffle(own);
      }
      order[filled++] = own[next[label]++ % own.length];
      read[label]++;
    }
    random.shuffle(order); // else the rare labels would come last
    return plan(order, lengths, batch, random);
  }

  /** The rows of each label, the fresh ones several times. */
  private static int[][] byLabel(int[] labels, int fresh, int repeats) {
    int[][] byLabel = new int[Arrays.stream(labels).max().orElse(0) + 1][];
    for (int l = 0; l < byLabel.length; l++) {
      int label = l;
      int[] own = IntStream.range(0, labels.length).filter(row -> labels[row] == label).toArray();
      byLabel[l] =
          Arrays.stream(own)
              .flatMap(row -> IntStream.range(0, row < fresh ? 1 + repeats : 1).map(i -> row))
              .toArray();
    }
    return byLabel;
  }

  private static int[][] plan(int[] order, int[] lengths, int batch, SeededRandom random) {
    int[][] plan = cut(order, batch);
    if (Arrays.stream(lengths).distinct().count() > 1) {
      groupByLength(plan, lengths, random);
    }
    return plan;
  }

  /** A hash of a round's rows: the same rows in the same order have the same. */
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

  private static int[][] cut(int[] order, int batch) {
    int[][] plan = new int[order.length / batch][];
    for (int s = 0; s < plan.length; s++) {
      plan[s] = Arrays.copyOfRange(order, s * batch, (s + 1) * batch);
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
