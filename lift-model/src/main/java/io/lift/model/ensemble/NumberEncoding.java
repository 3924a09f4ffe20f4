package io.lift.model.ensemble;

import java.util.Locale;

/**
 * A way to read the numbers of a table. Which one serves best differs from table to table, so a
 * committee tries several and weighs them by what they make of rows they have not seen.
 *
 * <p>In training a number moves by a Gaussian of {@link #jitter} places each time it is read: near
 * numbers come to mean nearly the same. The places of a column start on curves of up to {@link
 * #turns} turns between the first and the last: the more turns, the sooner neighbours differ.
 */
public enum NumberEncoding {
  /** Neighbouring numbers mean much the same, the more so in a wide table of few rows. */
  SMOOTH(2.5, 1.5, false),
  /** Small differences count. */
  SHARP(1.2, 3, false),
  /** As {@link #SMOOTH}, but columns of few integers are codes of categories, which do not move. */
  SMOOTH_CODES(2.5, 1.5, true),
  /** As {@link #SHARP}, with codes. */
  SHARP_CODES(1.2, 3, true);

  /** Beyond so many rows there is less need to blur, and more to see. */
  public static final int MANY_ROWS = 1000;

  /** So many numbers in a row need no more blur than one. */
  private static final double FEW_COLUMNS = 10;

  /** With more rows there is ever less need for the blur of wide tables. */
  private static final double FEW_ROWS = 500;

  private static final double TARGET_JITTER = 2;
  private static final double LEAST_TARGET_JITTER = 1;

  private final double jitter;
  private final double turns;
  private final boolean codes;

  NumberEncoding(double jitter, double turns, boolean codes) {
    this.jitter = jitter;
    this.turns = turns;
    this.codes = codes;
  }

  /**
   * Standard deviation of a prompt's numbers in training, in places of the grid. Two rows are the
   * further apart the more columns they have, by the square root of their number; so far must the
   * blur of few rows reach.
   *
   * @param rows that are learnt
   * @param columns of numbers that move
   */
  public double jitter(int rows, int columns) {
    return jitter * (sharp() ? finer(rows) : wider(rows, columns));
  }

  /** The same for a regression target. */
  public double targetJitter(int rows) {
    return sharp() ? Math.max(LEAST_TARGET_JITTER, TARGET_JITTER * finer(rows)) : TARGET_JITTER;
  }

  private boolean sharp() {
    return this == SHARP || this == SHARP_CODES;
  }

  private static double finer(int rows) {
    return Math.sqrt((double) MANY_ROWS / Math.max(MANY_ROWS, rows));
  }

  private static double wider(int rows, int columns) {
    double width = Math.sqrt(Math.max(1, columns / FEW_COLUMNS));
    return 1 + (width - 1) * Math.min(1, FEW_ROWS / Math.max(1, rows));
  }

  /** How often a column's curves may turn between its first and its last place. */
  public double turns() {
    return turns;
  }

  /** Whether columns of few integers are read as categories. */
  public boolean codes() {
    return codes;
  }

  /** As in configurations and manifests. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
