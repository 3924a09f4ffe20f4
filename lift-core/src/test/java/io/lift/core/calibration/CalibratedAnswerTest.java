package io.lift.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TargetRange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibratedAnswerTest {
  private static final CalibrationPolicy OPEN = CalibrationPolicy.defaults();
  private static final Answer.Calibration LABELS = Answer.Calibration.ofLabels(0.9, 100, 2.0, 0.09);
  private static final Answer.Calibration NUMBERS = Answer.Calibration.ofIntervals(0.8, 100, 1.5);

  private final Answer labels = labels(0.81, 0.01, 0.09, 0.09);
  private final Answer number = Answer.ofNumber(10, new Answer.Interval(8, 14, 0.9));

  @Test
  void probabilitiesAreRaisedToTheInverseTemperature() {
    Answer given = of(labels, LABELS, OPEN);

    // square roots: 9, 1, 3, 3 of 16
    assertThat(given.probabilities().get("a")).isCloseTo(9 / 16.0, within(1e-12));
    assertThat(given.probabilities().get("b")).isCloseTo(1 / 16.0, within(1e-12));
    assertThat(given.label()).isEqualTo("a");
    assertThat(given.calibration()).isEqualTo(LABELS);
  }

  @Test
  void theSetHoldsTheLabelsFromTheCutoffOnMostProbableFirst() {
    assertThat(of(labels, LABELS, OPEN).labels()).containsExactly("a", "c", "d");
    Answer unsure = labels(0.05, 0.02, 0.03, 0.04);
    assertThat(of(unsure, LABELS, OPEN).labels()).isEmpty();
  }

  @Test
  void bothHalvesOfTheIntervalAreStretchedAlike() {
    Answer given = of(number, NUMBERS, OPEN);

    assertThat(given.value()).isEqualTo(10);
    assertThat(given.interval()).isEqualTo(new Answer.Interval(7, 16, 0.8));
  }

  @Test
  void theModelsOwnAnswerIsFoundAgain() {
    Answer own = CalibratedAnswer.own(of(labels, LABELS, OPEN), RowDraw.NONE);
    assertThat(own.calibration()).isNull();
    assertThat(own.labels()).isNull();
    labels
        .probabilities()
        .forEach(
            (label, p) -> assertThat(own.probabilities().get(label)).isCloseTo(p, within(1e-12)));

    Answer.Interval interval =
        CalibratedAnswer.own(of(number, NUMBERS, OPEN), RowDraw.NONE).interval();
    assertThat(interval.lower()).isCloseTo(8, within(1e-12));
    assertThat(interval.upper()).isCloseTo(14, within(1e-12));
  }

  @Test
  void withoutLabelsAnAnswerIsAsTheModelGaveIt() {
    assertThat(of(labels, null, OPEN)).isEqualTo(labels);
    assertThat(of(number, null, OPEN)).isEqualTo(number);
  }

  @Test
  void whatWasLearnedOfAnotherTypeOfAnswerChangesNothing() {
    assertThat(of(labels, NUMBERS, OPEN)).isEqualTo(labels);
    assertThat(of(number, LABELS, OPEN)).isEqualTo(number);
  }

  @Test
  void anAnswerAbstainsByItsCalibratedProbability() {
    CalibrationPolicy sure = new CalibrationPolicy(null, 0.6);

    assertThat(of(labels, null, sure).answered()).isTrue();
    Answer given = of(labels, LABELS, sure); // 0.5625
    assertThat(given.answered()).isFalse();
    assertThat(given.label()).isEqualTo("a");
    assertThat(given.labels()).hasSize(3);
  }

  @Test
  void rowsWithEqualProbabilitiesGetTheLabelAtTheCutoffByTheirIds() {
    int holding = 0;
    for (int row = 0; row < 1_000; row++) {
      double draw = RowDraw.of("row-" + row);
      Answer given = CalibratedAnswer.of(labels, LABELS, OPEN, draw, TargetRange.ALL);
      assertThat(given.labels()).contains("a").doesNotContain("b");
      assertThat(given.labels().contains("c")).isEqualTo(given.labels().contains("d"));
      assertThat(CalibratedAnswer.of(labels, LABELS, OPEN, draw, TargetRange.ALL)).isEqualTo(given);
      holding += given.labels().contains("c") ? 1 : 0;
    }
    assertThat(holding).isBetween(450, 550);
  }

  @Test
  void noIntervalLeavesTheRangeOfTheTargetsAndTheModelsOwnIsFoundAgain() {
    Answer low = Answer.ofNumber(3, new Answer.Interval(0.5, 8, 0.9));
    TargetRange positive = TargetRange.of(new NumberStats(9, 5, 3, 0, 40, 1));

    Answer given = CalibratedAnswer.of(low, NUMBERS, OPEN, RowDraw.NONE, positive);

    assertThat(given.interval()).isEqualTo(new Answer.Interval(0, 10.5, 0.8));
    assertThat(CalibratedAnswer.own(given, RowDraw.NONE).interval())
        .isEqualTo(new Answer.Interval(0.5, 8, 0.9));
  }

  private static Answer of(Answer own, Answer.Calibration calibration, CalibrationPolicy policy) {
    return CalibratedAnswer.of(own, calibration, policy, RowDraw.NONE, TargetRange.ALL);
  }

  private static Answer labels(double... probabilities) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      all.put("abcd".substring(i, i + 1), probabilities[i]);
    }
    return Answer.ofLabels("a", all);
  }
}
