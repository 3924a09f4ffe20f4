package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.InvalidModelException;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InContextClassifierTest {
  private static final InContextNetwork MODEL = InContextNetwork.initial(1);
  private static final int[] CATEGORIES = {0, 0, 3};

  /** Two clouds, and a category that has nothing to do with them. */
  private static LabelledRows clouds(int rows) {
    SeededRandom random = new SeededRandom(4);
    int[][] cells = new int[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      labels[r] = r % 2;
      int center = labels[r] == 0 ? 30 : 70;
      cells[r] =
          new int[] {
            (int) (center + 8 * random.gaussian()),
            (int) (center + 8 * random.gaussian()),
            (int) (3 * random.uniform())
          };
    }
    return new LabelledRows(CATEGORIES, cells, labels, 2);
  }

  @Test
  void evenBeforePretrainingRowsTakeTheLabelOfSimilarRows() {
    try (InContextClassifier classifier = new InContextClassifier(MODEL, "cpu");
        InContextClassifier.Context context = classifier.read(clouds(40), 4, 0)) {
      double[][] p = context.probabilities(new int[][] {{30, 30, 1}, {70, 70, 1}});
      assertThat(p[0][0]).isGreaterThan(p[1][0] + 0.05);
      assertThat(p[0][0] + p[0][1]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void theModelThatShipsAnswersTablesThatItHasNotSeen() {
    assertThat(right(clouds(300), 20)).isGreaterThan(0.95);
    assertThat(right(corners(400), 100)).isGreaterThan(0.85);
  }

  @Test
  void theCardNamesTheModelThatShips() throws IOException {
    try (InputStream card = InContextNetwork.class.getResourceAsStream("README.md")) {
      assertThat(new String(card.readAllBytes(), StandardCharsets.UTF_8))
          .contains("sha256 `" + InContextNetwork.embedded().hash().substring(0, 8));
    }
  }

  /** Opposite corners have the same label. */
  private static LabelledRows corners(int rows) {
    SeededRandom random = new SeededRandom(6);
    int[][] cells = new int[rows][];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      cells[r] = new int[] {(int) (100 * random.uniform()), (int) (100 * random.uniform()), 0};
      labels[r] = cells[r][0] < 50 ^ cells[r][1] < 50 ? 1 : 0;
    }
    return new LabelledRows(CATEGORIES, cells, labels, 2);
  }

  /** Share of rows that are answered right if the first ones are labelled. */
  private static double right(LabelledRows rows, int labelled) {
    LabelledRows first =
        new LabelledRows(
            rows.categories(),
            Arrays.copyOf(rows.cells(), labelled),
            Arrays.copyOf(rows.labels(), labelled),
            rows.classes());
    int all = rows.cells().length;
    try (InContextClassifier classifier =
            new InContextClassifier(InContextNetwork.embedded(), "cpu");
        InContextClassifier.Context context = classifier.read(first, 8, 0)) {
      double[][] p = context.probabilities(Arrays.copyOfRange(rows.cells(), labelled, all));
      int right = 0;
      for (int r = 0; r < p.length; r++) {
        right += (p[r][1] > 0.5 ? 1 : 0) == rows.labels()[labelled + r] ? 1 : 0;
      }
      return right / (double) p.length;
    }
  }

  @Test
  void anAnswerDoesNotDependOnTheOtherQueries() {
    try (InContextClassifier classifier = new InContextClassifier(MODEL, "cpu");
        InContextClassifier.Context context = classifier.read(clouds(40), 4, 0)) {
      int[][] queries = clouds(300).cells();
      double[][] together = context.probabilities(queries);
      for (int r = 0; r < queries.length; r += 50) {
        double[] alone = context.probabilities(new int[][] {queries[r]})[0];
        assertThat(alone).containsExactly(together[r], within(1e-5));
      }
    }
  }

  @Test
  void queriesWithTablesOfTheirOwnAreAnsweredTogetherAsOneByOne() {
    int count = 90; // more than go together: each table has 4 passes of 40 rows
    List<LabelledRows> tables = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      tables.add(clouds(120).subset(new SeededRandom(r).permutation(40)));
    }
    int[][] queries = clouds(count).cells();
    try (InContextClassifier classifier = new InContextClassifier(MODEL, "cpu")) {
      double[][] together = classifier.probabilities(tables, queries, 4, 0);
      for (int r = 0; r < count; r += 11) {
        try (InContextClassifier.Context own = classifier.read(tables.get(r), 4, 0)) {
          double[] alone = own.probabilities(new int[][] {queries[r]})[0];
          assertThat(together[r]).containsExactly(alone, within(1e-5));
        }
      }
    }
  }

  @Test
  void aHeldOutRowIsAnsweredWithoutItsOwnLabel() {
    LabelledRows rows = clouds(24);
    int[] folds = new int[24];
    for (int r = 0; r < folds.length; r++) {
      folds[r] = r / 6;
    }
    int[] other = rows.labels().clone();
    other[3] = 1 - other[3];
    try (InContextClassifier classifier = new InContextClassifier(MODEL, "cpu")) {
      double[][] answers = classifier.heldOut(rows, folds, 2, 0);
      double[][] afterwards =
          classifier.heldOut(new LabelledRows(CATEGORIES, rows.cells(), other, 2), folds, 2, 0);
      assertThat(afterwards[3]).isEqualTo(answers[3]); // and those of its part
      assertThat(afterwards[5]).isEqualTo(answers[5]);
      assertThat(afterwards[6]).isNotEqualTo(answers[6]);
    }
  }

  @Test
  void theOrderOfRowsInContextHasNoEffect() {
    LabelledRows rows = clouds(60);
    int[] order = new SeededRandom(9).permutation(60);
    double[][] context = new double[60][];
    double[][] other = new double[60][];
    int[] labels = new int[60];
    CellNumbers numbers = CellNumbers.of(CATEGORIES, rows.cells());
    for (int r = 0; r < 60; r++) {
      context[r] = numbers.of(rows.cells()[r]);
      other[r] = numbers.of(rows.cells()[order[r]]);
      labels[r] = rows.labels()[order[r]];
    }
    assertThat(logits(context, rows.labels(), false))
        .containsExactly(logits(other, labels, false), within(1e-4f));
  }

  @Test
  void queriesAfterCachedRowsAnswerAsInOnePass() {
    LabelledRows rows = clouds(60);
    CellNumbers numbers = CellNumbers.of(CATEGORIES, rows.cells());
    double[][] context = Arrays.stream(rows.cells()).map(numbers::of).toArray(double[][]::new);
    assertThat(logits(context, rows.labels(), true))
        .containsExactly(logits(context, rows.labels(), false), within(1e-4f));
  }

  /** Logits of three queries. */
  private static float[] logits(double[][] context, int[] labels, boolean later) {
    int n = context.length;
    RowEmbedder embedder = RowEmbedder.of(context, labels, 2, new SeededRandom(2));
    float[] read = new float[n * RowTokens.SIZE];
    for (int r = 0; r < n; r++) {
      embedder.write(context[r], labels[r], read, r * RowTokens.SIZE);
    }
    float[] queries = new float[3 * RowTokens.SIZE];
    for (int r = 0; r < 3; r++) {
      double[] row = new double[context[0].length];
      Arrays.fill(row, 20 + 30 * r);
      embedder.write(row, -1, queries, r * RowTokens.SIZE);
    }
    try (NDManager manager = TorchEngine.load().newBaseManager()) {
      Decoder decoder = new Decoder(MODEL.layout().config(), manager);
      DecoderWeights weights = MODEL.weights(manager);
      NDArray before = manager.create(read, new Shape(1, n, RowTokens.SIZE));
      if (later) {
        NDArray after = manager.create(queries, new Shape(3, 1, RowTokens.SIZE));
        return InContextPass.logits(
                decoder, weights, after, InContextPass.read(decoder, weights, before, manager))
            .toFloatArray();
      }
      NDArray all = before.concat(manager.create(queries, new Shape(1, 3, RowTokens.SIZE)), 1);
      return InContextPass.logits(decoder, weights, all, InContextPass.mask(manager, n, 3), 3)
          .toFloatArray();
    }
  }

  @Test
  void aModelComesBackFromItsFiles() {
    byte[] config = InContextNetwork.CONFIG_JSON.getBytes(StandardCharsets.UTF_8);
    InContextNetwork read = InContextNetwork.read(config, MODEL.toBytes());
    assertThat(read.parameters()).isEqualTo(MODEL.parameters());
  }

  @Test
  void aModelOfAnotherKindIsRejectedInOneSentence() {
    byte[] config =
        InContextNetwork.CONFIG_JSON
            .replace("\"vocab_size\" : " + RowTokens.SIZE, "\"vocab_size\" : 360")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> InContextNetwork.read(config, MODEL.toBytes()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("not of an in-context model");
  }

  @Test
  void moreLabelsThanTokensAreRejected() {
    assertThatThrownBy(() -> new LabelledRows(CATEGORIES, new int[1][3], new int[1], 11))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
