package io.lift.model.ensemble;

import java.util.List;

/** Plans the members of a first round: the largest ensemble that the budget of tokens covers. */
public final class EnsemblePlanner {
  /** Fewer rows cannot be divided into folds. */
  private static final int MIN_ROWS = 8;

  private static final double ROWS_OF_A_BUDGET = 1000;

  /** A budget up to this many tokens is not divided where rows are few. */
  private static final double LEAST_BUDGET = 1e6;

  /** A wide table may have this many times as many tokens, and more from 500 rows on. */
  private static final double WIDEST_OF_FEW_ROWS = 2;

  private static final double ROWS_OF_A_WIDTH = 250;

  /** Tokens that a member reads in a step of 32 rows with ten columns. */
  private static final double TOKENS_OF_A_BUDGET = 32 * 11;

  /** The cost of a step beside its tokens, in tokens: it starts many small operations. */
  private static final double STEP = 550;

  /** The share of the wanted steps that may be given up for a larger ensemble. */
  private static final double SPARED_STEPS = 0.1;

  private static final List<NumberEncoding> PLAIN =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SHARP);
  private static final List<NumberEncoding> TWO_ENCODINGS =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SMOOTH_CODES);
  private static final List<NumberEncoding> THREE_ENCODINGS =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SHARP, NumberEncoding.SMOOTH_CODES);

  private EnsemblePlanner() {}

  /**
   * The largest ensemble for which the budget covers 90 % of the wanted steps. If it does not cover
   * them for the smallest one, the smallest one.
   *
   * @param codes whether the table has columns of few integers
   * @param rows of the first round
   * @param steps wanted in the first round
   * @param tokens that one member reads in a step
   * @param budget tokens that all members may read together, for each 1,000 rows and ten columns.
   *     Fewer rows have their share of it, but a million tokens if it is that large: the in-context
   *     model answers them as well. A table with four times as many columns may have twice as many
   *     tokens, because it needs as many members but should not take four times as long
   */
  public static Ensemble plan(boolean codes, int rows, int steps, double tokens, double budget) {
    if (rows < MIN_ROWS) {
      return Ensemble.of(1);
    }
    for (Ensemble ensemble : codes ? withCodes() : withoutCodes(rows)) {
      if (covered(ensemble.size(), rows, tokens, budget) >= (1 - SPARED_STEPS) * steps) {
        return ensemble;
      }
    }
    return Ensemble.of(List.of(NumberEncoding.SMOOTH), 2);
  }

  /**
   * The wanted steps that the budget covers, at least one.
   *
   * @param members of the ensemble
   * @param steps wanted
   * @param tokens that one member reads in a step
   */
  public static int steps(int members, int rows, int steps, double tokens, double budget) {
    return (int) Math.max(1, Math.min(steps, covered(members, rows, tokens, budget)));
  }

  /** Steps that the budget covers. */
  private static double covered(int members, int rows, double tokens, double budget) {
    double own = Math.max(Math.min(budget, LEAST_BUDGET), budget * rows / ROWS_OF_A_BUDGET);
    double widest = Math.max(WIDEST_OF_FEW_ROWS, rows / ROWS_OF_A_WIDTH);
    double wider = Math.min(widest, Math.sqrt(Math.max(1, tokens / TOKENS_OF_A_BUDGET)));
    return own * wider / (STEP + members * tokens);
  }

  private static List<Ensemble> withCodes() {
    return List.of(
        Ensemble.of(List.of(NumberEncoding.values()), Ensemble.FOLDS),
        Ensemble.of(THREE_ENCODINGS, Ensemble.FOLDS),
        Ensemble.of(TWO_ENCODINGS, Ensemble.FOLDS),
        Ensemble.of(TWO_ENCODINGS, 2));
  }

  /** With many rows, two members of one number encoding learn nearly the same. */
  private static List<Ensemble> withoutCodes(int rows) {
    return List.of(
        Ensemble.of(PLAIN, Ensemble.FOLDS),
        rows < NumberEncoding.MANY_ROWS
            ? Ensemble.of(List.of(NumberEncoding.SMOOTH), Ensemble.FOLDS)
            : Ensemble.of(PLAIN, 2));
  }
}
