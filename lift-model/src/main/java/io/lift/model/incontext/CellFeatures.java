package io.lift.model.incontext;

import io.lift.model.random.SeededRandom;

/** The features of a cell: its value among the labelled rows, and the labels of near values. */
public final class CellFeatures {
  /** In standard deviations from the column's mean, large ones compressed; 0 for a category. */
  static final int VALUE = 0;

  /** The share of the column's values below it less the share above it; 0 for a category. */
  static final int RANK = 1;

  /** 1 where the value is missing. */
  static final int MISSING = 2;

  /** 1 in a column of categories. */
  static final int CATEGORY = 3;

  /** The share of labelled rows with exactly this value. */
  static final int SHARE = 4;

  /** Sines and cosines of the rank: one period, two and four over all ranks. */
  static final int WAVES = 5;

  /** How many frequencies there are. */
  static final int FREQUENCIES = 3;

  /** How well the column tells the answers apart on its own: a root of its F statistic. */
  static final int STRENGTH = WAVES + 2 * FREQUENCIES;

  /** Shares of the label slots among near values less their shares among all, narrow window. */
  static final int NARROW = STRENGTH + 1;

  /** The same in a wide window. */
  static final int WIDE = NARROW + RowFeatures.LABELS;

  /** Mean and deviation of the number among near values, narrow and wide window. */
  static final int NUMBERS = WIDE + RowFeatures.LABELS;

  /**
   * Random numbers that tell a column from others. Without them, rows in which two columns have
   * changed their values look the same.
   */
  static final int IDENTITY = NUMBERS + 4;

  private static final int IDENTITIES = 8;

  /** F. */
  public static final int SIZE = IDENTITY + IDENTITIES;

  private CellFeatures() {}

  /** Standard normal numbers for each column: (columns, {@value #IDENTITIES}). */
  public static float[][] identities(SeededRandom random, int columns) {
    float[][] identities = new float[columns][IDENTITIES];
    for (float[] column : identities) {
      for (int i = 0; i < IDENTITIES; i++) {
        column[i] = (float) random.gaussian();
      }
    }
    return identities;
  }

  /**
   * Writes the columns' random numbers into their cells.
   *
   * @param cells (C, R, F)
   * @param at where the cells begin
   * @param columns C, of those that have numbers
   * @param length R
   */
  public static void identify(
      float[] cells, int at, int columns, int length, float[][] identities) {
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < length; r++) {
        int to = at + (c * length + r) * SIZE + IDENTITY;
        System.arraycopy(identities[c], 0, cells, to, IDENTITIES);
      }
    }
  }
}
