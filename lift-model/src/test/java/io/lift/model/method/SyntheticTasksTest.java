package io.lift.model.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticTasksTest {
  @Test
  void aGeneratedTaskHasTheColumnsAndLabelsOfTheTaskAndItsOwnNumber() {
    List<Example> rows = SyntheticTasks.rows(Examples.signs(), 2, 1);

    assertThat(rows).hasSize(SyntheticTasks.ROWS);
    assertThat(rows)
        .allMatch(
            row ->
                row.prompt()
                    .text()
                    .matches(
                        "Given task 2, When we have x1=\\d+, x2=\\d+, x3=(red|blue), x4=\\?, "
                            + "What is this type\\? ###"));
    assertThat(rows).filteredOn(row -> row.completion().equals("yes@@@")).hasSize(50);
    assertThat(rows.get(0).prompt().grid()).hasSize(4);
  }

  @Test
  void eachNumberAndSeedIsAnotherTask() {
    List<String> first = texts(Examples.signs(), 1, 1);

    assertThat(texts(Examples.signs(), 1, 1)).isEqualTo(first);
    assertThat(texts(Examples.signs(), 1, 2)).isNotEqualTo(first);
  }

  @Test
  void itCanBeLearned() {
    // the nearest other row has the same label far more often than by chance
    List<Example> rows = SyntheticTasks.rows(Examples.signs(), 1, 3);
    NearestNeighbours alikeness =
        new NearestNeighbours(
            new PromptCells(Examples.signs().task()),
            rows.stream().map(SyntheticTasksTest::without).toList());
    int right = 0;
    for (int i = 0; i < rows.size(); i++) {
      int nearest = alikeness.nearest(without(rows.get(i)), 1, i)[0];
      right += rows.get(nearest).completion().equals(rows.get(i).completion()) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(65);
  }

  @Test
  void aRegressionHasNumbersToPredict() {
    List<Example> rows = SyntheticTasks.rows(Examples.line(), 1, 1);

    assertThat(rows).allMatch(row -> row.completion().matches("\\d+@@@"));
    assertThat(rows.stream().map(Example::completion).distinct().count()).isGreaterThan(20);
  }

  private static Prompt without(Example row) {
    String text = row.prompt().text().substring("Given task 1, ".length());
    return new Prompt(text, new int[0]);
  }

  private static List<String> texts(TaskLanguage language, int number, long seed) {
    return SyntheticTasks.rows(language, number, seed).stream()
        .map(r -> r.prompt().text())
        .toList();
  }
}
