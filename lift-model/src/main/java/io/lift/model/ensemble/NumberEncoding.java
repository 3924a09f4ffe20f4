package io.lift.model.ensemble;

import java.util.Locale;

/**
 * A way to read the numbers of a table. The best one differs from table to table, so an ensemble
 * tries several and weights them by their likelihood of held-out rows.
 *
 * <p>In training, each number moves by Gaussian noise each time it is read ({@link #noise}), so
 * that near numbers come to mean nearly the same. The embeddings of a column's grid start as
 * cosines with up to {@link #cycles} cycles over the grid. More cycles make neighbours differ more.
 */
public enum NumberEncoding {
  /** Neighbouring numbers mean much the same, the more so in a wide table of few rows. */
  SMOOTH(2.5, 1.5, false),
  /** Small differences count. */
  SHARP(1.2, 3, false),
  /** As {@link #SMOOTH}, but columns of few integers are codes of categories, without noise. */
  SMOOTH_CODES(2.5, 1.5, true),
  /** As {@link #SHARP}, with codes. */
  SHARP_CODES(1.2, 3, true);

  /** From this number of rows on, less noise is needed and finer differences can be learned. */
  public static final int MANY_ROWS = 1000;

  /** Up to this number of columns, a row needs no more noise than one column does. */
  private static final double FEW_COLUMNS = 10;

  /** Beyond this number of rows, the additional noise of wide tables falls. */
  private static final double FEW_ROWS = 500;

  private static final double TARGET_NOISE = 2;
  private static final double MIN_TARGET_NOISE = 1;

  private final double noise;
  private final double cycles;
  private final boolean codes;

  NumberEncoding(double noise, double cycles, boolean codes) {
    this.noise = noise;
    this.cycles = cycles;
    this.codes = codes;
  }

  /**
   * Standard deviation of the noise on a prompt's numbers in training, in grid steps. The distance
   * of two rows grows with the square root of the number of columns, and the noise of few rows
   * grows with it.
   *
   * @param rows that a member trains on
   * @param columns of numbers with noise
   */
  public double noise(int rows, int columns) {
    return noise * (sharp() ? finer(rows) : wider(rows, columns));
  }

  /** The same for a regression target. */
  public double targetNoise(int rows) {
    return sharp() ? Math.max(MIN_TARGET_NOISE, TARGET_NOISE * finer(rows)) : TARGET_NOISE;
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

  /**
   * The most cycles that an embedding dimension starts with between a grid's first and last cell.
   */
  public double cycles() {
    return cycles;
  }

  /** Whether columns of few integers are read as categories. */
  public boolean codes() {
    return codes;
  }

  /** The name in configurations and manifests. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
