package io.lift.model.training;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The last steps of a round that is cut: a quarter as many as were done but at most fifty, and at
 * least as many as the fresh rows need that no step has read. So every fresh row is read in a cut
 * round too. The remaining places have the rows that were planned there.
 */
final class ClosingSteps {
  /** Steps done for each closing step. */
  private static final int DONE_PER_STEP = 4;

  /** The most that are not for unread rows. */
  private static final int MOST = 50;

  private final int[][] unread; // (M, rows)
  private final int done;
  private final int count;

  /**
   * @param plans (M, steps, B) rows of the steps of answers
   * @param trainable (M, rows) the rows that each member may train on
   * @param fresh rows before this one are fresh
   * @param done steps of answers that are done, at least one
   */
  ClosingSteps(int[][][] plans, int[][] trainable, int fresh, int done) {
    this.done = done;
    unread = new int[plans.length][];
    int most = 0;
    for (int m = 0; m < plans.length; m++) {
      unread[m] = unread(plans[m], trainable[m], fresh, done);
      most = Math.max(most, unread[m].length);
    }
    int batch = plans[0][0].length;
    count = Math.max(Math.max(1, Math.min(MOST, done / DONE_PER_STEP)), (most + batch - 1) / batch);
  }

  private static int[] unread(int[][] plan, int[] trainable, int fresh, int done) {
    BitSet read = new BitSet(fresh);
    for (int s = 0; s < done; s++) {
      for (int row : plan[s]) {
        read.set(row);
      }
    }
    return IntStream.of(trainable).filter(row -> row < fresh && !read.get(row)).toArray();
  }

  /** How many they are. */
  int count() {
    return count;
  }

  /**
   * Ends the plans with them.
   *
   * @param plans as they were given, with at least {@link #count} steps after those that are done
   */
  void addTo(int[][][] plans) {
    for (int m = 0; m < plans.length; m++) {
      plans[m] = Arrays.copyOf(plans[m], done + count);
      int batch = plans[m][0].length;
      for (int i = 0; i < unread[m].length; i++) {
        plans[m][done + i / batch][i % batch] = unread[m][i];
      }
    }
  }
}
