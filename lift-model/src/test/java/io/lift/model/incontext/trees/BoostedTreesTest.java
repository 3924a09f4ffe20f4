package io.lift.model.incontext.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoostedTreesTest {
  private static final boolean[] CATEGORIES = {false, true, false};

  /** Numbers, categories and noise; a tenth of the numbers is missing. */
  private static double[][] columns(int rows, long seed) {
    Random random = new Random(seed);
    double[][] columns = new double[3][rows];
    for (int r = 0; r < rows; r++) {
      columns[0][r] = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(100);
      columns[1][r] = random.nextInt(3);
      columns[2][r] = random.nextInt(100);
    }
    return columns;
  }

  /** An interval of the number in one category, and its complement in the others. */
  private static int[] labels(double[][] columns, int labels) {
    int[] given = new int[columns[0].length];
    for (int r = 0; r < given.length; r++) {
      boolean inside = columns[0][r] >= 30 && columns[0][r] < 70;
      int rule = inside == (columns[1][r] == 1) ? 1 : 0;
      given[r] = labels == 2 ? rule : rule == 1 ? 2 : columns[1][r] == 0 ? 0 : 1;
    }
    return given;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aRuleOfTwoColumnsIsLearned(int labels) {
    double[][] train = columns(800, 1);
    double[][] test = columns(500, 2);
    BoostedTrees trees = new BoostedTrees(train, CATEGORIES, labels(train, labels), labels);
    double[][] answers = trees.probabilities(test);
    int[] truths = labels(test, labels);
    int right = 0;
    for (int r = 0; r < truths.length; r++) {
      assertThat(Arrays.stream(answers[r]).sum()).isCloseTo(1, within(1e-9));
      double most = Arrays.stream(answers[r]).max().orElseThrow();
      right += answers[r][truths[r]] == most ? 1 : 0;
    }
    assertThat(right).isGreaterThan(480);
  }

  @Test
  void aLabelThatNoRowHasIsUnlikely() {
    double[][] train = columns(200, 3);
    BoostedTrees trees = new BoostedTrees(train, CATEGORIES, labels(train, 2), 4);
    for (double[] answer : trees.probabilities(columns(50, 4))) {
      assertThat(answer[2] + answer[3]).isLessThan(0.2);
    }
  }

  @Test
  void theSameRowsGiveTheSameAnswers() {
    double[][] train = columns(300, 5);
    double[][] test = columns(20, 6);
    int[] given = labels(train, 3);
    assertThat(new BoostedTrees(train, CATEGORIES, given, 3).probabilities(test))
        .isDeepEqualTo(new BoostedTrees(train, CATEGORIES, given, 3).probabilities(test));
  }
}
