package io.lift.model.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Logistic regression, kernel regression and the stack of all statistics. */
class RowPredictorsTest {
  private static double[][] normal(int rows, int inputs, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[][] x = new double[rows][inputs];
    for (double[] row : x) {
      for (int i = 0; i < inputs; i++) {
        row[i] = random.gaussian();
      }
    }
    return x;
  }

  private static int[] inOrder(int rows) {
    return IntStream.range(0, rows).toArray();
  }

  private static int[] folds(int rows, int count) {
    return IntStream.range(0, rows).map(r -> r % count).toArray();
  }

  @Test
  void logisticRegressionFindsTheLogitsOfALine() {
    double[][] x = normal(2000, 3, 1);
    SeededRandom random = new SeededRandom(2);
    int[] labels = new int[x.length];
    for (int r = 0; r < x.length; r++) {
      double logit = 1.5 * x[r][0] - 1 * x[r][1] + 0.5;
      labels[r] = random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    }
    LogisticRegression model = new LogisticRegression(x, labels, 2, folds(x.length, 4), 4);
    double[][] queries = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double[] truths = {0.5, 2, -0.5, 0.5};
    for (int q = 0; q < queries.length; q++) {
      double[] logits = model.predict(queries[q]);
      assertThat(logits[1] - logits[0]).isCloseTo(truths[q], within(0.35));
    }
  }

  @Test
  void logisticRegressionAnswersARowByTheFoldThatHasNotSeenIt() {
    double[][] x = normal(60, 2, 3);
    int[] labels = IntStream.range(0, 60).map(r -> x[r][0] > 0 ? 1 : 0).toArray();
    int[] folds = folds(60, 5);
    double[][] one = new LogisticRegression(x, labels, 3, folds, 5).leftOut();
    int[] changed = labels.clone();
    changed[7] = 2;
    double[][] two = new LogisticRegression(x, changed, 3, folds, 5).leftOut();
    assertThat(two[7]).containsExactly(one[7], within(1e-9));
  }

  @Test
  void kernelRegressionFollowsASmoothFunctionOfTwoInputs() {
    double[][] x = normal(200, 2, 4);
    double[][] y = Arrays.stream(x).map(RowPredictorsTest::wave).toArray(double[][]::new);
    KernelRegression model = new KernelRegression(x, new int[] {0, 1}, y, inOrder(200));
    double error = 0;
    double total = 0;
    for (double[] query : normal(300, 2, 5)) {
      double truth = wave(query)[0];
      error += Math.abs(model.predict(query)[0] - truth);
      total += Math.abs(truth);
    }
    assertThat(error / total).isLessThan(0.25);
    double leftOut = 0;
    for (int r = 0; r < 200; r++) {
      leftOut += Math.abs(model.leftOut()[r][0] - y[r][0]);
    }
    assertThat(leftOut / 200 / (total / 300)).isCloseTo(error / total, within(0.15));
  }

  @Test
  void kernelRegressionFollowsAProductOfTwoOfManyInputs() {
    double[][] x = normal(200, 8, 7);
    double[][] y = Arrays.stream(x).map(RowPredictorsTest::product).toArray(double[][]::new);
    int[] all = IntStream.range(0, 8).toArray();
    KernelRegression withProducts = new KernelRegression(x, all, y, inOrder(200));
    KernelRegression bumpsAlone = new KernelRegression(x, new int[0], y, inOrder(200));
    double error = 0;
    double ofBumps = 0;
    double total = 0;
    for (double[] query : normal(300, 8, 8)) {
      double truth = product(query)[0];
      error += Math.abs(withProducts.predict(query)[0] - truth);
      ofBumps += Math.abs(bumpsAlone.predict(query)[0] - truth);
      total += Math.abs(truth);
    }
    assertThat(error / total).isLessThan(0.01);
    assertThat(ofBumps / total).isGreaterThan(0.3);
  }

  private static double[] product(double[] x) {
    return new double[] {x[0] * x[1] - x[2] * x[2]};
  }

  private static double[] wave(double[] x) {
    return new double[] {Math.sin(2 * x[0]) * Math.cos(x[1])};
  }

  @Test
  void aStackLeansOnTheSourceThatIsRight() {
    SeededRandom random = new SeededRandom(6);
    double[] truth = IntStream.range(0, 200).mapToDouble(r -> random.gaussian()).toArray();
    double[][] sources = {
      Arrays.stream(truth).map(y -> y + 0.05 * random.gaussian()).toArray(),
      Arrays.stream(truth).map(y -> random.gaussian()).toArray(),
      Arrays.stream(truth).map(y -> -y).toArray()
    };
    double[] weights = Stacking.numbers(sources, truth, new double[] {0.3, 0.3, 0.3}, 1);
    assertThat(weights[0]).isCloseTo(1, within(0.05));
    assertThat(weights[1]).isBetween(0.0, 0.05);
    assertThat(weights[2]).isZero();
  }

  /** What the rows' features are, of a table in two orders. */
  @Test
  void statisticsDoNotDependOnTheOrderOfRows() {
    double[][] x = normal(50, 3, 7);
    int[] turned = new SeededRandom(8).permutation(50);
    double[][] columns = new double[3][50];
    double[][] others = new double[3][50];
    int[] slots = new int[50];
    int[] otherSlots = new int[50];
    for (int r = 0; r < 50; r++) {
      slots[r] = x[r][0] * x[r][1] > 0 ? 4 : 2;
      for (int c = 0; c < 3; c++) {
        columns[c][r] = x[r][c];
      }
    }
    for (int r = 0; r < 50; r++) {
      otherSlots[r] = slots[turned[r]];
      for (int c = 0; c < 3; c++) {
        others[c][r] = columns[c][turned[r]];
      }
    }
    float[] one = rows(columns, slots);
    float[] two = rows(others, otherSlots);
    for (int r = 0; r < 50; r++) {
      for (int i = 0; i < RowFeatures.SIZE; i++) {
        assertThat(two[r * RowFeatures.SIZE + i])
            .isCloseTo(one[turned[r] * RowFeatures.SIZE + i], within(1e-3f));
      }
    }
  }

  private static float[] rows(double[][] columns, int[] slots) {
    TableFeatures features = TableFeatures.ofLabels(columns, new boolean[3], slots, 100);
    float[] rows = new float[50 * RowFeatures.SIZE];
    features.writeContext(new float[3 * 50 * CellFeatures.SIZE], 0, 50, rows, 0);
    return rows;
  }
}
