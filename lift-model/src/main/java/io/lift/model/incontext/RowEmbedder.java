package io.lift.model.incontext;

import io.lift.model.random.SeededRandom;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Writes the rows of one table as weights of {@link RowTokens}. Columns are scaled by the rows in
 * context alone. Which column and which label get which token is random, so that passes over one
 * table differ and can be averaged. Where there are more columns than tokens, columns that separate
 * the labels better (variance between labels over variance within) are likelier taken.
 */
public final class RowEmbedder {
  private final int[] columns; // those in use
  private final int[] tokens; // of the columns in use, in their order
  private final Scale[] scales;
  private final int[] labelTokens;
  private final double share;

  private RowEmbedder(int[] columns, int[] tokens, Scale[] scales, int[] labelTokens) {
    this.columns = columns;
    this.tokens = tokens;
    this.scales = scales;
    this.labelTokens = labelTokens;
    this.share = 1 / Math.sqrt(Math.max(1, columns.length));
  }

  /**
   * @param context (rows, columns) numbers; NaN where one is missing
   * @param labels of these rows, from 0
   * @param classes how many labels the table has, at most {@link RowTokens#LABELS}
   */
  public static RowEmbedder of(double[][] context, int[] labels, int classes, SeededRandom random) {
    int width = context[0].length;
    Scale[] scales = new Scale[width];
    double[] score = new double[width];
    for (int c = 0; c < width; c++) {
      int column = c;
      scales[c] =
          Scale.of(
              IntStream.range(0, context.length).mapToDouble(r -> context[r][column]).toArray());
      if (!scales[c].constant()) {
        // a Gumbel beside the logarithm draws without replacement, in proportion to the ratio
        double gumbel = -StrictMath.log(-StrictMath.log(1 - random.uniform()));
        score[c] = StrictMath.log(ratio(context, c, scales[c], labels, classes) + 1e-3) + gumbel;
      }
    }
    int[] columns =
        IntStream.range(0, width)
            .filter(c -> !scales[c].constant())
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -score[c]))
            .limit(RowTokens.COLUMNS)
            .mapToInt(Integer::intValue)
            .toArray();
    return new RowEmbedder(
        columns,
        random.permutation(RowTokens.COLUMNS),
        scales,
        random.permutation(RowTokens.LABELS));
  }

  /**
   * Variance of a column between labels over that within labels, each by its degrees of freedom.
   */
  private static double ratio(
      double[][] context, int column, Scale scale, int[] labels, int classes) {
    double[] sum = new double[classes];
    int[] count = new int[classes];
    double squares = 0;
    for (int r = 0; r < context.length; r++) {
      double z = scale.value(context[r][column]);
      sum[labels[r]] += z;
      count[labels[r]]++;
      squares += z * z;
    }
    double total = 0;
    double between = 0;
    int present = 0;
    for (int k = 0; k < classes; k++) {
      if (count[k] > 0) {
        between += sum[k] * sum[k] / count[k];
        total += sum[k];
        present++;
      }
    }
    double within = Math.max(1e-9, squares - between);
    between -= total * total / context.length;
    return between / Math.max(1, present - 1) / (within / Math.max(1, context.length - present));
  }

  /** The token of a label. */
  public int token(int label) {
    return labelTokens[label];
  }

  /**
   * Writes a row.
   *
   * @param label of the row, or -1 for a query
   * @param into zeros; V of them are this row's
   * @param at where they begin
   */
  public void write(double[] row, int label, float[] into, int at) {
    into[at + (label < 0 ? RowTokens.QUERY : labelTokens[label])] = 1;
    for (int i = 0; i < columns.length; i++) {
      Scale scale = scales[columns[i]];
      into[at + RowTokens.value(tokens[i])] = (float) (share * scale.value(row[columns[i]]));
      into[at + RowTokens.rank(tokens[i])] = (float) (share * scale.rank(row[columns[i]]));
    }
  }
}
