package io.lift.model.method;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Chooses the rows that stand for all others where only some can be shown. Each label has its share
 * of them, for logs are often sorted by it, and the newest rows would then all have one. Of each
 * label's rows the newest are taken; where even the fresh ones are too many, they are taken at even
 * distances, because they came together.
 */
public final class StratifiedSample {
  private StratifiedSample() {}

  /**
   * @param labels of the rows: fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many are fresh
   * @param most how many to choose, if there are more
   * @return their numbers, newest first
   */
  public static int[] of(int[] labels, int fresh, int most) {
    int[] newestFirst =
        IntStream.range(0, labels.length)
            .map(n -> n < fresh ? fresh - 1 - n : labels.length - 1 - (n - fresh))
            .toArray();
    if (labels.length <= most) {
      return newestFirst;
    }
    boolean[] chosen = new boolean[labels.length];
    long before = 0; // rows of the labels that have had their share
    for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
      int[] own = Arrays.stream(newestFirst).filter(i -> labels[i] == label).toArray();
      int share =
          part(before + own.length, most, labels.length) - part(before, most, labels.length);
      int ownFresh = (int) Arrays.stream(own).filter(i -> i < fresh).count();
      for (int n = 0; n < share; n++) {
        chosen[own[share < ownFresh ? (int) ((n + 0.5) * ownFresh / share) : n]] = true;
      }
      before += own.length;
    }
    return Arrays.stream(newestFirst).filter(i -> chosen[i]).toArray();
  }

  private static int part(long rows, int most, int all) {
    return (int) Math.round((double) rows * most / all);
  }
}
