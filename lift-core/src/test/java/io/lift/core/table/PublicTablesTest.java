package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of the paper, where they lie beside the project. */
class PublicTablesTest {
  private static final Path DATA = Path.of("../../shared/data");

  @ParameterizedTest
  @CsvSource({
    "classification/iris.csv, 150, 3",
    "classification/wine.csv, 178, 3",
    "classification/led.csv, 500, 10",
    "classification/breast-cancer.csv, 286, 2",
    "classification/german-credit.csv, 1000, 2",
    "regression/insurance.train.csv, 936, 0",
    "regression/servo.train.csv, 116, 0",
    "regression/ccpp.train.csv, 6697, 0",
    "regression/student.train.csv, 454, 0"
  })
  void aTableBecomesATaskThatAllItsRowsFit(String file, int rows, int labels) throws Exception {
    assumeTrue(Files.isDirectory(DATA), "skipped: there are no tables at " + DATA);
    TaskInference inference = new TaskInference();
    List<Map<String, String>> table = new ArrayList<>();
    try (CsvTable csv = CsvTable.open(DATA.resolve(file))) {
      for (Map<String, String> row : csv) {
        inference.add(row);
        table.add(row);
      }
    }

    TaskSpec task = inference.infer("table", null, null).task();

    // the rows are in no order
    assertThat(task.trend()).isNull();
    assertThat(task.target().numbers() == null || task.target().numbers().scale() == null).isTrue();
    assertThat(task.type()).isEqualTo(labels > 0 ? TaskType.CLASSIFICATION : TaskType.REGRESSION);
    assertThat(task.labels()).hasSize(labels);
    assertThat(table).hasSize(rows);
    TaskLanguage language = new TaskLanguage(task);
    RowParser parser = new RowParser(task);
    JsonRows json = new JsonRows(task);
    for (Map<String, String> fields : table) {
      Row row = parser.parse(json.write(fields));
      Prompt prompt = language.prompt(row);

      assertThat(row.unseen()).isEmpty();
      assertThat(prompt.text()).startsWith("When we have x1=").endsWith("###");
      assertThat(language.candidates())
          .contains(language.completion(prompt, row.target()).replace("@@@", ""));
    }
  }
}
