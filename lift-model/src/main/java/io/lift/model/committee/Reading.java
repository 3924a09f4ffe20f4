package io.lift.model.committee;

import java.util.Locale;

/**
 * A way to read the numbers of a table. Which one serves best differs from table to table, so a
 * committee tries several and weighs them by what they make of rows they have not seen.
 *
 * <p>In training a number moves by a Gaussian of {@link #jitter} places each time it is read: near
 * numbers come to mean nearly the same. The places of a column start on curves of up to {@link
 * #turns} turns between the first and the last: the more turns, the sooner neighbours differ.
 */
public enum Reading {
  /** Neighbouring numbers mean much the same. */
  SMOOTH(2.5, 1.5, false),
  /** Small differences count. */
  SHARP(1.2, 3, false),
  /** As {@link #SMOOTH}, but columns of few integers are codes of categories, which do not move. */
  SMOOTH_CODES(2.5, 1.5, true),
  /** As {@link #SHARP}, with codes. */
  SHARP_CODES(1.2, 3, true);

  /** Beyond so many rows there is less need to blur, and more to see. */
  private static final double MANY_ROWS = 1000;

  private static final double TARGET_JITTER = 2;
  private static final double LEAST_TARGET_JITTER = 1;

  private final double jitter;
  private final double turns;
  private final boolean codes;

  Reading(double jitter, double turns, boolean codes) {
    this.jitter = jitter;
    this.turns = turns;
    this.codes = codes;
  }

  /** Standard deviation of a prompt's numbers in training, in places of the grid. */
  public double jitter(int rows) {
    return jitter * finer(rows);
  }

  /** The same for a regression target. */
  public double targetJitter(int rows) {
    return Math.max(LEAST_TARGET_JITTER, TARGET_JITTER * finer(rows));
  }

  private double finer(int rows) {
    boolean sharp = this == SHARP || this == SHARP_CODES;
    return sharp ? Math.sqrt(MANY_ROWS / Math.max(MANY_ROWS, rows)) : 1;
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
