package io.lift.model.incontext.trees;

/**
 * How many trees of which kind a table gets: fewer where the table is large, so that the time is
 * bounded.
 *
 * @param trees of the forest
 * @param forest limits of its trees
 * @param boosting how it is fitted
 * @param boostingTrees limits of its trees
 */
record Settings(
    int trees,
    TreeGrower.Limits forest,
    Boosting.Settings boosting,
    TreeGrower.Limits boostingTrees) {
  private static final int MOST_COLUMNS = 24; // that a split chooses among
  private static final int FOREST_DEPTH = 10;
  private static final int BOOSTING_DEPTH = 6;
  private static final int[] TREES = {24, 64};
  private static final int[] ROUNDS = {15, 60};
  private static final double RATE = 0.1; // of the most rounds
  private static final double SHARE = 0.8; // of the rows, for one tree
  private static final double SHARE_OF_NUMBERS = 0.6; // where they are many
  private static final int MANY_NUMBERS = 400;
  private static final int[] FITS = {3, 1}; // of boosting to labels: of few rows and of more
  private static final int FEW_ROWS = 300;

  /** Rows, times columns of a split, times trees that are affordable. */
  private static final double FOREST_WORK = 40 * 1000 * 4.0;

  private static final double BOOSTING_WORK = 60 * 1000 * 10.0;

  /**
   * @param outputs of the trees, see {@link Targets}
   * @param labels whether they are of labels
   */
  static Settings of(int rows, int columns, int outputs, boolean labels) {
    int drawn = (int) Math.ceil(labels ? Math.sqrt(columns) : columns / 2.0);
    drawn = Math.min(MOST_COLUMNS, drawn);
    int all = Math.min(MOST_COLUMNS, columns);
    int folds =
        Math.max(2, Math.min(rows < 100 ? 8 : rows < FEW_ROWS ? 6 : rows < 600 ? 4 : 3, rows));
    double forestCost = (double) rows * drawn * (outputs == 1 ? 1 : 1 + outputs / 4.0);
    double boostingCost = (double) rows * all * folds * (1 + (outputs - 1) / 2.0);
    int rounds = between(BOOSTING_WORK / boostingCost, ROUNDS);
    return new Settings(
        between(FOREST_WORK / forestCost, TREES),
        new TreeGrower.Limits(FOREST_DEPTH, labels ? 1 : 2, drawn, 0),
        new Boosting.Settings(
            folds,
            labels ? FITS[rows < FEW_ROWS ? 0 : 1] : 0,
            rounds,
            RATE * ROUNDS[1] / rounds,
            labels || rows < MANY_NUMBERS ? SHARE : SHARE_OF_NUMBERS,
            labels ? 0.5 : 1),
        new TreeGrower.Limits(BOOSTING_DEPTH, 2, all, 1));
  }

  /** A count within limits. */
  static int between(double count, int[] limits) {
    return (int) Math.max(limits[0], Math.min(limits[1], count));
  }
}
