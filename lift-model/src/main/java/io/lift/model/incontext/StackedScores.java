package io.lift.model.incontext;

import java.util.Arrays;

/**
 * What {@link RowPredictors} say of a table's rows, each alone and all together, weighted by {@link
 * Stacking}.
 */
final class StackedScores {
  private static final double MOST_SCORE = 5;
  private static final double SCORE_FACTOR = 3; // of scores that are nearly 0 or 1
  private static final double FOREST_DOUBT = 0.01; // probability that is spread over the labels
  private static final double LEAST_VARIANCE = 1e-6;

  /** Of naive Bayes, forest, boosting, logistic and kernel regression. */
  private static final double[] LABEL_PRIOR = {0.2, 0.3, 0.3, 0.2, 0.1};

  private static final double LABEL_PRIOR_ROWS = 8;

  /** Of ridge regression, forest, boosting and kernel regression. */
  private static final double[] NUMBER_PRIOR = {0.1, 0.35, 0.35, 0.2};

  private static final double NUMBER_PRIOR_ROWS = 1;

  private final boolean labels;
  private final int[] present; // slots that rows have
  private final double[] mean; // of the answers that are predicted
  private final RowPredictors predictors;
  private final double[] weights; // of the sources
  private final double ridgeStrength;
  private final double[] strengths; // of forest, boosting and all together
  private final double[] moreStrengths; // of logistic and kernel regression
  private double error; // mean square of all together, of a number
  private double doubt; // mean variance by the forest

  /**
   * @param answers (rows, A), see {@link TableFeatures}
   * @param mean of the answers
   */
  StackedScores(RowPredictors predictors, double[][] answers, double[] mean, boolean labels) {
    this.labels = labels;
    this.predictors = predictors;
    this.mean = labels ? mean : new double[] {mean[0]};
    this.present = predictors.present();
    double[][] wanted = RowPredictors.wanted(answers, labels);
    RowPredictors.Scores leftOut = predictors.leftOut();
    double[][][] sources = labels ? ofLabels(leftOut) : ofNumbers(leftOut);
    this.weights = labels ? labelWeights(sources, answers) : numberWeights(sources, wanted);
    double[][] all = stacked(sources);
    double[][] forest = leftOut.trees().forest();
    this.ridgeStrength = strength(wanted, leftOut.ridge());
    this.strengths =
        new double[] {
          strength(wanted, forest),
          strength(wanted, probabilities(sources[2])),
          strength(wanted, probabilities(all))
        };
    this.moreStrengths =
        new double[] {
          labels ? strength(wanted, probabilities(sources[3])) : 0,
          strength(wanted, leftOut.kernel())
        };
    for (int r = 0; !labels && r < wanted.length; r++) {
      error += (wanted[r][0] - all[r][0]) * (wanted[r][0] - all[r][0]) / wanted.length;
      doubt += variance(forest[r]) / wanted.length;
    }
  }

  /** A number's mean and mean square as its variance. */
  private static double variance(double[] moments) {
    return Math.max(LEAST_VARIANCE, moments[1] - moments[0] * moments[0]);
  }

  /** (sources, rows, slots), centred. */
  private double[][][] ofLabels(RowPredictors.Scores scores) {
    int rows = scores.ridge().length;
    double[][][] sources = new double[LABEL_PRIOR.length][rows][];
    double[] logs = new double[RowFeatures.LABELS];
    double[] kernel = new double[RowFeatures.LABELS];
    for (int r = 0; r < rows; r++) {
      double[] forest = scores.trees().forest()[r];
      for (int k : present) {
        logs[k] = Math.log((1 - FOREST_DOUBT) * forest[k] + FOREST_DOUBT / present.length);
        kernel[k] = SCORE_FACTOR * scores.kernel()[r][k];
      }
      sources[0][r] = centered(scores.evidence()[r]);
      sources[1][r] = centered(logs);
      sources[2][r] = centered(scores.trees().boosting()[r]);
      sources[3][r] = centered(scores.logistic()[r]);
      sources[4][r] = centered(kernel);
    }
    return sources;
  }

  /** (sources, rows, 1). */
  private static double[][][] ofNumbers(RowPredictors.Scores scores) {
    int rows = scores.ridge().length;
    double[][][] sources = new double[NUMBER_PRIOR.length][rows][];
    for (int r = 0; r < rows; r++) {
      sources[0][r] = new double[] {limited(scores.ridge()[r][0])};
      sources[1][r] = new double[] {limited(scores.trees().forest()[r][0])};
      sources[2][r] = new double[] {limited(scores.trees().boosting()[r][0])};
      sources[3][r] = new double[] {limited(scores.kernel()[r][0])};
    }
    return sources;
  }

  /** Less the mean over the labels that rows have, limited; 0 for others. */
  private double[] centered(double[] scores) {
    double center = 0;
    for (int k : present) {
      center += scores[k] / present.length;
    }
    double[] centered = new double[scores.length];
    for (int k : present) {
      centered[k] = limited(scores[k] - center);
    }
    return centered;
  }

  private static double limited(double score) {
    return Math.max(-MOST_SCORE, Math.min(MOST_SCORE, score));
  }

