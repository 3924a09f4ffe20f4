package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSentencesTest {
  private static TaskSpec task(List<Column> features, String... labels) {
    return new TaskSpec(
        "sayings",
        1,
        TaskType.CLASSIFICATION,
        features,
        Column.category("topic", List.of(labels)),
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void theNamesOfTargetAndTextColumnMakeSentencesOfEachLabel() {
    assertThat(LabelSentences.of(task(List.of(Column.text("saying")), "food", "money")))
        .containsExactly(
            List.of("topic: food", "a saying about food"),
            List.of("topic: money", "a saying about money"));
  }

  @Test
  void codesAndTasksWithoutTextsHaveNone() {
    assertThat(LabelSentences.of(task(List.of(Column.text("saying")), "food", "B2"))).isEmpty();
    Column kind = Column.category("kind", List.of("a", "b"));
    assertThat(LabelSentences.of(task(List.of(kind), "food", "money"))).isEmpty();
  }

  @Test
  void whatALabelMeansCanBeSaid() {
    TaskSpec said =
        task(List.of(Column.text("saying")), "food", "B2").toBuilder()
            .labelTexts(Map.of("B2", "about money"))
            .build();
    assertThat(LabelSentences.of(said))
        .containsExactly(List.of("topic: food", "a saying about food"), List.of("about money"));
  }

  @Test
  void anEncoderThatWasTrainedForOtherMeaningsIsOfAnotherLanguage() {
    TaskSpec plain = task(List.of(Column.text("saying")), "food", "money");
    TaskSpec said = plain.toBuilder().labelTexts(Map.of("food", "a meal")).build();
    TaskSpec other = plain.toBuilder().labelTexts(Map.of("food", "a dish")).build();
    assertThat(new TaskLanguage(said).hash())
        .isEqualTo(new TaskLanguage(said.toBuilder().version(2).build()).hash())
        .isNotEqualTo(new TaskLanguage(other).hash())
        .isNotEqualTo(new TaskLanguage(plain).hash());
  }

  @Test
  void onlyALabelOfATaskWithTextsHasAText() {
    TaskSpec.Builder texts = task(List.of(Column.text("saying")), "food", "money").toBuilder();
    assertThatThrownBy(() -> TaskSpecs.validate(texts.labelTexts(Map.of("wine", "x")).build()))
        .hasMessage("'wine' has a text and is not a label of the task.");
    Column kind = Column.category("kind", List.of("a", "b"));
    TaskSpec none =
        task(List.of(kind), "food", "money").toBuilder().labelTexts(Map.of("food", "x")).build();
    assertThatThrownBy(() -> TaskSpecs.validate(none)).hasMessageContaining("need a text column");
  }
}
