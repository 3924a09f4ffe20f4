package io.lift.core.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.mixture.LikelihoodWeights.Score;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LikelihoodWeightsTest {
  private final LikelihoodWeights weights = new LikelihoodWeights();

  private static Map<String, Score> scores(Map<String, Double> likelihoods) {
    Map<String, Score> scores = new HashMap<>();
    likelihoods.forEach((name, p) -> scores.put(name, new Score(p, 1.0 / likelihoods.size())));
    return scores;
  }

  private void add(int rows, double a, double b) {
    for (int i = 0; i < rows; i++) {
      weights.add(scores(Map.of("a", a, "b", b)));
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
  void afterADriftThePredictorThatWasWrongForLongIsBackWithinFifteenRows() {
    add(2_000, 0.9, 0.2);
    add(15, 0.2, 0.9);
    assertThat(weights.weights().get("b")).isGreaterThan(0.9);
  }

  @Test
  void oneRowWithoutAnyProbabilityDoesNotEndAPredictor() {
    add(50, 0.9, 0.5);
    add(1, 0, 0.5);
    assertThat(weights.weights().get("a")).isGreaterThan(0.3);
  }

  @Test
  void aWeightIsTheProductOfRootsOfLikelihoodsButForWhatIsShared() {
    weights.add(scores(Map.of("a", 0.8, "b", 0.4)));
    double a = 0.98 + 0.02;
    double b = Math.sqrt(0.98 * 0.5 + 0.02);
    assertThat(weights.weights().get("a")).isCloseTo(0.995 * a / (a + b) + 0.0025, within(1e-12));
  }

  @Test
  void theScaleOfDensitiesDoesNotMatter() {
    LikelihoodWeights other = new LikelihoodWeights();
    weights.add(scores(Map.of("a", 0.3, "b", 0.1)));
    other.add(scores(Map.of("a", 3e6, "b", 1e6)));
    assertThat(other.weights().get("a")).isCloseTo(weights.weights().get("a"), within(1e-12));
  }

  @Test
  void aPredictorThatDoesNotAnswerKeepsItsWeightAndIsForgottenInTheEnd() {
    add(1, 0.5, 0.5);
    for (int i = 0; i < 20; i++) {
      weights.add(scores(Map.of("a", 0.9)));
    }
    assertThat(weights.weights().get("b")).isCloseTo(0.5, within(1e-9));
    for (int i = 0; i < 300; i++) {
      weights.add(scores(Map.of("a", 0.9)));
    }
    assertThat(weights.weights()).containsOnlyKeys("a");
  }

  @Test
  void aNewPredictorBeginsWithItsShareInTheAnswer() {
    add(50, 0.9, 0.5);
    Map<String, Double> before = weights.weights();
    weights.add(
        Map.of(
            "a", new Score(0.5, 0.75 * before.get("a")),
            "b", new Score(0.5, 0.75 * before.get("b")),
            "c", new Score(0.5, 0.25)));
    assertThat(weights.weights().get("c")).isCloseTo(0.25, within(1e-2));
    assertThat(weights.weights().get("a")).isCloseTo(0.75 * before.get("a"), within(1e-2));
  }

  @Test
  void aRestartGoesOnAsIfNothingHadHappened() {
    add(7, 0.9, 0.5);
    LikelihoodWeights restored = LikelihoodWeights.of(weights.state());
    weights.add(scores(Map.of("a", 0.1, "b", 0.5)));
    restored.add(scores(Map.of("a", 0.1, "b", 0.5)));
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
    double[] shares =
        Mixture.shares(
            new String[] {"a", "new"}, new double[] {1, 9}, Map.of("a", 0.75, "b", 0.25));
    assertThat(shares).containsExactly(new double[] {0.6, 0.4}, within(1e-12));
    assertThat(Mixture.shares(new String[] {"a", "b"}, new double[] {1, 3}, Map.of()))
        .containsExactly(new double[] {0.25, 0.75}, within(1e-12));
    double[] mixed = Mixture.of(shares, new double[][] {{1, 0}, {0.5, 0.5}});
    assertThat(mixed).containsExactly(new double[] {0.8, 0.2}, within(1e-12));
  }
}