  private double[] labelWeights(double[][][] sources, double[][] answers) {
    double[][][] logits = new double[sources.length][answers.length][present.length];
    for (int s = 0; s < logits.length; s++) {
      for (int r = 0; r < answers.length; r++) {
        for (int k = 0; k < present.length; k++) {
          logits[s][r][k] = sources[s][r][present[k]];
        }
      }
    }
    int[] places = predictors.places(RowPredictors.slots(answers));
    return Stacking.labels(logits, places, LABEL_PRIOR, LABEL_PRIOR_ROWS);
  }

  private static double[] numberWeights(double[][][] sources, double[][] wanted) {
    double[][] answers =
        Arrays.stream(sources)
            .map(rows -> Arrays.stream(rows).mapToDouble(row -> row[0]).toArray())
            .toArray(double[][]::new);
    double[] numbers = Arrays.stream(wanted).mapToDouble(y -> y[0]).toArray();
    return Stacking.numbers(answers, numbers, NUMBER_PRIOR, NUMBER_PRIOR_ROWS);
  }

  /** (rows, slots or 1), limited. */
  private double[][] stacked(double[][][] sources) {
    double[][] all = new double[sources[0].length][sources[0][0].length];
    for (int r = 0; r < all.length; r++) {
      for (int k = 0; k < all[r].length; k++) {
        for (int s = 0; s < sources.length; s++) {
          all[r][k] += weights[s] * sources[s][r][k];
        }
        all[r][k] = limited(all[r][k]);
      }
    }
    return all;
  }

  /** Logits of the labels that rows have as probabilities; numbers as they are. */
  private double[][] probabilities(double[][] rows) {
    if (!labels) {
      return rows;
    }
    double[][] all = new double[rows.length][RowFeatures.LABELS];
    for (int r = 0; r < rows.length; r++) {
      double total = 0;
      for (int k : present) {
        all[r][k] = Math.exp(rows[r][k]);
        total += all[r][k];
      }
      for (int k : present) {
        all[r][k] /= total;
      }
    }
    return all;
  }

  /** How much of the answers' variance left-out predictions explain: at most 1, at least -1. */
  private double strength(double[][] answers, double[][] predictions) {
    double off = 0;
    double total = 0;
    for (int r = 0; r < answers.length; r++) {
      for (int t = 0; t < mean.length; t++) {
        off += (answers[r][t] - predictions[r][t]) * (answers[r][t] - predictions[r][t]);
        total += (answers[r][t] - mean[t]) * (answers[r][t] - mean[t]);
      }
    }
    return Math.max(-1, 1 - off / Math.max(1e-9, total));
  }

  /**
   * Writes what is predicted of a labelled row.
   *
   * @param at where the row begins
   */
  void writeLeftOut(int row, float[] rows, int at) {
    write(predictors.leftOut().row(row), rows, at);
  }

  /**
   * Writes what is predicted of queries.
   *
   * @param queries (columns, rows)
   * @param at where the first row begins
   */
  void writeQueries(double[][] queries, float[] rows, int at) {
    write(predictors.predict(queries), rows, at);
  }

  private void write(RowPredictors.Scores scores, float[] rows, int from) {
    double[][][] sources = labels ? ofLabels(scores) : ofNumbers(scores);
    double[][] all = stacked(sources);
    for (int r = 0; r < all.length; r++) {
      int at = from + r * RowFeatures.SIZE;
      rows[at + RowFeatures.RIDGE_STRENGTH] = (float) ridgeStrength;
      for (int i = 0; i < strengths.length; i++) {
        rows[at + RowFeatures.STRENGTHS + i] = (float) strengths[i];
      }
      for (int i = 0; i < moreStrengths.length; i++) {
        rows[at + RowFeatures.MORE_STRENGTHS + i] = (float) moreStrengths[i];
      }
      if (!labels) {
        rows[at + RowFeatures.NUMBER_SUM] = (float) limited(scores.evidence()[r][0]);
        rows[at + RowFeatures.NUMBER_RIDGE] = (float) sources[0][r][0];
        rows[at + RowFeatures.NUMBER_FOREST] = (float) sources[1][r][0];
        rows[at + RowFeatures.NUMBER_BOOSTING] = (float) sources[2][r][0];
        rows[at + RowFeatures.NUMBER_KERNEL] = (float) sources[3][r][0];
        rows[at + RowFeatures.NUMBER_STACK] = (float) all[r][0];
        rows[at + RowFeatures.NUMBER_SPREAD] = (float) spread(scores.trees().forest()[r]);
        continue;
      }
      for (int k = 0; k < RowFeatures.LABELS; k++) {
        rows[at + RowFeatures.RIDGE + k] = (float) limited(scores.ridge()[r][k]);
        rows[at + RowFeatures.BAYES + k] = (float) limited(scores.evidence()[r][k]);
        rows[at + RowFeatures.FOREST + k] = (float) sources[1][r][k];
        rows[at + RowFeatures.BOOSTING + k] = (float) sources[2][r][k];
        rows[at + RowFeatures.LOGISTIC + k] = (float) sources[3][r][k];
        rows[at + RowFeatures.KERNEL + k] = (float) limited(scores.kernel()[r][k]);
        rows[at + RowFeatures.STACK + k] = (float) all[r][k];
      }
    }
  }

  /** The deviation from all together: half of its square is as the forest's variance of the row. */
  private double spread(double[] moments) {
    return limited(Math.sqrt(error * (0.5 + 0.5 * variance(moments) / doubt)));
  }
}
