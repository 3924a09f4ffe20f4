package io.lift.model.method;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A stratified sample of rows. Each label has its share, because logs are often sorted by label and
 * the newest rows would then all have the same one. Of each label, the newest rows are chosen. If
 * even the new rows of a label are too many, they are chosen at even distances.
 */
public final class StratifiedSample {
  private StratifiedSample() {}

  /**
   * Chooses rows.
   *
   * @param labels labels of the rows: new rows first, then rehearsed rows, each in the order of the
   *     log
   * @param fresh number of new rows
   * @param size size of the sample, if there are more rows
   * @return the indices of the rows, newest first
   */
  public static int[] of(int[] labels, int fresh, int size) {
    int[] newestFirst =
        IntStream.range(0, labels.length)
            .map(n -> n < fresh ? fresh - 1 - n : labels.length - 1 - (n - fresh))
            .toArray();
    if (labels.length <= size) {
      return newestFirst;
    }
    boolean[] chosen = new boolean[labels.length];
    long before = 0; // rows of the labels that are done
    for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
      int[] own = Arrays.stream(newestFirst).filter(i -> labels[i] == label).toArray();
      int share =
          part(before + own.length, size, labels.length) - part(before, size, labels.length);
      int ownFresh = (int) Arrays.stream(own).filter(i -> i < fresh).count();
      for (int n = 0; n < share; n++) {
        chosen[own[share < ownFresh ? (int) ((n + 0.5) * ownFresh / share) : n]] = true;
      }
      before += own.length;
    }
    return Arrays.stream(newestFirst).filter(i -> chosen[i]).toArray();
  }

  private static int part(long rows, int size, int all) {
    return (int) Math.round((double) rows * size / all);
  }
}
