package io.lift.model.incontext.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeStatisticsTest {
  private static final int SLOTS = 10;

  /** Three columns of uniform numbers, one of categories, and some missing values. */
  private static double[][] columns(int rows, long seed) {
    SeededRandom random = new SeededRandom(seed);
    double[][] columns = new double[4][rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < 3; c++) {
        columns[c][r] = random.uniform() < 0.02 ? Double.NaN : random.uniform();
      }
      columns[3][r] = (int) (6 * random.uniform());
    }
    return columns;
  }

  private static final boolean[] KINDS = {false, false, false, true};

  /** A chequerboard of two columns, which neither shows on its own. */
  private static int[] chequerboard(double[][] columns) {
    return IntStream.range(0, columns[0].length)
        .map(r -> (columns[0][r] > 0.5 ? 1 : 0) ^ (columns[1][r] > 0.4 ? 1 : 0))
        .toArray();
  }

  private static double right(double[][] scores, int[] labels) {
    return IntStream.range(0, labels.length).filter(r -> best(scores[r]) == labels[r]).count()
        / (double) labels.length;
  }

  private static int best(double[] scores) {
    return IntStream.range(0, scores.length)
        .reduce((a, b) -> scores[b] > scores[a] ? b : a)
        .orElseThrow();
  }

  private static double[][] pick(double[][] columns, int[] rows) {
    return Arrays.stream(columns)
        .map(column -> Arrays.stream(rows).mapToDouble(r -> column[r]).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void interactionsOfColumnsAreLearnt() {
    double[][] columns = columns(400, 1);
    int[] labels = chequerboard(columns);
    TreeStatistics trees = TreeStatistics.ofLabels(columns, KINDS, labels, SLOTS);
    assertThat(right(trees.leftOut().forest(), labels)).isGreaterThan(0.85);
    assertThat(right(trees.leftOut().boosting(), labels)).isGreaterThan(0.9);
    double[][] others = columns(400, 2);
    int[] truths = chequerboard(others);
    TreeStatistics.Predictions answers = trees.predict(others);
    assertThat(right(answers.forest(), truths)).isGreaterThan(0.85);
    assertThat(right(answers.boosting(), truths)).isGreaterThan(0.9);
  }

  @Test
  void whatIsLeftOutIsAsGoodAsWhatIsNew() {
    ToIntFunction<double[]> noisy = x -> x[0] + 0.3 * x[2] > 0.6 ? 1 : 0;
    double[][] columns = columns(300, 3);
    double[][] others = columns(3000, 4);
    SeededRandom random = new SeededRandom(5);
    int[] labels = noisy(columns, noisy, random);
    int[] truths = noisy(others, noisy, random);
    TreeStatistics trees = TreeStatistics.ofLabels(columns, KINDS, labels, SLOTS);
    TreeStatistics.Predictions answers = trees.predict(others);
    assertThat(right(trees.leftOut().forest(), labels))
        .isCloseTo(right(answers.forest(), truths), within(0.06));
    assertThat(right(trees.leftOut().boosting(), labels))
        .isCloseTo(right(answers.boosting(), truths), within(0.06));
  }

  private static int[] noisy(
      double[][] columns, ToIntFunction<double[]> label, SeededRandom random) {
    return IntStream.range(0, columns[0].length)
        .map(
            r -> {
              double[] row = Arrays.stream(columns).mapToDouble(c -> c[r]).toArray();
              return random.uniform() < 0.2 ? 1 - label.applyAsInt(row) : label.applyAsInt(row);
            })
        .toArray();
  }

  @Test
  void labelsThatNothingTellsApartAreNotPredicted() {
    double[][] columns = columns(200, 6);
    SeededRandom random = new SeededRandom(7);
    int[] labels = IntStream.range(0, 200).map(r -> random.uniform() < 0.5 ? 0 : 1).toArray();
    TreeStatistics trees = TreeStatistics.ofLabels(columns, KINDS, labels, SLOTS);
    assertThat(right(trees.leftOut().forest(), labels)).isBetween(0.35, 0.65);
    assertThat(right(trees.leftOut().boosting(), labels)).isBetween(0.35, 0.65);
  }

  @Test
  void numbersArePredictedWithTheirVariance() {
    double[][] columns = columns(400, 8);
    SeededRandom random = new SeededRandom(9);
    double[] numbers = new double[400];
    for (int r = 0; r < 400; r++) {
      double noise = columns[1][r] > 0.5 ? 1 : 0.1;
      numbers[r] =
          (columns[0][r] > 0.5 ? 1 : -1)
              + (columns[3][r] == 4 ? 1 : -1)
              + noise * random.gaussian();
    }
    TreeStatistics trees = TreeStatistics.ofNumbers(columns, KINDS, numbers);
    double[][] queries = {{0.9, 0.9, 0.1}, {0.1, 0.9, 0.1}, {0.5, 0.5, 0.5}, {4, 4, 1}};
    double[] truths = {2, 2, -2};
    TreeStatistics.Predictions answers = trees.predict(queries);
    for (int q = 0; q < truths.length; q++) {
      assertThat(answers.forest()[q][0]).isCloseTo(truths[q], within(0.8));
      assertThat(answers.boosting()[q][0]).isCloseTo(truths[q], within(0.8));
    }
    double calm = answers.forest()[0][1] - Math.pow(answers.forest()[0][0], 2);
    double wild = answers.forest()[1][1] - Math.pow(answers.forest()[1][0], 2);
    assertThat(wild).isGreaterThan(2 * calm);
  }

  @Test
  void theOrderOfRowsColumnsAndLabelsHasNoEffect() {
    double[][] columns = columns(90, 10);
    int[] labels = chequerboard(columns);
    for (int r = 0; r < 90; r += 5) {
      labels[r] = 2;
    }
    int[] turned = new SeededRandom(11).permutation(90);
    int[] others = {3, 1, 0, 2};
    double[][] mixed = pick(columns, turned);
    double[][] moved = Arrays.stream(others).mapToObj(c -> mixed[c]).toArray(double[][]::new);
    boolean[] kinds = {true, false, false, false};
    int[] slots = {7, 1, 4};
    int[] renamed = Arrays.stream(turned).map(r -> slots[labels[r]]).toArray();
    TreeStatistics.Predictions one =
        TreeStatistics.ofLabels(columns, KINDS, labels, SLOTS).leftOut();
    TreeStatistics.Predictions two =
        TreeStatistics.ofLabels(moved, kinds, renamed, SLOTS).leftOut();
    for (int r = 0; r < 90; r++) {
      for (int k = 0; k < 3; k++) {
        assertThat(two.forest()[r][slots[k]]).isEqualTo(one.forest()[turned[r]][k]);
        assertThat(two.boosting()[r][slots[k]])
            .isCloseTo(one.boosting()[turned[r]][k], within(1e-9));
      }
    }
  }

  @Test
  void aRowsOwnLabelHasNoPartInItsPrediction() {
    double[][] columns = {{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}};
    int[] labels = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1};
    TreeStatistics.Predictions leftOut =
        TreeStatistics.ofLabels(columns, new boolean[1], labels, SLOTS).leftOut();
    // the one label among others of its value is predicted as they are
    assertThat(leftOut.forest()[5][0]).isGreaterThan(0.8);
    assertThat(leftOut.boosting()[5][0]).isGreaterThan(leftOut.boosting()[5][1]);
  }

  @Test
  void aTableWithoutAnythingToLearnIsNoTrap() {
    double[][] same = {{5, 5, 5}, {Double.NaN, Double.NaN, Double.NaN}};
    boolean[] kinds = {false, true};
    TreeStatistics three = TreeStatistics.ofLabels(same, kinds, new int[] {2, 2, 8}, SLOTS);
    assertThat(three.leftOut().forest()[0][2]).isBetween(0.2, 0.8);
    TreeStatistics one =
        TreeStatistics.ofLabels(new double[][] {{1}, {2}}, kinds, new int[] {4}, SLOTS);
    assertThat(one.predict(same).forest()[0][4]).isEqualTo(1);
    TreeStatistics numbers = TreeStatistics.ofNumbers(same, kinds, new double[] {0, 0, 0});
    assertThat(numbers.predict(same).boosting()[0][0]).isZero();
  }
}
