package io.lift.model.incontext;

import io.lift.model.decoder.Softmax;
import io.lift.model.encoder.TextFeatures;
import io.lift.model.encoder.TextReader;
import io.lift.model.incontext.texts.TextPredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled rows with texts that were read. A {@link TextPredictor} learns from the texts. Where
 * there are other columns too, what it says of each row, without the row's own answer, becomes
 * further columns of numbers beside them: one for each label, or one for a number. So the
 * in-context model weighs texts against the rest of the row.
 */
final class TextContext implements InContextReader.Context {
  /** Logits and deviations beyond this are cut. */
  private static final double MOST_SCORE = 6;

  private static final int POSITIONS = 100; // of a column of numbers
  private static final long ROW_BYTES = 4096; // about what is kept of a row's texts

  private final TextReader reader;
  private final TextPredictor texts;
  private final InContextPredictor.Context table; // null where the texts answer alone
  private final boolean numbers;
  private final int rows;

  TextContext(
      InContextPredictor predictor, TextReader reader, SupportRows rows, int passes, long seed) {
    this.reader = reader;
    LabelledRows cells = rows.table();
    this.numbers = cells.numbers();
    this.rows = rows.size();
    TextFeatures[][] features = features(rows.texts());
    this.texts =
        numbers
            ? TextPredictor.ofNumbers(
                features,
                NumberScale.of(cells.labels()).scaled(cells.labels()),
                predictor.manager())
            : TextPredictor.ofLabels(
                features, cells.labels(), cells.classes(), rows.meanings(), predictor.manager());
    this.table =
        numbers || rows.hasCells()
            ? predictor.read(extended(cells, texts.leftOut()), passes, seed)
            : null;
  }

  private TextFeatures[][] features(List<List<String>> texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(all::addAll);
    List<TextFeatures> read = reader.read(all);
    int width = texts.get(0).size();
    TextFeatures[][] features = new TextFeatures[texts.size()][];
    for (int r = 0; r < features.length; r++) {
      features[r] = read.subList(r * width, (r + 1) * width).toArray(TextFeatures[]::new);
    }
    return features;
  }

  private static LabelledRows extended(LabelledRows rows, double[][] scores) {
    int more = scoreCells(scores[0]).length;
    int[] categories = Arrays.copyOf(rows.categories(), rows.categories().length + more);
    return new LabelledRows(
        categories, extended(rows.cells(), scores), rows.labels(), rows.classes(), rows.numbers());
  }

  private static int[][] extended(int[][] cells, double[][] scores) {
    int[][] extended = new int[cells.length][];
    for (int r = 0; r < extended.length; r++) {
      int[] more = scoreCells(scores[r]);
      extended[r] = Arrays.copyOf(cells[r], cells[r].length + more.length);
      System.arraycopy(more, 0, extended[r], cells[r].length, more.length);
    }
    return extended;
  }

  /** Scores as positions on a grid: logits less their mean, of two labels only one. */
  private static int[] scoreCells(double[] scores) {
    double mean = scores.length == 1 ? 0 : Arrays.stream(scores).average().orElse(0);
    int[] cells = new int[scores.length == 2 ? 1 : scores.length];
    for (int k = 0; k < cells.length; k++) {
      double score = Math.max(-MOST_SCORE, Math.min(MOST_SCORE, scores[k] - mean));
      cells[k] = (int) Math.round((score / MOST_SCORE + 1) / 2 * (POSITIONS - 1));
    }
    return cells;
  }

  @Override
  public double[][] probabilities(List<RowContent> queries) {
    double[][] scores = texts.predict(features(queries.stream().map(RowContent::texts).toList()));
    if (table != null) {
      return table.probabilities(extended(RowContent.cells(queries), scores));
    }
    return Arrays.stream(scores).map(Softmax::of).toArray(double[][]::new);
  }

  @Override
  public long bytes() {
    return rows * ROW_BYTES + (table == null ? 0 : table.bytes());
  }

  @Override
  public void close() {
    if (table != null) {
      table.close();
    }
  }
}
