package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowEmbedderTest {
  private static final double[][] CONTEXT = {{1, 7}, {2, 7}, {3, 7}, {6, 7}};
  private static final int[] LABELS = {0, 0, 1, 1};

  private static float[] written(RowEmbedder embedder, double[] row, int label) {
    float[] tokens = new float[RowTokens.SIZE];
    embedder.write(row, label, tokens, 0);
    return tokens;
  }

  private static double[] beyondLabels(float[] tokens) {
    return IntStream.range(RowTokens.QUERY + 1, RowTokens.SIZE)
        .mapToDouble(i -> tokens[i])
        .filter(weight -> weight != 0)
        .toArray();
  }

  @Test
  void aRowIsItsLabelAndTheValueAndRankOfEachColumnThatVaries() {
    RowEmbedder embedder = RowEmbedder.of(CONTEXT, LABELS, 2, new SeededRandom(1));
    float[] row = written(embedder, new double[] {6, 7}, 1);
    assertThat(row[embedder.token(1)]).isEqualTo(1);
    assertThat(row[embedder.token(0)]).isZero();
    assertThat(row[RowTokens.QUERY]).isZero();
    // mean 3, variance 3.5; three of four are smaller, none greater
    assertThat(beyondLabels(row))
        .containsExactly(new double[] {3 / Math.sqrt(3.5), 0.75}, within(1e-6));
  }

  @Test
  void aQueryHasTheQueryTokenInPlaceOfALabel() {
    RowEmbedder embedder = RowEmbedder.of(CONTEXT, LABELS, 2, new SeededRandom(1));
    float[] row = written(embedder, new double[] {2, 7}, -1);
    assertThat(row[RowTokens.QUERY]).isEqualTo(1);
    assertThat(IntStream.range(0, RowTokens.LABELS).mapToDouble(i -> row[i]).sum()).isZero();
  }

  @Test
  void aMissingNumberIsZeroAndAFarOneThreeDeviations() {
    RowEmbedder embedder = RowEmbedder.of(CONTEXT, LABELS, 2, new SeededRandom(1));
    assertThat(beyondLabels(written(embedder, new double[] {Double.NaN, 7}, -1))).isEmpty();
    assertThat(beyondLabels(written(embedder, new double[] {1e9, 7}, -1)))
        .containsExactly(new double[] {3, 1}, within(1e-6));
  }

  @Test
  void ofTooManyColumnsThoseThatSeparateTheLabelsAreLikelier() {
    int width = 200;
    double[][] context = new double[40][width];
    int[] labels = new int[context.length];
    SeededRandom noise = new SeededRandom(3);
    for (int r = 0; r < context.length; r++) {
      labels[r] = r % 2;
      for (int c = 0; c < width; c++) {
        context[r][c] = noise.gaussian() + (c == 77 ? 8 * labels[r] : 0);
      }
    }
    int seen = 0;
    for (int seed = 0; seed < 20; seed++) {
      RowEmbedder embedder = RowEmbedder.of(context, labels, 2, new SeededRandom(seed));
      double[] row = new double[width];
      Arrays.fill(row, Double.NaN);
      row[77] = context[1][77];
      seen += beyondLabels(written(embedder, row, -1)).length > 0 ? 1 : 0;
      assertThat(beyondLabels(written(embedder, context[0], -1)).length)
          .isBetween(2 * RowTokens.COLUMNS - 3, 2 * RowTokens.COLUMNS);
    }
    assertThat(seen).isGreaterThan(17);
  }

  @Test
  void passesDifferInTheTokensOfColumnsAndLabels() {
    float[] one = written(RowEmbedder.of(CONTEXT, LABELS, 2, new SeededRandom(1)), CONTEXT[0], 0);
    float[] two = written(RowEmbedder.of(CONTEXT, LABELS, 2, new SeededRandom(2)), CONTEXT[0], 0);
    assertThat(one).isNotEqualTo(two);
  }
}
