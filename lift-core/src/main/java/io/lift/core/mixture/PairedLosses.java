package io.lift.core.mixture;

/**
 * Whether a predictor has been worse than an earlier one on the same rows: a paired test of their
 * log losses. Not thread-safe.
 *
 * <p>It is worse if the mean difference is more than three standard errors above zero. The question
 * is asked at 200 rows, at 400, at 800 and so on: with a question after each row, two equal
 * predictors would sooner or later seem to differ.
 */
public final class PairedLosses {
  private static final int FIRST_ROWS = 200;
  private static final double ERRORS = 3;

  /** The least likelihood beside the greater of the two, so that one row never decides. */
  private static final double LEAST = 0.01;

  private long rows;
  private double loss;
  private double earlierLoss;
  private double squares;

  /**
   * The state for a restart: sums over the rows.
   *
   * @param rows how many
   * @param loss of the predictor
   * @param earlierLoss of the earlier one
   * @param squares of the differences
   */
  public record State(long rows, double loss, double earlierLoss, double squares) {}

  /** Continues after a restart. */
  public static PairedLosses of(State state) {
    PairedLosses restored = new PairedLosses();
    restored.rows = state.rows();
    restored.loss = state.loss();
    restored.earlierLoss = state.earlierLoss();
    restored.squares = state.squares();
    return restored;
  }

  public State state() {
    return new State(rows, loss, earlierLoss, squares);
  }

  /**
   * Adds a row that both have answered. A row that neither held possible is left out.
   *
   * @param likelihood that the predictor gave to the truth: a probability, or a density
   * @param earlier the same of the earlier one
   * @return whether the question is asked at this row, and the predictor is worse
   */
  public boolean add(double likelihood, double earlier) {
    double greater = Math.max(likelihood, earlier);
    if (!(greater > 0) || Double.isInfinite(greater)) {
      return false;
    }
    double own = -Math.log(Math.max(likelihood, LEAST * greater));
    double other = -Math.log(Math.max(earlier, LEAST * greater));
    rows++;
    loss += own;
    earlierLoss += other;
    squares += (own - other) * (own - other);
    return asked(rows) && worse();
  }

  private static boolean asked(long rows) {
    return rows % FIRST_ROWS == 0 && Long.bitCount(rows / FIRST_ROWS) == 1;
  }

  private boolean worse() {
    double mean = (loss - earlierLoss) / rows;
    double variance = Math.max(0, squares - rows * mean * mean) / (rows - 1);
    return mean > ERRORS * Math.sqrt(variance / rows);
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /** The mean log loss of the predictor, in nats. */
  public double loss() {
    return loss / rows;
  }

  /** The mean log loss of the earlier one, in nats. */
  public double earlierLoss() {
    return earlierLoss / rows;
  }
}
