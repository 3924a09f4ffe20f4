package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Features and forward pass against {@code src/test/reference/in_context.py}. */
class TabularTransformerTest {
  private static final int ROWS = 37;
  private static final int QUERIES = 6;
  private static final int COLUMNS = 4;
  private static final int MOST = 100;
  private static final boolean[] CATEGORIES = {false, false, false, true};
  private static final float TOLERANCE = 1e-4f;

  private static Map<String, Safetensors.Tensor> expected;
  private static TransformerWeights weights;
  private static double[][] table; // (columns, rows)

  @BeforeAll
  static void read() throws IOException {
    expected = Safetensors.read("expected", bytes("expected.safetensors")).tensors();
    weights = TransformerWeights.read(bytes("config.json"), bytes("model.safetensors"));
    float[] all = expected.get("table").data();
    table = new double[COLUMNS][ROWS + QUERIES];
    for (int c = 0; c < COLUMNS; c++) {
      for (int r = 0; r < ROWS + QUERIES; r++) {
        table[c][r] = all[c * (ROWS + QUERIES) + r];
      }
    }
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = TabularTransformerTest.class.getResourceAsStream("reference/" + name)) {
      return in.readAllBytes();
    }
  }

  private static double[][] rows(int from, int to) {
    return Arrays.stream(table).map(c -> Arrays.copyOfRange(c, from, to)).toArray(double[][]::new);
  }

  private static void identify(float[] cells, int length) {
    float[] all = expected.get("identities").data();
    int each = all.length / COLUMNS;
    float[][] identities = new float[COLUMNS][];
    for (int c = 0; c < COLUMNS; c++) {
      identities[c] = Arrays.copyOfRange(all, c * each, (c + 1) * each);
    }
    CellFeatures.identify(cells, 0, COLUMNS, length, identities);
  }

  private static TableFeatures features(boolean labels) {
    float[] given = expected.get(labels ? "labels.given" : "numbers.given").data();
    double[][] context = rows(0, ROWS);
    return labels
        ? TableFeatures.ofLabels(
            context,
            CATEGORIES,
            IntStream.range(0, ROWS).map(r -> Math.round(given[r])).toArray(),
            MOST)
        : TableFeatures.ofNumbers(
            context,
            CATEGORIES,
            IntStream.range(0, ROWS).mapToDouble(r -> given[r]).toArray(),
            MOST);
  }

  @Test
  void theFeaturesOfCellsAndRowsAgreeWithPython() {
    for (boolean labels : new boolean[] {true, false}) {
      TableFeatures features = features(labels);
      float[] cells = new float[COLUMNS * (ROWS + QUERIES) * CellFeatures.SIZE];
      float[] rows = new float[(ROWS + QUERIES) * RowFeatures.SIZE];
      features.writeContext(cells, 0, ROWS + QUERIES, rows, 0);
      features.writeQueries(rows(ROWS, ROWS + QUERIES), ROWS, cells, 0, ROWS + QUERIES, rows, 0);
      identify(cells, ROWS + QUERIES);
      String name = labels ? "labels." : "numbers.";
      assertThat(cells).containsExactly(expected.get(name + "cells").data(), within(TOLERANCE));
      float[] wanted = expected.get(name + "rows").data();
      for (int r = 0; r < ROWS + QUERIES; r++) {
        for (int i = 0; i < RowFeatures.FOREST; i++) {
          int at = r * RowFeatures.SIZE + i;
          assertThat(rows[at]).isCloseTo(wanted[at], within(TOLERANCE));
        }
      }
    }
  }

  @Test
  void theWeightsOfAStackAgreeWithPython() {
    float[] truths = expected.get("stack.labels.given").data();
    float[] scores = expected.get("stack.labels.scores").data();
    float[] line = expected.get("stack.numbers.given").data();
    float[] guesses = expected.get("stack.numbers.scores").data();
    int n = line.length;
    double[][][] logits = new double[4][n][3];
    double[][] answers = new double[4][n];
    for (int i = 0; i < scores.length; i++) {
      logits[i / 3 / n][i / 3 % n][i % 3] = scores[i];
    }
    for (int i = 0; i < guesses.length; i++) {
      answers[i / n][i % n] = guesses[i];
    }
    int[] labels = IntStream.range(0, n).map(r -> Math.round(truths[r])).toArray();
    double[] numbers = IntStream.range(0, n).mapToDouble(r -> line[r]).toArray();
    agree(Stacking.labels(logits, labels, new double[] {0.3, 0.1, 0.3, 0.3}, 8), "labels");
    agree(Stacking.numbers(answers, numbers, new double[] {0.2, 0, 0.4, 0.4}, 1), "numbers");
  }

  private static void agree(double[] weights, String name) {
    float[] wanted = expected.get("stack." + name + ".weights").data();
    for (int s = 0; s < wanted.length; s++) {
      assertThat(weights[s]).isCloseTo(wanted[s], within(1e-3));
    }
    assertThat(weights[3]).isZero(); // a source that is wrong
  }

  @Test
  void answersAgreeWithPythonWhetherRowsAreReadBeforeOrTogether() {
    for (boolean labels : new boolean[] {true, false}) {
      String name = labels ? "labels." : "numbers.";
      float[] out = expected.get(name + "out").data();
      assertThat(together(labels)).containsExactly(out, within(TOLERANCE));
      assertThat(after(labels)).containsExactly(out, within(TOLERANCE));
    }
  }

  /** Trees and stacks are drawn at random there. */
  private static void copyTrees(boolean labels, float[] rows, int from, int count) {
    float[] wanted = expected.get(labels ? "labels.rows" : "numbers.rows").data();
    for (int r = 0; r < count; r++) {
      System.arraycopy(
          wanted,
          (from + r) * RowFeatures.SIZE + RowFeatures.FOREST,
          rows,
          r * RowFeatures.SIZE + RowFeatures.FOREST,
          RowFeatures.SIZE - RowFeatures.FOREST);
    }
  }

  private static float[] together(boolean labels) {
    TableFeatures features = features(labels);
    int length = ROWS + QUERIES;
    float[] cells = new float[COLUMNS * length * CellFeatures.SIZE];
    float[] rows = new float[length * RowFeatures.SIZE];
    features.writeContext(cells, 0, length, rows, 0);
    features.writeQueries(rows(ROWS, length), ROWS, cells, 0, length, rows, 0);
    copyTrees(labels, rows, 0, length);
    try (NDManager manager = TorchEngine.load().newBaseManager()) {
      TabularTransformer model = new TabularTransformer(weights.shape(), weights.arrays(manager));
      NDArray all = TorchEngine.array(manager, rows, 1, length, RowFeatures.SIZE);
      NDArray x = model.queries(cells(manager, cells, length), all, ROWS);
      NDArray asking = all.split(new long[] {ROWS}, 1).get(1);
      return (labels ? model.labels(x, asking) : model.quantiles(x, asking)).toFloatArray();
    }
  }

  private static float[] after(boolean labels) {
    TableFeatures features = features(labels);
    float[] cells = new float[COLUMNS * ROWS * CellFeatures.SIZE];
    float[] rows = new float[ROWS * RowFeatures.SIZE];
    features.writeContext(cells, 0, ROWS, rows, 0);
    float[] askingCells = new float[COLUMNS * QUERIES * CellFeatures.SIZE];
    float[] askingRows = new float[QUERIES * RowFeatures.SIZE];
    features.writeQueries(rows(ROWS, ROWS + QUERIES), 0, askingCells, 0, QUERIES, askingRows, 0);
    copyTrees(labels, rows, 0, ROWS);
    copyTrees(labels, askingRows, ROWS, QUERIES);
    try (NDManager manager = TorchEngine.load().newBaseManager()) {
      TabularTransformer model = new TabularTransformer(weights.shape(), weights.arrays(manager));
      TabularTransformer.Memory memory =
          model.read(
              cells(manager, cells, ROWS),
              TorchEngine.array(manager, rows, 1, ROWS, RowFeatures.SIZE));
      NDArray asking = TorchEngine.array(manager, askingRows, 1, QUERIES, RowFeatures.SIZE);
      NDArray x = model.queries(cells(manager, askingCells, QUERIES), asking, memory);
      return (labels ? model.labels(x, asking) : model.quantiles(x, asking)).toFloatArray();
    }
  }

  private static NDArray cells(NDManager manager, float[] data, int length) {
    identify(data, length);
    return TorchEngine.array(manager, data, 1, COLUMNS, length, CellFeatures.SIZE);
  }

  @Test
  void aModelComesBackFromItsFiles() {
    TransformerWeights read = TransformerWeights.read(weights.shape().toBytes(), weights.toBytes());
    assertThat(read.shape()).isEqualTo(weights.shape());
    assertThat(read.hash()).isEqualTo(weights.hash());
  }

  @Test
  void filesThatDoNotBelongTogetherAreRejectedInOneSentence() {
    byte[] other = TransformerShape.STANDARD.toBytes();
    assertThatThrownBy(() -> TransformerWeights.read(other, weights.toBytes()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("lacks tensor");
    byte[] llama = "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TransformerWeights.read(llama, weights.toBytes()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("not of an in-context model");
  }

  /** The files of a model without the features after the strength of ridge regression. */
  private static byte[][] older() {
    TransformerShape.Features old =
        new TransformerShape.Features(CellFeatures.SIZE, RowFeatures.RIDGE_STRENGTH + 1);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(weights.shape()).entries()) {
      long[] shape = old.shape(e);
      int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      float[] data = Arrays.copyOf(weights.tensors().get(e.name()), length);
      tensors.put(e.name(), new Safetensors.Tensor(shape, data));
    }
    String json = new String(weights.shape().toBytes(), StandardCharsets.UTF_8);
    return new byte[][] {
      json.replace("\"row_features\" : " + RowFeatures.SIZE, "\"row_features\" : " + old.rows())
          .getBytes(StandardCharsets.UTF_8),
      new Safetensors(Map.of(), tensors).toBytes()
    };
  }

  @Test
  void anOlderModelIsTakenUpWithTheStackAsAShareOfItsAnswers() {
    byte[][] files = older();
    assertThatThrownBy(() -> TransformerWeights.read(files[0], files[1]))
        .isInstanceOf(InvalidModelException.class);
    TransformerWeights wide = TransformerWeights.widened(files[0], files[1]);
    int d = weights.shape().rowWidth();
    float[] before = weights.tensors().get("rows.weight");
    float[] after = wide.tensors().get("rows.weight");
    for (int i = 0; i < after.length; i++) {
      assertThat(after[i]).isEqualTo(i < (RowFeatures.RIDGE_STRENGTH + 1) * d ? before[i] : 0);
    }
    float[] direct = wide.tensors().get("labels.direct");
    float share = direct[RowFeatures.STACK * RowFeatures.LABELS];
    assertThat(share).isBetween(0.5f, 1f);
    assertThat(direct[0])
        .isCloseTo((1 - share) * weights.tensors().get("labels.direct")[0], within(1e-6f));
    assertThat(TransformerWeights.widened(wide.shape().toBytes(), wide.toBytes()).hash())
        .isEqualTo(wide.hash());
  }

  @Test
  void aModelOfNewerFeaturesIsNotTakenUp() {
    String json = new String(weights.shape().toBytes(), StandardCharsets.UTF_8);
    byte[] newer =
        json.replace("\"row_features\" : " + RowFeatures.SIZE, "\"row_features\" : 999")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TransformerWeights.widened(newer, weights.toBytes()))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("cannot be taken up");
  }
}
