package io.lift.model.incontext;

import io.lift.model.incontext.trees.TreeStatistics;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What closed statistics and trees predict of a table's rows, each alone and all together: ridge
 * regression, naive Bayes, a forest and boosting, weighted by {@link Stacking}. Labelled rows are
 * predicted without their own answers.
 */
final class StackedScores {
  private static final double MOST_SCORE = 5;
  private static final double RIDGE_FACTOR = 3; // ridge scores are nearly 0 or 1
  private static final double FOREST_DOUBT = 0.01; // probability that is spread over the labels
  private static final double[] LABEL_PRIOR = {0.3, 0.1, 0.3, 0.3};
  private static final double LABEL_PRIOR_ROWS = 8;
  private static final double[] NUMBER_PRIOR = {0.2, 0, 0.4, 0.4};
  private static final double NUMBER_PRIOR_ROWS = 1;
  private static final double LEAST_VARIANCE = 1e-6;

  private final boolean labels;
  private final int[] present; // slots that rows have
  private final double[] mean; // of the answers
  private final ColumnEvidence evidence;
  private final RidgeInputs inputs;
  private final RidgeRegression ridge; // null where no column varies
  private final TreeStatistics trees;
  private final Scores leftOut;
  private final double[] weights; // of the sources
  private final double ridgeStrength;
  private final double[] strengths; // of forest, boosting and all together
  private double error; // mean square of all together, of a number
  private double doubt; // mean variance by the forest

  /**
   * Predictions of rows.
   *
   * @param ridge (rows, slots or 1)
   * @param evidence likewise
   */
  private record Scores(double[][] ridge, double[][] evidence, TreeStatistics.Predictions trees) {}

  /**
   * @param context (columns, rows)
   * @param answers (rows, A), see {@link TableFeatures}
   * @param order of the columns, the most useful first
   * @param columns whose cells are written
   */
  StackedScores(
      double[][] context,
      boolean[] categories,
      double[][] answers,
      double[] mean,
      boolean labels,
      ColumnStatistics[] statistics,
      int[] order,
      int[] columns) {
    this.labels = labels;
    this.mean = labels ? mean : new double[] {mean[0]};
    this.present = IntStream.range(0, mean.length).filter(k -> mean[k] > 0).toArray();
    this.evidence = new ColumnEvidence(statistics, columns, mean, labels);
    this.inputs = new RidgeInputs(statistics, context, order);
    int n = answers.length;
    double[][] wanted =
        labels
            ? answers
            : Arrays.stream(answers).map(a -> new double[] {a[0]}).toArray(double[][]::new);
    this.ridge = inputs.isEmpty() ? null : ridge(context, wanted);
    int[] slots = labels ? slots(answers) : null;
    double[] numbers =
        labels ? null : Arrays.stream(answers).mapToDouble(answer -> answer[0]).toArray();
    this.trees =
        labels
            ? TreeStatistics.ofLabels(context, categories, slots, RowFeatures.LABELS)
            : TreeStatistics.ofNumbers(context, categories, numbers);
    double[][] ofColumns = new double[n][];
    double[][] ofRidge = new double[n][];
    for (int r = 0; r < n; r++) {
      ofColumns[r] = evidence.of(context, r, answers[r]);
      ofRidge[r] = ridge == null ? this.mean : ridge.leftOut()[r];
    }
    this.leftOut = new Scores(ofRidge, ofColumns, trees.leftOut());
    double[][][] sources = sources(leftOut);
    this.weights = labels ? weights(sources, slots) : weights(sources, numbers);
    double[][] all = stacked(sources);
    this.ridgeStrength = ridge == null ? 0 : strength(wanted, ofRidge);
    this.strengths =
        new double[] {
          strength(wanted, labels ? trees.leftOut().forest() : firsts(trees.leftOut().forest())),
          strength(wanted, probabilities(sources[3])),
          strength(wanted, probabilities(all))
        };
    if (!labels) {
      for (int r = 0; r < n; r++) {
        error += (numbers[r] - all[r][0]) * (numbers[r] - all[r][0]) / n;
        doubt += variance(trees.leftOut().forest()[r]) / n;
      }
    }
  }

  private RidgeRegression ridge(double[][] context, double[][] wanted) {
    double[][] x = new double[wanted.length][];
    for (int r = 0; r < x.length; r++) {
      x[r] = inputs.of(context, r);
    }
    return new RidgeRegression(x, wanted);
  }

  private static int[] slots(double[][] answers) {
    return Arrays.stream(answers)
        .mapToInt(
            a -> IntStream.range(0, a.length).filter(k -> a[k] == 1).findFirst().orElseThrow())
        .toArray();
  }

  private static double[][] firsts(double[][] moments) {
    return Arrays.stream(moments).map(m -> new double[] {m[0]}).toArray(double[][]::new);
  }

  /** The mean and the mean square of a number as its variance. */
  private static double variance(double[] moments) {
    return Math.max(LEAST_VARIANCE, moments[1] - moments[0] * moments[0]);
  }

