package io.lift.model.committee;

import java.util.List;

/** Chooses which members a first round trains: as many as its budget of tokens allows. */
public final class CommitteePlan {
  /** Fewer rows cannot be dealt into parts. */
  private static final int FEWEST_ROWS = 8;

  private static final double ROWS_OF_A_BUDGET = 1000;

  /** What a member reads in a step of 32 rows with ten columns. */
  private static final double TOKENS_OF_A_BUDGET = 32 * 11;

  /** What a step costs beside its tokens, in tokens: launching many small operations. */
  private static final double STEP = 550;

  /** The share of the wanted steps that is worth giving up for a larger committee. */
  private static final double SPARED_STEPS = 0.1;

  private static final List<Reading> PLAIN = List.of(Reading.SMOOTH, Reading.SHARP);
  private static final List<Reading> TWO_WAYS = List.of(Reading.SMOOTH, Reading.SMOOTH_CODES);
  private static final List<Reading> THREE_WAYS =
      List.of(Reading.SMOOTH, Reading.SHARP, Reading.SMOOTH_CODES);

  private CommitteePlan() {}

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
  public static Committee of(boolean codes, int rows, int steps, double tokens, double budget) {
    if (rows < FEWEST_ROWS) {
      return Committee.of(1);
    }
    for (Committee committee : codes ? withCodes() : withoutCodes(rows)) {
      if (most(committee.size(), rows, tokens, budget) >= (1 - SPARED_STEPS) * steps) {
        return committee;
      }
    }
    return Committee.of(List.of(Reading.SMOOTH), 2);
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

  private static List<Committee> withCodes() {
    return List.of(
        Committee.of(List.of(Reading.values()), Committee.FOLDS),
        Committee.of(THREE_WAYS, Committee.FOLDS),
        Committee.of(TWO_WAYS, Committee.FOLDS),
        Committee.of(TWO_WAYS, 2));
  }

  /** Two members of a reading have learnt nearly the same of many rows. */
  private static List<Committee> withoutCodes(int rows) {
    return List.of(
        Committee.of(PLAIN, Committee.FOLDS),
        rows < Reading.MANY_ROWS
            ? Committee.of(List.of(Reading.SMOOTH), Committee.FOLDS)
            : Committee.of(PLAIN, 2));
  }
}
