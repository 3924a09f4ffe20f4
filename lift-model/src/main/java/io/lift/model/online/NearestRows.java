package io.lift.model.online;

import java.util.Arrays;
import java.util.List;

/**
 * The labels of the nearest rows. A number is as far from another as their difference in the range
 * of all rows, and a category is far from any other one.
 */
public final class NearestRows {
  private static final int NEAREST = 8;
  private static final double UNSEEN = 0.5; // rows that all labels count as together
  private static final double LEAST_VOTE = 0.05; // of the farthest one

  private NearestRows() {}

  /**
   * Answers a row.
   *
   * @param categories of each column; 0 for a column of numbers
   * @param labels K
   * @param rows cells of the labelled rows, at least one
   * @param given their labels
   * @param query cells of the row
   * @return one probability per label, summing to 1
   */
  public static double[] probabilities(
      int[] categories, int labels, List<int[]> rows, int[] given, int[] query) {
    double[] distance = new double[rows.size()];
    for (int c = 0; c < query.length; c++) {
      double range = categories[c] == 0 ? range(rows, c) : 1;
      for (int r = 0; r < distance.length; r++) {
        double apart = apart(rows.get(r)[c], query[c], categories[c], range);
        distance[r] += apart * apart;
      }
    }
    int[] nearest = nearest(distance);
    double farthest = distance[nearest[nearest.length - 1]];
    double[] votes = new double[labels];
    double sum = UNSEEN;
    Arrays.fill(votes, UNSEEN / labels);
    for (int row : nearest) {
      double vote = farthest > 0 ? Math.max(LEAST_VOTE, 1 - distance[row] / farthest) : 1;
      votes[given[row]] += vote;
      sum += vote;
    }
    for (int k = 0; k < labels; k++) {
      votes[k] /= sum;
    }
    return votes;
  }

  private static double range(List<int[]> rows, int column) {
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    for (int[] row : rows) {
      if (row[column] >= 0) {
        least = Math.min(least, row[column]);
        most = Math.max(most, row[column]);
      }
    }
    return most > least ? most - least : 1;
  }

  private static double apart(int cell, int other, int categories, double range) {
    if (cell < 0 || other < 0 || categories > 0) {
      return cell == other || cell < 0 && other < 0 ? 0 : 1;
    }
    return (cell - other) / range;
  }

  /** Indices of the nearest rows, the nearest first; of equal ones the newer. */
  private static int[] nearest(double[] distance) {
    int[] nearest = new int[Math.min(NEAREST, distance.length)];
    int found = 0;
    for (int r = distance.length - 1; r >= 0; r--) {
      int at = found;
      while (at > 0 && distance[nearest[at - 1]] > distance[r]) {
        at--;
      }
      if (at == nearest.length) {
        continue;
      }
      found = Math.min(found + 1, nearest.length);
      System.arraycopy(nearest, at, nearest, at + 1, found - at - 1);
      nearest[at] = r;
    }
    return nearest;
  }
}
