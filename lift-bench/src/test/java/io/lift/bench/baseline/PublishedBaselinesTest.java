package io.lift.bench.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lift.core.answer.Answer;
import io.lift.core.table.CsvTable;
import io.lift.core.table.Splits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the paper's splits, beside what scikit-learn and XGBoost reach there, mean of three runs. */
class PublishedBaselinesTest {
  private static final Path DATA = Path.of("../../shared/data/classification");

  @ParameterizedTest
  @CsvSource({
    "iris, linear, 97.8, 4",
    "iris, forest, 97.8, 4",
    "tae, linear, 45.2, 8",
    "wine, linear, 100, 3",
    "wine, xgboost, 97.2, 4",
    "vehicle, linear, 80.0, 4",
    "vehicle, svm, 81.4, 4",
    "vehicle, xgboost, 73.5, 4",
    "led, forest, 65.3, 5"
  })
  void aBaselineIsAsGoodAsItsPeerInPython(
      String set, String baseline, double expected, double tolerance) throws Exception {
    assumeTrue(Files.isDirectory(DATA), "skipped: there are no tables at " + DATA);
    List<Map<String, String>> rows = new ArrayList<>();
    try (CsvTable csv = CsvTable.open(DATA.resolve(set + ".csv"))) {
      csv.forEach(rows::add);
    }
    List<String> columns = List.copyOf(rows.get(0).keySet());
    String target = columns.get(columns.size() - 1);
    List<String> labels = rows.stream().map(row -> row.get(target)).distinct().sorted().toList();
    double accuracy = 0;
    for (int run = 0; run < 3; run++) {
      Splits split = Splits.read(DATA.resolve("splits.json"), set, run, rows.size());
      Fitted fitted =
          new Fitted(
              Baselines.named(baseline, true),
              target,
              labels,
              pick(rows, split.train()),
              pick(rows, split.valid()));
      List<Map<String, String>> test = pick(rows, split.test());
      List<Answer> answers = fitted.answer(test);
      for (int i = 0; i < test.size(); i++) {
        boolean right = answers.get(i).label().equals(test.get(i).get(target));
        accuracy += right ? 100.0 / test.size() / 3 : 0;
      }
    }
    assertThat(accuracy).isCloseTo(expected, within(tolerance));
  }

  private static List<Map<String, String>> pick(List<Map<String, String>> rows, int[] numbers) {
    return Arrays.stream(numbers).mapToObj(rows::get).toList();
  }
}
