package io.lift.model.incontext;

import io.lift.model.random.SeededRandom;
import java.util.stream.IntStream;

/**
 * How one of several passes sees a table: which slot each label has, or whether numbers are taken
 * with the opposite sign, and which random numbers tell columns apart. The mean over passes depends
 * less on these.
 *
 * @param slots slot of each label; null for a regression
 * @param flipped whether numbers have the opposite sign
 * @param identities of the columns, see {@link CellFeatures#identities}
 */
record PassOrder(int[] slots, boolean flipped, float[][] identities) {
  private static final int[] SLOT_BLOCKS_OF_CELLS = {CellFeatures.NARROW, CellFeatures.WIDE};
  private static final int[] SLOT_BLOCKS_OF_ROWS = {
    RowFeatures.RIDGE,
    RowFeatures.BAYES,
    RowFeatures.LABEL,
    RowFeatures.FOREST,
    RowFeatures.BOOSTING,
    RowFeatures.STACK,
    RowFeatures.LOGISTIC,
    RowFeatures.KERNEL
  };
  private static final int[] SIGNED_OF_CELLS = {CellFeatures.NUMBERS, CellFeatures.NUMBERS + 2};
  private static final int[] SIGNED_OF_ROWS =
      IntStream.of(
              RowFeatures.NUMBER_RIDGE,
              RowFeatures.NUMBER_SUM,
              RowFeatures.NUMBER,
              RowFeatures.NUMBER + 1,
              RowFeatures.NUMBER + 2,
              RowFeatures.NUMBER_FOREST,
              RowFeatures.NUMBER_BOOSTING,
              RowFeatures.NUMBER_STACK,
              RowFeatures.NUMBER_KERNEL)
          .toArray();

  /** The order of a pass of a classification. */
  static PassOrder ofLabels(SeededRandom random, int columns) {
    int[] slots = random.permutation(RowFeatures.LABELS);
    return new PassOrder(slots, false, CellFeatures.identities(random, columns));
  }

  /** The order of a pass of a regression. */
  static PassOrder ofNumbers(int pass, SeededRandom random, int columns) {
    return new PassOrder(null, pass % 2 == 1, CellFeatures.identities(random, columns));
  }

  /** Copies features of cells that were written with each label in the slot of its number. */
  void copyCells(float[] from, float[] to, int at, int columns) {
    copy(from, to, at, CellFeatures.SIZE, SLOT_BLOCKS_OF_CELLS, SIGNED_OF_CELLS);
    int length = from.length / (columns * CellFeatures.SIZE);
    CellFeatures.identify(to, at, columns, length, identities);
  }

  /** Copies features of rows in the same way. */
  void copyRows(float[] from, float[] to, int at) {
    copy(from, to, at, RowFeatures.SIZE, SLOT_BLOCKS_OF_ROWS, SIGNED_OF_ROWS);
  }

  private void copy(float[] from, float[] to, int at, int size, int[] blocks, int[] signed) {
    System.arraycopy(from, 0, to, at, from.length);
    for (int i = 0; i < from.length; i += size) {
      if (slots != null) {
        for (int block : blocks) {
          for (int k = 0; k < slots.length; k++) {
            to[at + i + block + slots[k]] = from[i + block + k];
          }
        }
      } else if (flipped) {
        for (int feature : signed) {
          to[at + i + feature] = -from[i + feature];
        }
      }
    }
  }
}
