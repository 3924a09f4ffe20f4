package io.lift.model.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineLearnersTest {
  /** A column of numbers and one of three categories. */
  private static final int[] CATEGORIES = {0, 3};

  /** Mean 50, deviation 50. */
  private static final List<int[]> SCALING = List.of(new int[] {0, 0}, new int[] {100, 0});

  private static OnlineLearner logistic() {
    return new OnlineLogisticRegression(CATEGORIES, 2, 0.1, SCALING);
  }

  private static OnlineLearner bayes() {
    return new OnlineNaiveBayes(CATEGORIES, 2, SCALING);
  }

  @Test
  void aStepOfTheRegressionIsThatOfItsFormula() {
    OnlineLearner learner = logistic();
    learner.learn(new int[] {100, 2}, 1); // inputs 1 (number), 1 (category 2), 1 (intercept)
    // each slope is -+0.5, its mean square 0.995 * 0.01 + 0.005 * 0.25
    double step = 0.1 * 0.5 / Math.sqrt(0.995 * 0.01 + 0.005 * 0.25 + 1e-4);
    assertThat(learner.probabilities(new int[] {100, 2})[1])
        .isCloseTo(1 / (1 + Math.exp(-6 * step)), within(1e-12));
    assertThat(learner.probabilities(new int[] {50, 0})[1])
        .as("the intercept alone")
        .isCloseTo(1 / (1 + Math.exp(-2 * step)), within(1e-12));
    assertThat(learner.probabilities(new int[] {-1, -1})[1])
        .as("missing cells say nothing")
        .isCloseTo(1 / (1 + Math.exp(-2 * step)), within(1e-12));
  }

  @Test
  void naiveBayesCounts() {
    OnlineLearner learner = bayes();
    learner.learn(new int[] {-1, 0}, 0);
    learner.learn(new int[] {-1, 0}, 0);
    learner.learn(new int[] {-1, 1}, 1);
    double zero = 2.5 * (2.5 / (2 + 1.5));
    double one = 1.5 * (0.5 / (1 + 1.5));
    assertThat(learner.probabilities(new int[] {-1, 0})[0])
        .isCloseTo(zero / (zero + one), within(1e-12));
  }

  @Test
  void naiveBayesDividesNumbersIntoPartsWithAsManyRowsEach() {
    List<int[]> scaling = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      scaling.add(new int[] {i < 50 ? 10 : 11, 0});
    }
    OnlineLearner learner = new OnlineNaiveBayes(CATEGORIES, 2, scaling);
    for (int i = 0; i < 20; i++) {
      learner.learn(new int[] {10, -1}, 0);
      learner.learn(new int[] {11, -1}, 1);
    }
    assertThat(learner.probabilities(new int[] {10, -1})[0]).isGreaterThan(0.9);
    assertThat(learner.probabilities(new int[] {60, -1})[1]).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLearnerFollowsRowsWithARuleAndItsCopyLearnsApart(boolean regression) {
    Supplier<OnlineLearner> fresh =
        regression ? OnlineLearnersTest::logistic : OnlineLearnersTest::bayes;
    OnlineLearner learner = fresh.get();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      int[] cells = {random.nextInt(101), random.nextInt(3)};
      learner.learn(cells, cells[1] == 2 ? 1 : 0);
    }
    int[] query = {50, 2};
    double before = learner.probabilities(query)[1];
    assertThat(before).isGreaterThan(0.9);
    OnlineLearner copy = learner.copy();
    for (int i = 0; i < 2_000; i++) {
      copy.learn(query, 0);
    }
    assertThat(copy.probabilities(query)[1]).isLessThan(0.5);
    assertThat(learner.probabilities(query)[1]).isEqualTo(before);
    assertThat(copy.probabilities(query))
        .satisfies(p -> assertThat(p[0] + p[1]).isEqualTo(1, within(1e-12)));
  }

  @Test
  void theNearestRowsVoteAndTheNearerOnesMore() {
    List<int[]> rows = new ArrayList<>();
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      rows.add(new int[] {i, 0});
      labels[i] = i < 50 ? 0 : 1;
    }
    double[] low = NearestRows.probabilities(CATEGORIES, 2, rows, labels, new int[] {20, 0});
    assertThat(low[0]).isGreaterThan(0.9);
    double[] edge = NearestRows.probabilities(CATEGORIES, 2, rows, labels, new int[] {51, 0});
    assertThat(edge[1]).isBetween(0.6, 0.95);
  }

  @Test
  void aRowOfAnotherCategoryIsAsFarAsTheWholeRangeOfANumber() {
    List<int[]> rows = new ArrayList<>();
    int[] labels = new int[16];
    for (int i = 0; i < 16; i++) {
      rows.add(new int[] {10 * i, i < 8 ? 0 : 1});
      labels[i] = i < 8 ? 0 : 1;
    }
    double[] other = NearestRows.probabilities(CATEGORIES, 2, rows, labels, new int[] {0, 1});
    assertThat(other[1]).isGreaterThan(0.7);
  }

  @Test
  void oneRowIsEnoughToVote() {
    double[] one =
        NearestRows.probabilities(
            CATEGORIES, 2, List.of(new int[] {3, 1}), new int[] {1}, new int[] {3, 1});
    assertThat(one[1]).isCloseTo(1.25 / 1.5, within(1e-12));
  }
}
