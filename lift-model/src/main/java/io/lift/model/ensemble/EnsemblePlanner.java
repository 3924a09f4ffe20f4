package io.lift.model.ensemble;

import java.util.List;

/** Chooses which members a first round trains: as many as its budget of tokens allows. */
public final class EnsemblePlanner {
  /** Fewer rows cannot be dealt into parts. */
  private static final int FEWEST_ROWS = 8;

  private static final double ROWS_OF_A_BUDGET = 1000;

  /** What a member reads in a step of 32 rows with ten columns. */
  private static final double TOKENS_OF_A_BUDGET = 32 * 11;

  /** What a step costs beside its tokens, in tokens: launching many small operations. */
  private static final double STEP = 550;

  /** The share of the wanted steps that is worth giving up for a larger committee. */
  private static final double SPARED_STEPS = 0.1;

  private static final List<NumberEncoding> PLAIN =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SHARP);
  private static final List<NumberEncoding> TWO_WAYS =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SMOOTH_CODES);
  private static final List<NumberEncoding> THREE_WAYS =
      List.of(NumberEncoding.SMOOTH, NumberEncoding.SHARP, NumberEncoding.SMOOTH_CODES);

  private EnsemblePlanner() {}

  /**
   * The largest committee that the budget allows nearly all of its steps; if it does not allow the
   * smallest that many, the smallest.
   *
   * @param codes whether the table has columns of few integers
   * @param rows of the first round
   * @param steps wanted in the first round
   * @param tokens that one member reads in a step
   * @param budget tokens that all members may read together, for each 1,000 rows begun and ten
   *     columns; a table of four times as many columns may have twice as many, for it needs as many
   *     models but cannot have four times the time; a step costs as much as some tokens
   */
  public static Ensemble of(boolean codes, int rows, int steps, double tokens, double budget) {
    if (rows < FEWEST_ROWS) {
      return Ensemble.of(1);
    }
    for (Ensemble committee : codes ? withCodes() : withoutCodes(rows)) {
      if (most(committee.size(), rows, tokens, budget) >= (1 - SPARED_STEPS) * steps) {
        return committee;
      }
    }
    return Ensemble.of(List.of(NumberEncoding.SMOOTH), 2);
  }

  /**
   * As many of the wanted steps as the budget allows, at least one.
   *
   * @param members of the committee
   * @param steps wanted
   * @param tokens that one member reads in a step
   */
  public static int steps(int members, int rows, int steps, double tokens, double budget) {
    return (int) Math.max(1, Math.min(steps, most(members, rows, tokens, budget)));
  }

  /** Steps that the budget allows. */
  private static double most(int members, int rows, double tokens, double budget) {
    double longer = Math.max(1, rows / ROWS_OF_A_BUDGET);
    double wider = Math.sqrt(Math.max(1, tokens / TOKENS_OF_A_BUDGET));
    return budget * longer * wider / (STEP + members * tokens);
  }

  private static List<Ensemble> withCodes() {
    return List.of(
        Ensemble.of(List.of(NumberEncoding.values()), Ensemble.FOLDS),
        Ensemble.of(THREE_WAYS, Ensemble.FOLDS),
        Ensemble.of(TWO_WAYS, Ensemble.FOLDS),
        Ensemble.of(TWO_WAYS, 2));
  }

  /** Two members of a reading have learnt nearly the same of many rows. */
  private static List<Ensemble> withoutCodes(int rows) {
    return List.of(
        Ensemble.of(PLAIN, Ensemble.FOLDS),
        rows < NumberEncoding.MANY_ROWS
            ? Ensemble.of(List.of(NumberEncoding.SMOOTH), Ensemble.FOLDS)
            : Ensemble.of(PLAIN, 2));
  }
}
