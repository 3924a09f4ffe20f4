package io.lift.model.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.model.text.Sequence;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {

  @Test
  void anEnsembleComesBackFromItsJson() {
    Ensemble ensemble = Ensemble.of(List.of(NumberEncoding.SMOOTH, NumberEncoding.SHARP_CODES), 4);
    assertThat(Ensemble.read(ensemble.toJson())).isEqualTo(ensemble);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"members\":[],\"temperature\":1}",
        "{\"members\":[{\"encoding\":\"SMOOTH\",\"fold\":9,\"weight\":1}],\"temperature\":1}",
        "{\"members\":[{\"encoding\":\"SMOOTH\",\"fold\":0,\"weight\":0.5}],\"temperature\":1}",
        "{\"members\":[{\"encoding\":\"SMOOTH\",\"fold\":0,\"weight\":1}],\"temperature\":0}",
        "{\"members\":[{\"encoding\":\"LOUD\",\"fold\":0,\"weight\":1}],\"temperature\":1}"
      })
  void invalidEnsemblesAreRejected(String json) {
    assertThatThrownBy(() -> Ensemble.read(json))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("list of members");
  }

  @Test
  void theHeaviestNumberEncodingsKeepAllTheirMembers() {
    Map<NumberEncoding, Double> weights = new EnumMap<>(NumberEncoding.class);
    weights.put(NumberEncoding.SMOOTH, 0.5);
    weights.put(NumberEncoding.SHARP, 0.02);
    weights.put(NumberEncoding.SMOOTH_CODES, 0.18);
    weights.put(NumberEncoding.SHARP_CODES, 0.3);
    Ensemble all = Ensemble.of(List.of(NumberEncoding.values()), 4).reweighted(weights, 0.25, 1.5);
    Ensemble kept = all.heaviest(8, 0.05);
    assertThat(kept.encodings()).containsExactly(NumberEncoding.SMOOTH, NumberEncoding.SHARP_CODES);
    assertThat(kept.size()).isEqualTo(8);
    assertThat(kept.weights().get(NumberEncoding.SMOOTH)).isCloseTo(0.5 / 0.8, within(1e-12));
    assertThat(kept.temperature()).isEqualTo(1.5);
    assertThat(kept.inContext()).isEqualTo(0.25);
    assertThat(all.heaviest(1, 0.9).encodings()).containsExactly(NumberEncoding.SMOOTH);
  }

  @Test
  void aLargerBudgetMakesALargerEnsemble() {
    double tokens = 32 * 11;
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 4e6).size()).isEqualTo(16);
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 3e6).size()).isEqualTo(12);
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 2.1e6).size()).isEqualTo(8);
    assertThat(EnsemblePlanner.plan(false, 1000, 600, tokens, 4e6).size()).isEqualTo(8);
    assertThat(EnsemblePlanner.plan(false, 1000, 600, tokens, 1.2e6).size()).isEqualTo(4);
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 1).size()).isEqualTo(2);
    assertThat(EnsemblePlanner.plan(true, 4000, 600, tokens, 1e6).size()).isEqualTo(16);
  }

  @Test
  void fewRowsGetMoreFoldsAndManyRowsMoreNumberEncodings() {
    int tokens = 32 * 11;
    Ensemble few = EnsemblePlanner.plan(false, 900, 600, tokens, 1.2e6);
    Ensemble many = EnsemblePlanner.plan(false, 1000, 600, tokens, 1.2e6);

    assertThat(few.encodings()).containsExactly(NumberEncoding.SMOOTH);
    assertThat(many.encodings()).containsExactly(NumberEncoding.SMOOTH, NumberEncoding.SHARP);
    assertThat(many.size()).isEqualTo(few.size());
  }

  @Test
  void aTableOfSixtyColumnsMayReadTwiceAsManyTokens() {
    double tokens = 32 * 61;
    assertThat(EnsemblePlanner.plan(false, 1000, 600, tokens, 3e6).size()).isEqualTo(4);
    assertThat(EnsemblePlanner.plan(false, 1000, 600, tokens, 1.8e6).size()).isEqualTo(2);
  }

  @Test
  void fewRowsHaveTheirShareOfALargeBudgetAndAllOfASmallOne() {
    double tokens = 32 * 11;
    assertThat(EnsemblePlanner.steps(8, 500, 600, tokens, 3e6)).isEqualTo(445);
    assertThat(EnsemblePlanner.steps(8, 100, 600, tokens, 3e6)).isEqualTo(297);
    assertThat(EnsemblePlanner.steps(8, 100, 600, tokens, 1e6)).isEqualTo(297);
    assertThat(EnsemblePlanner.steps(8, 100, 600, tokens, 4e5)).isEqualTo(118);
  }

  @Test
  void aWideTableOfFewRowsMayReadTwiceAsManyTokensAtMost() {
    double tokens = 32 * 131;
    assertThat(EnsemblePlanner.steps(2, 200, 600, tokens, 3e6)).isEqualTo(223);
    assertThat(EnsemblePlanner.steps(2, 1000, 1200, tokens, 3e6)).isEqualTo(1158);
  }

  @Test
  void aTenthOfTheStepsIsGivenUpForALargerEnsemble() {
    double tokens = 32 * 33;
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 3e6).size()).isEqualTo(8);
    assertThat(EnsemblePlanner.steps(8, 1000, 600, tokens, 3e6)).isEqualTo(577);
    assertThat(EnsemblePlanner.plan(true, 1000, 600, tokens, 2.8e6).size()).isEqualTo(4);
  }

  @Test
  void theSmallestEnsembleTakesFewerStepsWhereTheBudgetIsTooSmall() {
    double tokens = 32 * 11;
    assertThat(EnsemblePlanner.steps(2, 64, 600, tokens, 4e5)).isEqualTo(318);
    assertThat(EnsemblePlanner.steps(2, 64, 600, tokens, 4e6)).isEqualTo(600);
    assertThat(EnsemblePlanner.steps(2, 64, 600, tokens, 1)).isEqualTo(1);
  }

  @Test
  void narrowRowsDoNotMakeStepsFree() {
    assertThat(EnsemblePlanner.plan(false, 64, 600, 32 * 3, 4e5).size()).isEqualTo(2);
  }

  @Test
  void rowsTooFewForFoldsTrainOneMember() {
    assertThat(EnsemblePlanner.plan(true, 5, 1, 1, 1e9)).isEqualTo(Ensemble.of(1));
  }

  @Test
  void aRowStaysInItsFoldAndEqualRowsAreSpreadOverTheFolds() {
    Sequence[] rows = IntStream.range(0, 400).mapToObj(EnsembleTest::row).toArray(Sequence[]::new);
    int[] folds = Folds.of(rows, 100);
    for (int fold = 0; fold < Ensemble.FOLDS; fold++) {
      int part = fold;
      assertThat(IntStream.of(folds).filter(f -> f == part).count()).isBetween(60L, 140L);
    }
    // fresh rows come later than the others, whatever else is there
    Sequence[] later = new Sequence[101];
    later[0] = row(1000);
    System.arraycopy(rows, 100, later, 1, 100);
    assertThat(IntStream.range(0, 100).map(i -> Folds.of(later, 1)[i + 1]).toArray())
        .isEqualTo(java.util.Arrays.copyOfRange(folds, 100, 200));

    Sequence[] alike = IntStream.range(0, 8).mapToObj(i -> row(7)).toArray(Sequence[]::new);
    assertThat(Folds.of(alike, 0)).contains(0, 1, 2, 3);
    assertThat(Folds.of(new Sequence[] {row(7)}, 1)[0]).isEqualTo(Folds.of(alike, 8)[0]);
  }

  private static Sequence row(int number) {
    return Sequence.of(new int[] {number, number / 3}, new int[] {number % 2}, new int[0]);
  }
}
