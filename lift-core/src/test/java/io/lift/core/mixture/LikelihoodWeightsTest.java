package io.lift.core.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LikelihoodWeightsTest {
  private final LikelihoodWeights weights = new LikelihoodWeights();

  private void add(int rows, double a, double b) {
    for (int i = 0; i < rows; i++) {
      weights.add(Map.of("a", a, "b", b));
    }
  }

  @Test
  void thePredictorThatGivesTruthsMoreProbabilityHasNearlyAllWeight() {
    add(50, 0.9, 0.5);
    assertThat(weights.weights().get("a")).isGreaterThan(0.97);
    assertThat(weights.weights().values().stream().mapToDouble(w -> w).sum())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void afterADriftThePredictorThatWasWrongForLongIsBackWithinTenRows() {
    add(2_000, 0.9, 0.2);
    add(10, 0.2, 0.9);
    assertThat(weights.weights().get("b")).isGreaterThan(0.9);
  }

  @Test
  void oneRowWithoutAnyProbabilityDoesNotEndAPredictor() {
    add(50, 0.9, 0.5);
    add(1, 0, 0.5);
    assertThat(weights.weights().get("a")).isGreaterThan(0.3);
  }

  @Test
  void aWeightIsTheProductOfLikelihoodsWhereNothingIsShared() {
    weights.add(Map.of("a", 0.8, "b", 0.4));
    double a = 0.98 + 0.02;
    double b = 0.98 * 0.5 + 0.02;
    assertThat(weights.weights().get("a")).isCloseTo(0.99 * a / (a + b) + 0.005, within(1e-12));
  }

  @Test
  void theScaleOfDensitiesDoesNotMatter() {
    LikelihoodWeights other = new LikelihoodWeights();
    weights.add(Map.of("a", 0.3, "b", 0.1));
    other.add(Map.of("a", 3e6, "b", 1e6));
    assertThat(other.weights().get("a")).isCloseTo(weights.weights().get("a"), within(1e-12));
  }

  @Test
  void aPredictorThatDoesNotAnswerKeepsItsWeightAndIsForgottenInTheEnd() {
    add(1, 0.5, 0.5);
    for (int i = 0; i < 20; i++) {
      weights.add(Map.of("a", 0.9));
    }
    assertThat(weights.weights().get("b")).isCloseTo(0.5, within(1e-9));
    for (int i = 0; i < 300; i++) {
      weights.add(Map.of("a", 0.9));
    }
    assertThat(weights.weights()).containsOnlyKeys("a");
  }

  @Test
  void aNewPredictorBeginsWithTheMeanWeight() {
    add(50, 0.9, 0.5);
    weights.add(Map.of("a", 0.5, "b", 0.5, "c", 0.5));
    assertThat(weights.weights().get("c")).isCloseTo(1.0 / 3, within(1e-2));
  }

  @Test
  void aRestartGoesOnAsIfNothingHadHappened() {
    add(7, 0.9, 0.5);
    LikelihoodWeights restored = LikelihoodWeights.of(weights.state());
    weights.add(Map.of("a", 0.1, "b", 0.5));
    restored.add(Map.of("a", 0.1, "b", 0.5));
    assertThat(restored.weights()).isEqualTo(weights.weights());
  }

  @Test
  void aRowThatNoPredictorHeldPossibleTeachesNothing() {
    add(3, 0.9, 0.5);
    Map<String, Double> before = weights.weights();
    add(1, 0, 0);
    assertThat(weights.weights()).isEqualTo(before);
  }

  @Test
  void aMixtureIsTheWeightedMeanAndAnUnknownPredictorCountsAsTheMean() {
    double[] shares = Mixture.shares(new String[] {"a", "new"}, Map.of("a", 0.75, "b", 0.25));
    assertThat(shares).containsExactly(new double[] {0.6, 0.4}, within(1e-12));
    double[] mixed = Mixture.of(shares, new double[][] {{1, 0}, {0.5, 0.5}});
    assertThat(mixed).containsExactly(new double[] {0.8, 0.2}, within(1e-12));
  }
}
