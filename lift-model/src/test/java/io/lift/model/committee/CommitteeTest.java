package io.lift.model.committee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.files.CheckpointInvalid;
import io.lift.model.text.Sequence;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitteeTest {

  @Test
  void aCommitteeComesBackFromItsJson() {
    Committee committee = Committee.of(List.of(Reading.SMOOTH, Reading.SHARP_CODES), 4);
    assertThat(Committee.read(committee.toJson())).isEqualTo(committee);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"members\":[],\"temperature\":1}",
        "{\"members\":[{\"reading\":\"SMOOTH\",\"fold\":9,\"weight\":1}],\"temperature\":1}",
        "{\"members\":[{\"reading\":\"SMOOTH\",\"fold\":0,\"weight\":0.5}],\"temperature\":1}",
        "{\"members\":[{\"reading\":\"SMOOTH\",\"fold\":0,\"weight\":1}],\"temperature\":0}",
        "{\"members\":[{\"reading\":\"LOUD\",\"fold\":0,\"weight\":1}],\"temperature\":1}"
      })
  void whatIsNoCommitteeIsRefused(String json) {
    assertThatThrownBy(() -> Committee.read(json))
        .isInstanceOf(CheckpointInvalid.class)
        .hasMessageContaining("list of members");
  }

  @Test
  void theHeaviestReadingsStayWithAllTheirMembers() {
    Map<Reading, Double> weights = new EnumMap<>(Reading.class);
    weights.put(Reading.SMOOTH, 0.5);
    weights.put(Reading.SHARP, 0.02);
    weights.put(Reading.SMOOTH_CODES, 0.18);
    weights.put(Reading.SHARP_CODES, 0.3);
    Committee all = Committee.of(List.of(Reading.values()), 4).with(weights, 0.25, 1.5);
    Committee kept = all.heaviest(8, 0.05);
    assertThat(kept.readings()).containsExactly(Reading.SMOOTH, Reading.SHARP_CODES);
    assertThat(kept.size()).isEqualTo(8);
    assertThat(kept.weights().get(Reading.SMOOTH)).isCloseTo(0.5 / 0.8, within(1e-12));
    assertThat(kept.temperature()).isEqualTo(1.5);
    assertThat(kept.inContext()).isEqualTo(0.25);
    assertThat(all.heaviest(1, 0.9).readings()).containsExactly(Reading.SMOOTH);
  }

  @Test
  void aLargerBudgetMakesALargerCommittee() {
    double tokens = 32 * 11;
    assertThat(CommitteePlan.of(true, 1000, 600, tokens, 4e6).size()).isEqualTo(16);
    assertThat(CommitteePlan.of(true, 1000, 600, tokens, 3e6).size()).isEqualTo(12);
    assertThat(CommitteePlan.of(true, 1000, 600, tokens, 2.1e6).size()).isEqualTo(8);
    assertThat(CommitteePlan.of(false, 1000, 600, tokens, 4e6).size()).isEqualTo(8);
    assertThat(CommitteePlan.of(false, 1000, 600, tokens, 1.2e6).size()).isEqualTo(4);
    assertThat(CommitteePlan.of(true, 1000, 600, tokens, 1).size()).isEqualTo(2);
    assertThat(CommitteePlan.of(true, 4000, 600, tokens, 1e6).size()).isEqualTo(16);
  }

  @Test
  void fewRowsWantMoreFoldsAndManyRowsMoreReadings() {
    int tokens = 32 * 11;
    Committee few = CommitteePlan.of(false, 900, 600, tokens, 1.2e6);
    Committee many = CommitteePlan.of(false, 1000, 600, tokens, 1.2e6);

    assertThat(few.readings()).containsExactly(Reading.SMOOTH);
    assertThat(many.readings()).containsExactly(Reading.SMOOTH, Reading.SHARP);
    assertThat(many.size()).isEqualTo(few.size());
  }

  @Test
  void aTableOfSixtyColumnsMayReadTwiceAsMuch() {
    double tokens = 32 * 61;
    assertThat(CommitteePlan.of(false, 200, 600, tokens, 3e6).size()).isEqualTo(4);
    assertThat(CommitteePlan.of(false, 200, 600, tokens, 1.8e6).size()).isEqualTo(2);
  }

  @Test
  void aLargerCommitteeIsWorthATenthOfTheSteps() {
    double tokens = 32 * 33;
    assertThat(CommitteePlan.of(true, 454, 600, tokens, 3e6).size()).isEqualTo(8);
    assertThat(CommitteePlan.steps(8, 454, 600, tokens, 3e6)).isEqualTo(577);
    assertThat(CommitteePlan.of(true, 454, 600, tokens, 2.8e6).size()).isEqualTo(4);
  }

  @Test
  void whereTheSmallestCommitteeIsBeyondTheBudgetItTakesFewerSteps() {
    double tokens = 32 * 11;
    assertThat(CommitteePlan.steps(2, 64, 600, tokens, 4e5)).isEqualTo(318);
    assertThat(CommitteePlan.steps(2, 64, 600, tokens, 4e6)).isEqualTo(600);
    assertThat(CommitteePlan.steps(2, 64, 600, tokens, 1)).isEqualTo(1);
  }

  @Test
  void narrowRowsDoNotMakeStepsFree() {
    assertThat(CommitteePlan.of(false, 64, 600, 32 * 3, 4e5).size()).isEqualTo(2);
  }

  @Test
  void rowsTooFewToBeDealtAreLearntByOneMember() {
    assertThat(CommitteePlan.of(true, 5, 1, 1, 1e9)).isEqualTo(Committee.of(1));
  }

  @Test
  void aRowStaysInItsFoldAndRowsThatReadAlikeAreDealtOut() {
    Sequence[] rows = IntStream.range(0, 400).mapToObj(CommitteeTest::row).toArray(Sequence[]::new);
    int[] folds = Folds.of(rows, 100);
    for (int fold = 0; fold < Committee.FOLDS; fold++) {
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
