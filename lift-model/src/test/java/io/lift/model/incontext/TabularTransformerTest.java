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
      assertThat(rows).containsExactly(expected.get(name + "rows").data(), within(TOLERANCE));
    }
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

  private static float[] together(boolean labels) {
    TableFeatures features = features(labels);
    int length = ROWS + QUERIES;
    float[] cells = new float[COLUMNS * length * CellFeatures.SIZE];
    float[] rows = new float[length * RowFeatures.SIZE];
    features.writeContext(cells, 0, length, rows, 0);
    features.writeQueries(rows(ROWS, length), ROWS, cells, 0, length, rows, 0);
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
}
