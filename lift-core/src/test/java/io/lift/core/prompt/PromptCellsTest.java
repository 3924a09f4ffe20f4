package io.lift.core.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.Tasks;
import io.lift.core.row.Row;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptCellsTest {
  private static final Row ROW =
      new Row(Map.of("age", 39.0, "income", 61.234, "car", "2.5", "note", "a, x4=b"), null);
  private static final TemplateSpec FREE =
      TemplateSpec.free("Aged {age}. Earns {income}, drives {car}; says {note}. And {age}?");

  @Test
  void theValuesOfEverySentenceComeBackAndMakeTheSameSentence() {
    for (TemplateSpec template : List.of(TemplateSpec.paper(), TemplateSpec.named(), FREE)) {
      for (NumberFormat numbers :
          List.of(NumberFormat.grid(), NumberFormat.adaptive(), NumberFormat.fixed(3))) {
        TaskSpec task = Tasks.loans(template, numbers);
        Prompt prompt = new TaskLanguage(task).prompt(ROW);
        PromptCells cells = new PromptCells(task);

        String[] read = cells.read(prompt);

        assertThat(read[2]).isEqualTo("2.5");
        assertThat(read[3]).isEqualTo("a, x4=b");
        assertThat(cells.write(read).text()).isEqualTo(prompt.text());
        assertThat(cells.write(read).grid()).isEqualTo(prompt.grid());
      }
    }
  }

  @Test
  void missingValuesAreCellsToo() {
    TaskSpec task = Tasks.loans(TemplateSpec.paper(), NumberFormat.grid());
    Prompt prompt = new TaskLanguage(task).prompt(new Row(Map.of("car", "vw"), null));
    PromptCells cells = new PromptCells(task);

    assertThat(cells.read(prompt)).containsExactly("?", "?", "vw", "?");
    assertThat(cells.write(cells.read(prompt)).grid()).isEmpty();
    assertThat(cells.standardised(0, "?")).isNaN();
    assertThat(cells.standardised(2, "vw")).isNaN();
  }

  @Test
  void aWordThatTheColumnDoesNotHaveStandsInTheSentenceAndEndsWhereItEnds() {
    for (TemplateSpec template : List.of(TemplateSpec.paper(), TemplateSpec.named(), FREE)) {
      TaskSpec task = Tasks.loans(template, NumberFormat.grid());
      Map<String, Object> values = Map.of("age", 39.0, "car", "old ###, x4=tricycle");
      PromptCells cells = new PromptCells(task);

      Prompt prompt = new TaskLanguage(task).prompt(new Row(values, null));

      assertThat(cells.read(prompt)[2]).isEqualTo("old # x4=tricycle");
      assertThat(cells.read(prompt)[0]).isEqualTo("38");
      assertThat(cells.write(cells.read(prompt)).text()).isEqualTo(prompt.text());
    }
  }

  @Test
  void numbersAreMeasuredInDeviationsOfTheirColumn() {
    for (NumberFormat numbers : List.of(NumberFormat.grid(), NumberFormat.adaptive())) {
      PromptCells cells = new PromptCells(Tasks.loans(TemplateSpec.paper(), numbers));

      // mean 50, deviation 15: a cell of the grid is 0.06 deviations
      assertThat(cells.standardised(1, cells.cell(1, -1.5))).isCloseTo(-1.5, within(0.03));
      assertThat(cells.standardised(0, cells.cell(0, 0))).isZero();
    }
    assertThat(new PromptCells(Tasks.loans(null, NumberFormat.adaptive())).cell(0, 1))
        .isEqualTo("65");
    assertThat(new PromptCells(Tasks.loans(null, NumberFormat.grid())).cell(0, 9)).isEqualTo("99");
  }

  @Test
  void columnsChangePlacesWithTheirNames() {
    TaskSpec task = Tasks.loans(TemplateSpec.named(), NumberFormat.grid());
    Prompt prompt = new TaskLanguage(task).prompt(new Row(Map.of("age", 50.0), null));
    PromptCells cells = new PromptCells(task);

    Prompt moved = cells.write(cells.read(prompt), new int[] {3, 0, 2, 1});

    assertThat(moved.text())
        .isEqualTo("When we have note=?, age=50, car=?, income=?, What is this risk? ###");
    assertThat(moved.text().substring(moved.grid()[0], moved.grid()[1])).isEqualTo("50");
    assertThat(cells.read(moved)).as("another sentence").isNull();
    assertThatThrownBy(
            () -> new PromptCells(Tasks.loans(FREE, null)).write(new String[4], new int[4]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void textThatIsNoSentenceOfTheTaskIsNotRead() {
    PromptCells cells = new PromptCells(Tasks.loans(TemplateSpec.paper(), NumberFormat.grid()));
    for (String text :
        List.of(
            "###",
            "When we have x1=100, x2=2, x3=vw, x4=?, What is this type? ###",
            "When we have x1=1, x2=2, x3=vw, x4=?, What is this type? ### ")) {
      assertThat(cells.read(new Prompt(text, new int[0]))).as(text).isNull();
    }
  }
}