  /** Predictions as the sources of a stack: (sources, rows, slots or 1), centred. */
  private double[][][] sources(Scores scores) {
    double[][] ofRidge = scores.ridge();
    double[][] ofForest = scores.trees().forest();
    double[][][] sources = new double[4][ofRidge.length][];
    for (int r = 0; r < ofRidge.length; r++) {
      if (!labels) {
        sources[0][r] = new double[] {limited(ofRidge[r][0])};
        sources[1][r] = new double[] {limited(scores.evidence()[r][0])};
        sources[2][r] = new double[] {limited(ofForest[r][0])};
        sources[3][r] = new double[] {limited(scores.trees().boosting()[r][0])};
        continue;
      }
      double[] linear = new double[RowFeatures.LABELS];
      double[] forest = new double[RowFeatures.LABELS];
      for (int k : present) {
        linear[k] = RIDGE_FACTOR * ofRidge[r][k];
        forest[k] = Math.log((1 - FOREST_DOUBT) * ofForest[r][k] + FOREST_DOUBT / present.length);
      }
      sources[0][r] = centered(linear);
      sources[1][r] = centered(scores.evidence()[r]);
      sources[2][r] = centered(forest);
      sources[3][r] = centered(scores.trees().boosting()[r]);
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

  private double[] weights(double[][][] sources, int[] slots) {
    int[] place = new int[RowFeatures.LABELS];
    for (int k = 0; k < present.length; k++) {
      place[present[k]] = k;
    }
    double[][][] logits = new double[sources.length][slots.length][present.length];
    for (int s = 0; s < logits.length; s++) {
      for (int r = 0; r < slots.length; r++) {
        for (int k = 0; k < present.length; k++) {
          logits[s][r][k] = sources[s][r][present[k]];
        }
      }
    }
    int[] places = Arrays.stream(slots).map(slot -> place[slot]).toArray();
    return Stacking.labels(logits, places, LABEL_PRIOR, LABEL_PRIOR_ROWS);
  }

  private static double[] weights(double[][][] sources, double[] numbers) {
    double[][] answers =
        Arrays.stream(sources)
            .map(rows -> Arrays.stream(rows).mapToDouble(row -> row[0]).toArray())
            .toArray(double[][]::new);
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
    TreeStatistics.Predictions some = leftOut.trees();
    Scores one =
        new Scores(
            new double[][] {leftOut.ridge()[row]},
            new double[][] {leftOut.evidence()[row]},
            new TreeStatistics.Predictions(
                new double[][] {some.forest()[row]}, new double[][] {some.boosting()[row]}));
    write(one, rows, at);
  }

  /**
   * Writes what is predicted of queries.
   *
   * @param queries (columns, rows)
   * @param at where the first row begins
   */
  void writeQueries(double[][] queries, float[] rows, int at) {
    int count = queries[0].length;
    double[][] ofColumns = new double[count][];
    double[][] ofRidge = new double[count][];
    for (int r = 0; r < count; r++) {
      ofColumns[r] = evidence.of(queries, r, null);
      ofRidge[r] = ridge == null ? mean : ridge.predict(inputs.of(queries, r));
    }
    write(new Scores(ofRidge, ofColumns, trees.predict(queries)), rows, at);
  }

  private void write(Scores scores, float[] rows, int from) {
    double[][][] sources = sources(scores);
    double[][] all = stacked(sources);
    for (int r = 0; r < all.length; r++) {
      int at = from + r * RowFeatures.SIZE;
      rows[at + RowFeatures.RIDGE_STRENGTH] = (float) ridgeStrength;
      for (int i = 0; i < strengths.length; i++) {
        rows[at + RowFeatures.STRENGTHS + i] = (float) strengths[i];
      }
      if (!labels) {
        rows[at + RowFeatures.NUMBER_RIDGE] = (float) sources[0][r][0];
        rows[at + RowFeatures.NUMBER_SUM] = (float) sources[1][r][0];
        rows[at + RowFeatures.NUMBER_FOREST] = (float) sources[2][r][0];
        rows[at + RowFeatures.NUMBER_BOOSTING] = (float) sources[3][r][0];
        rows[at + RowFeatures.NUMBER_STACK] = (float) all[r][0];
        rows[at + RowFeatures.NUMBER_SPREAD] = (float) spread(scores.trees().forest()[r]);
        continue;
      }
      for (int k = 0; k < RowFeatures.LABELS; k++) {
        rows[at + RowFeatures.RIDGE + k] = (float) limited(scores.ridge()[r][k]);
        rows[at + RowFeatures.BAYES + k] = (float) limited(scores.evidence()[r][k]);
        rows[at + RowFeatures.FOREST + k] = (float) sources[2][r][k];
        rows[at + RowFeatures.BOOSTING + k] = (float) sources[3][r][k];
        rows[at + RowFeatures.STACK + k] = (float) all[r][k];
      }
    }
  }

  /** The deviation from all together: half of its square is as the forest's variance of the row. */
  private double spread(double[] moments) {
    return limited(Math.sqrt(error * (0.5 + 0.5 * variance(moments) / doubt)));
  }
}
