package io.lift.model.incontext;

/**
 * The features of a row: what is known of its answer, and what simple statistics of the other
 * labelled rows say. Of a labelled row, the statistics leave out the row itself.
 */
public final class RowFeatures {
  /** Label slots. A task with more labels is answered in several passes. */
  public static final int LABELS = 10;

  /** Scores of the labels by ridge regression on their indicators. */
  static final int RIDGE = 0;

  /** Logarithms of the labels' probabilities by naive Bayes, less their mean. */
  static final int BAYES = RIDGE + LABELS;

  /** The row's own label, 1 in its slot. */
  static final int LABEL = BAYES + LABELS;

  /** 1 for a query of a classification. */
  static final int LABEL_QUERY = LABEL + LABELS;

  /** A number's prediction by ridge regression, in standard deviations. */
  static final int NUMBER_RIDGE = LABEL_QUERY + 1;

  /** A number's prediction by the sum of its columns' local means. */
  static final int NUMBER_SUM = NUMBER_RIDGE + 1;

  /** The row's own number, its square root with sign, and its rank. */
  static final int NUMBER = NUMBER_SUM + 1;

  /** 1 for a query of a regression. */
  static final int NUMBER_QUERY = NUMBER + 3;

  /** How well ridge regression predicts rows that are left out: a share of the variance. */
  static final int RIDGE_STRENGTH = NUMBER_QUERY + 1;

  /** Logarithms of the labels' probabilities by a forest, less their mean. */
  static final int FOREST = RIDGE_STRENGTH + 1;

  /** Logits of the labels by boosting, less their mean. */
  static final int BOOSTING = FOREST + LABELS;

  /** Logits of the labels by all of these together, see {@link StackedScores}. */
  static final int STACK = BOOSTING + LABELS;

  /** A number's prediction by a forest, in standard deviations. */
  static final int NUMBER_FOREST = STACK + LABELS;

  /** A number's prediction by boosting. */
  static final int NUMBER_BOOSTING = NUMBER_FOREST + 1;

  /** A number's prediction by all of these together. */
  static final int NUMBER_STACK = NUMBER_BOOSTING + 1;

  /** The deviation of a number from that prediction, as far as it is known. */
  static final int NUMBER_SPREAD = NUMBER_STACK + 1;

  /** How well a forest, boosting and all together predict rows that are left out. */
  static final int STRENGTHS = NUMBER_SPREAD + 1;

  /** Logits of the labels by logistic regression, less their mean. */
  static final int LOGISTIC = STRENGTHS + 3;

  /** Scores of the labels by {@link KernelRegression} on their indicators. */
  static final int KERNEL = LOGISTIC + LABELS;

  /** A number's prediction by {@link KernelRegression}. */
  static final int NUMBER_KERNEL = KERNEL + LABELS;

  /** How well logistic and kernel regression predict rows that are left out. */
  static final int MORE_STRENGTHS = NUMBER_KERNEL + 1;

  /** G. */
  public static final int SIZE = MORE_STRENGTHS + 2;

  private RowFeatures() {}
}
