package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long a first round is. */
class EnsembleSelectorTest {
  private static final NumberStats UNIT = new NumberStats(100, 0, 1, -3, 3, 2);
  private static final TaskLanguage NUMBERS = language(Column.number("y", UNIT));
  private static final TaskLanguage LABELS = language(Column.category("y", List.of("a", "b")));

  private static BaseModel base;

  @BeforeAll
  static void open() {
    base = BaseModel.open(null, "cpu");
  }

  @AfterAll
  static void close() {
    base.close();
  }

  private static TaskLanguage language(Column target) {
    boolean number = target.numbers() != null;
    return Examples.language(
        number ? TaskType.REGRESSION : TaskType.CLASSIFICATION,
        List.of(Column.number("a", UNIT), Column.number("b", UNIT)),
        target);
  }

  private static int steps(TaskLanguage language, TrainingPolicy policy, int rows) {
    TrainingRecipe recipe = TrainingRecipe.of(Preset.EMBEDDED, policy);
    EnsembleSelector selector =
        new EnsembleSelector(base, language, base.encoder(language), recipe);
    Ensemble ensemble = selector.initialMembers(rows).orElseThrow();
    return selector.steps(ensemble, rows, true);
  }

  @Test
  void aBudgetThatIsLeftGivesRegressionsOverManyRowsMoreSteps() {
    TrainingPolicy ample = TrainingPolicy.builder().budget(3.0).build();

    assertThat(steps(LABELS, ample, 4000)).isEqualTo(2109); // 22.5 epochs of 3,000 rows
    assertThat(steps(NUMBERS, ample, 4000)).isEqualTo(2 * 2109);
    assertThat(steps(NUMBERS, ample, 900)).isEqualTo(600);
  }

  @Test
  void aTightBudgetOrEpochsOfOnesOwnLeaveTheStepsAsTheyAre() {
    TrainingPolicy tight = TrainingPolicy.builder().budget(0.3).build();
    TrainingPolicy own = TrainingPolicy.builder().budget(3.0).epochs(22.5).build();

    assertThat(steps(NUMBERS, tight, 4000)).isEqualTo(steps(LABELS, tight, 4000));
    assertThat(steps(NUMBERS, own, 4000)).isEqualTo(2109);
  }

  @Test
  void ofTextsAloneMembersLearnNothingAndTakeNoTime() {
    TaskLanguage reviews =
        Examples.language(
            TaskType.CLASSIFICATION,
            List.of(Column.text("review")),
            Column.category("mood", List.of("bad", "good")));
    TrainingRecipe recipe =
        TrainingRecipe.of(Preset.EMBEDDED, TrainingPolicy.builder().budget(3.0).build());
    EnsembleSelector texts = new EnsembleSelector(base, reviews, base.encoder(reviews), recipe);

    Ensemble members = texts.initialMembers(300).orElseThrow();
    assertThat(members.holdsOut()).isTrue();
    assertThat(texts.steps(members, 300, true)).isLessThan(10);
  }
}
