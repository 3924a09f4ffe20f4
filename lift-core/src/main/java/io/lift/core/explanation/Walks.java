package io.lift.core.explanation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random walks from an explained row to other rows. A walk replaces the columns one after the
 * other, in a random order, by the values of one other row. The mean change of the answer at a
 * column's step, over walks, estimates the column's Shapley value (Štrumbelj and Kononenko, JMLR
 * 2010). Walks come in pairs whose orders are the reverse of each other, which takes away noise.
 */
public final class Walks {

  /**
   * One walk.
   *
   * @param row index of the other row
   * @param order the columns, in the order of their steps
   */
  public record Walk(int row, int[] order) {}

  /**
   * How many columns are explained by how many walks.
   *
   * @param columns explained; the first ones of the row
   * @param draws walks
   */
  public record Size(int columns, int draws) {}

  private Walks() {}

  /**
   * The size that keeps within a number of changed rows. The walks become fewer first; with the
   * least number of walks, columns are left out.
   *
   * @param columns of the row
   * @param draws walks wanted
   * @param least walks at least
   * @param variants changed rows at most: columns times walks
   */
  public static Size size(int columns, int draws, int least, int variants) {
    int affordable = variants / Math.max(1, columns);
    if (affordable >= least) {
      return new Size(columns, Math.min(draws, affordable));
    }
    return new Size(Math.max(1, Math.min(columns, variants / least)), least);
  }

  /**
   * Draws walks.
   *
   * @param columns to be replaced
   * @param rows other rows, at least one; each is used once as long as there are enough
   * @param draws walks
   * @param seed of every choice
   */
  public static List<Walk> draw(int columns, int rows, int draws, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] chosen = shuffled(rows, random);
    List<Walk> walks = new ArrayList<>(draws);
    int[] order = null;
    for (int i = 0; i < draws; i++) {
      order = i % 2 == 0 ? shuffled(columns, random) : reversed(order);
      walks.add(new Walk(chosen[i % rows], order));
    }
    return walks;
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      numbers[i] = numbers[other];
      numbers[other] = i;
    }
    return numbers;
  }

  private static int[] reversed(int[] order) {
    int[] reversed = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      reversed[i] = order[order.length - 1 - i];
    }
    return reversed;
  }
}
