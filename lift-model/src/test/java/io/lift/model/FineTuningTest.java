package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FineTuningTest {
  private static final TaskLanguage LANGUAGE = Examples.signs();
  private static final List<Example> FIRST = Examples.examples(Examples.signs(50, 1));
  private static final List<Example> SECOND = Examples.examples(Examples.signs(30, 2));
  private static final FineTuning.Progress ON = (step, steps, loss) -> true;

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void aResumedFineTuningGoesOnBitForBit() {
    byte[] straight;
    byte[] between;
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(2))) {
      tuning.round(FIRST, List.of(), ON);
      between = tuning.checkpoint();
      tuning.round(SECOND, FIRST, ON);
      straight = tuning.checkpoint();
    }
    try (FineTuning tuning = FineTuning.resume(base, LANGUAGE, Recipes.brief(2), between)) {
      assertThat(tuning.checkpoint()).isEqualTo(between);
      tuning.round(SECOND, FIRST, ON);
      assertThat(tuning.checkpoint()).isEqualTo(straight);
    }
  }

  @Test
  void theSameRoundsGiveTheSameBytes() {
    assertThat(checkpointOfOneRound()).isEqualTo(checkpointOfOneRound());
  }

  @Test
  void aRoundThatIsEndedEarlyLeavesNoTrace() {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(FIRST, List.of(), ON);
      byte[] before = tuning.checkpoint();
      FineTuning.RoundReport report = tuning.round(SECOND, FIRST, (step, n, loss) -> step < 2);
      assertThat(report.completed()).isFalse();
      assertThat(report.steps()).isEqualTo(2);
      assertThat(tuning.checkpoint()).isEqualTo(before);
    }
  }

  @Test
  void aCheckpointOfAnotherLanguageIsRefused() {
    byte[] checkpoint = checkpointOfOneRound();
    assertThatThrownBy(() -> FineTuning.resume(base, Examples.line(), Recipes.brief(1), checkpoint))
        .isInstanceOf(CheckpointInvalid.class)
        .hasMessageContaining("another language");
    assertThatThrownBy(() -> Scorer.of(base, LANGUAGE, new byte[100]))
        .isInstanceOf(CheckpointInvalid.class);
  }

  static byte[] checkpointOfOneRound() {
    try (FineTuning tuning = FineTuning.start(base, LANGUAGE, Recipes.brief(1))) {
      tuning.round(FIRST, List.of(), ON);
      return tuning.checkpoint();
    }
  }
}
