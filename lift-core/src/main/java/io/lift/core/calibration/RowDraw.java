package io.lift.core.calibration;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A uniform random number of each row, which is a function of the row's id alone. Smoothed
 * conformal prediction breaks ties of scores with it (Vovk, Gammerman and Shafer, Algorithmic
 * Learning in a Random World, 2005, section 2.2). The serving side and the calibrating side compute
 * the same number.
 */
public final class RowDraw {
  /** The number of a row that has no id: it moves no score. */
  public static final double NONE = 0.5;

  /**
   * The range of the random part of a score, in natural logarithms of odds or of lengths. Rounding
   * of a model's probabilities stays far below it, and the least change that matters far above.
   */
  private static final double RANGE = 0.1;

  private static final double TWO_TO_53 = 1L << 53;

  private RowDraw() {}

  /** The number of a row, 0..1. */
  public static double of(String row) {
    byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
    CRC32C code = new CRC32C();
    code.update(bytes);
    // the mixing step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)
    long bits = (code.getValue() + ((long) bytes.length << 32)) * 0x9E3779B97F4A7C15L;
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return ((bits ^ (bits >>> 31)) >>> 11) / TWO_TO_53;
  }

  /** The random part of a score on a logarithmic scale: uniform, with mean 0. */
  static double shift(double draw) {
    return RANGE * (draw - NONE);
  }
}
