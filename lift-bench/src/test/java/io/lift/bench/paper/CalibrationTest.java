package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void answersThatAreRightTooSeldomShowTheDifference() {
    List<AnsweredRow> rows = answers(1000, 0.9, 0.6);

    assertThat(Calibration.of(rows).error()).isCloseTo(0.3, within(1e-9));
    assertThat(Calibration.of(answers(1000, 0.9, 0.9)).error()).isCloseTo(0, within(1e-9));
  }

  /** The mean distance of a binomial share from its probability is sqrt(2pq / (pi n)). */
  @Test
  void theFloorIsTheSpreadOfAShare() {
    double expected = Math.sqrt(2 * 0.8 * 0.2 / (Math.PI * 100));

    assertThat(Calibration.floor(answers(100, 0.8, 0.8))).isCloseTo(expected, within(0.005));
    assertThat(Calibration.floor(answers(100, 0.8, 0.1))).isCloseTo(expected, within(0.005));
  }

  private static List<AnsweredRow> answers(int count, double confidence, double right) {
    Answer answer = Answer.ofLabels("a", Map.of("a", confidence, "b", 1 - confidence));
    List<AnsweredRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new AnsweredRow(i < right * count ? "a" : "b", answer));
    }
    return rows;
  }
}
