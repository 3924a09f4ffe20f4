package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnLanguageTest {
  private static final Column SIZE =
      Column.number("size", new NumberStats(100, 80, 20, 40, 200, 1));
  private static final Column COLOUR = Column.category("colour", List.of("red", "deep\nblue"));
  private static final Column NOTE = Column.text("note");
  private static final Column SOLD = Column.category("sold", List.of("no", "yes"));
  private static final Column PRICE =
      Column.number("price", new NumberStats(100, 500, 100, 200, 900, 0));

  private static TaskSpec task(
      TaskType type, Column target, TemplateSpec template, NumberFormat numbers, boolean generate) {
    LearningMethod method = generate ? LearningMethod.PLAIN.generating() : LearningMethod.PLAIN;
    return new TaskSpec(
        "houses",
        1,
        type,
        List.of(SIZE, COLOUR, NOTE),
        target,
        template,
        numbers,
        null,
        null,
        TrainingPolicy.builder().method(method).build());
  }

  private static TaskLanguage language(TemplateSpec template, NumberFormat numbers) {
    return new TaskLanguage(
        TaskSpecs.validate(task(TaskType.CLASSIFICATION, SOLD, template, numbers, true)));
  }

  @Test
  void aQuestionNamesWhatIsKnownInTheSentencesWay() {
    ColumnQuestion question = new ColumnQuestion(new String[] {"42", null, null, "yes"}, 1);
    assertThat(language(null, null).columns().prompt(question).text())
        .isEqualTo("When we have x1=42, y=yes, What is x2? ###");
    assertThat(language(TemplateSpec.named(), null).columns().prompt(question).text())
        .isEqualTo("When we have size=42, sold=yes, What is colour? ###");
    TemplateSpec free = TemplateSpec.free("{colour}, {size} wide: {note}. Is it sold?");
    assertThat(language(free, null).columns().prompt(question).text())
        .isEqualTo("When we have size=42, sold=yes, What is colour? ###");
    ColumnQuestion first = new ColumnQuestion(new String[4], 0);
    assertThat(language(null, null).columns().prompt(first).text()).isEqualTo("What is x1? ###");
  }

  @Test
  void theCellsOfARowAreThoseOfItsSentence() {
    TaskLanguage language = language(null, null);
    Row row = new Row(Map.of("size", 80.0, "colour", "deep\nblue", "note", "nice"), null);
    Example example = new Example(language.prompt(row), language.completion("yes"));
    assertThat(language.columns().cells(example)).containsExactly("50", "deep blue", null, "yes");
    Example empty =
        new Example(language.prompt(new Row(Map.of(), null)), language.completion("no"));
    assertThat(language.columns().cells(empty)).containsExactly(null, null, null, "no");
    assertThat(language.columns().cells(new Example(new Prompt("?", new int[0]), "no@@@")))
        .containsExactly(null, null, null, "no");
  }

  @Test
  void anAnswerIsAValueOfItsColumnOrNone() {
    ColumnLanguage columns = language(null, null).columns();
    assertThat(columns.value(1, "deep blue", 0.5)).isEqualTo("deep\nblue");
    assertThat(columns.value(1, "green", 0.5)).isNull();
    assertThat(columns.value(3, "maybe", 0.5)).isNull();

    // a cell is 1.2 wide, the middle of cell 50 is the mean; numbers are given to a tenth
    assertThat(columns.value(0, "50", 0)).isEqualTo(79.4);
    assertThat((Double) columns.value(0, "50", 0.999)).isCloseTo(80.6, within(1e-9));
    assertThat(columns.value(0, "16", 0.5)).isNull(); // below the smallest seen
    assertThat(columns.value(0, "17", 0)).isEqualTo(40.0);
    assertThat(columns.value(0, "100", 0.5)).isNull();
    assertThat(columns.value(0, "4.5", 0.5)).isNull();
    assertThat(columns.value(0, "?", 0.5)).isNull();
    assertThat(columns.candidates(0)).startsWith("17").endsWith("99");
    assertThat(columns.candidates(1)).containsExactly("red", "deep blue");
  }

  @Test
  void everyCandidateIsAValueThatReadsTheSame() {
    for (TaskType type : TaskType.values()) {
      Column target = type == TaskType.REGRESSION ? PRICE : SOLD;
      ColumnLanguage columns = new TaskLanguage(task(type, target, null, null, true)).columns();
      for (int column : new int[] {0, 1, 3}) {
        for (String candidate : columns.candidates(column)) {
          for (double share : new double[] {0.2, 0.5, 0.8}) {
            Object value = columns.value(column, candidate, share);
            assertThat(columns.cell(column, value)).isEqualTo(candidate);
          }
        }
      }
    }
  }

  @Test
  void aNumberInDigitsStandsForItself() {
    ColumnLanguage columns = language(null, NumberFormat.fixed(2)).columns();
    assertThat(columns.value(0, "79.45", 0.3)).isEqualTo(79.45);
    assertThat(columns.value(0, "200.00", 0.3)).isEqualTo(200.0);
    assertThat(columns.value(0, "200.01", 0.3)).isNull();
    assertThat(columns.value(0, "79.4 or so", 0.3)).isNull();
    assertThat(columns.candidates(0)).isEmpty();
    assertThat(columns.longest(0)).containsExactly("40.00", "200.00");
  }

  @Test
  void onlyTasksThatLearnThemHaveColumnQuestions() {
    TaskLanguage off = new TaskLanguage(task(TaskType.CLASSIFICATION, SOLD, null, null, false));
    TaskLanguage on = new TaskLanguage(task(TaskType.CLASSIFICATION, SOLD, null, null, true));
    assertThat(off.columns()).isNull();
    assertThat(on.columns()).isNotNull();
    assertThat(on.hash()).isNotEqualTo(off.hash());
  }

  @Test
  void aSentenceWithoutSomeColumnCannotLearnToGenerate() {
    TemplateSpec free = TemplateSpec.free("{colour}: sold?");
    assertThatThrownBy(() -> language(free, null))
        .hasMessage("Rows can only be generated if the sentence has a slot for every column.");
  }
}
