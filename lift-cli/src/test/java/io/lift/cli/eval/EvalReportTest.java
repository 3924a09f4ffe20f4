package io.lift.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.term.Terminal;
import io.lift.core.task.TaskType;
import io.lift.testing.Console;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvalReportTest {

  @Test
  void aTestOfFewRowsCarriesACaution() {
    assertThat(printed(TaskType.CLASSIFICATION, 29))
        .contains(
            "Caution: 29 test rows are few: chance alone moves the accuracy by up to 18 points"
                + " either way.");
    assertThat(printed(TaskType.REGRESSION, 4))
        .contains("Caution: 4 test rows are few: other rows may give quite different errors.");
    assertThat(printed(TaskType.CLASSIFICATION, 30)).doesNotContain("Caution");
  }

  @Test
  void rowsThatWereLeftOutAreCounted() {
    assertThat(printed(TaskType.REGRESSION, 40)).containsPattern("rows left out +7");
  }

  private static String printed(TaskType type, int tests) {
    List<Map<String, String>> rows = Collections.nCopies(tests, Map.of("x", "1", "y", "2"));
    EvalData data = new EvalData("t", "y", type, rows, rows, List.of(), 0, List.of());
    EvalOutcome outcome = new EvalOutcome(Map.of(), List.of(), 0, 0, 0, 1, 1, 1, null);
    return Console.run(
            any -> {
              EvalReport.of(data, type, null, null, outcome, 7, false).print(Terminal.stdout());
              return 0;
            })
        .out();
  }
}
