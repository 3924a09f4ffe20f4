package io.lift.core.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.explanation.RowVariants.Contributions;
import io.lift.core.explanation.Walks.Walk;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowVariantsTest {
  private static final NumberStats STATS = new NumberStats(100, 50, 15, 0, 100, 0);
  private static final List<String> NAMES = List.of("a", "b", "c");
  private final TaskSpec task =
      new TaskSpec(
          "sums",
          1,
          TaskType.CLASSIFICATION,
          NAMES.stream().map(name -> Column.number(name, STATS)).toList(),
          Column.category("big", List.of("no", "yes")),
          TemplateSpec.named(),
          NumberFormat.grid(),
          List.of(),
          null,
          null);
  private final TaskLanguage language = new TaskLanguage(task);
  private final List<ExplainedColumn> columns = ExplainedColumn.of(task);

  private static Map<String, Object> row(double a, double b, double c) {
    return Map.of("a", a, "b", b, "c", c);
  }

  /** A score with an interaction of the first two columns; the third does not matter. */
  private double score(int a, int b) {
    return a > 50 && b > 50 ? 1 : a > 50 ? 0.25 : 0;
  }

  private double score(Prompt prompt) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < prompt.grid().length; i += 2) {
      String number = prompt.text().substring(prompt.grid()[i], prompt.grid()[i + 1]);
      numbers.add(Integer.valueOf(number));
    }
    return score(numbers.get(0), numbers.get(1));
  }

  /** All orders of three columns, with each of so many rows. */
  private static List<Walk> all(int rows) {
    List<int[]> orders =
        List.of(
            new int[] {0, 1, 2},
            new int[] {0, 2, 1},
            new int[] {1, 0, 2},
            new int[] {1, 2, 0},
            new int[] {2, 0, 1},
            new int[] {2, 1, 0});
    return IntStream.range(0, rows)
        .boxed()
        .flatMap(row -> orders.stream().map(order -> new Walk(row, order)))
        .toList();
  }

  private Contributions contributions(
      Map<String, Object> values, List<Map<String, Object>> others, List<Walk> walks) {
    RowVariants variants = new RowVariants(language, values, others, columns, walks);
    double[] scores = variants.prompts().stream().mapToDouble(this::score).toArray();
    return variants.contributions(score(language.prompt(asRow(values))), scores);
  }

  private static io.lift.core.row.Row asRow(Map<String, Object> values) {
    return new io.lift.core.row.Row(values, null);
  }

  @Test
  void overAllOrdersTheContributionsAreTheShapleyValuesOfTheirDefinition() {
    Map<String, Object> values = row(80, 80, 10);
    List<Map<String, Object>> others = List.of(row(20, 20, 90), row(80, 20, 50), row(20, 80, 10));

    Contributions found = contributions(values, others, all(others.size()));

    double[] expected = new double[3];
    double base = 0;
    for (Map<String, Object> other : others) {
      ToDoubleFunction<Integer> game = // columns that keep their own values, as bits
          kept -> score(at(kept, 0, values, other), at(kept, 1, values, other));
      base += game.applyAsDouble(0) / others.size();
      for (int c = 0; c < 3; c++) {
        for (int kept = 0; kept < 8; kept++) {
          if ((kept >> c & 1) == 0) {
            double weight = weight(Integer.bitCount(kept));
            double gain = game.applyAsDouble(kept | 1 << c) - game.applyAsDouble(kept);
            expected[c] += weight * gain / others.size();
          }
        }
      }
    }
    assertThat(found.contributions()).containsExactly(expected, within(1e-12));
    assertThat(found.base()).isCloseTo(base, within(1e-12));
    assertThat(found.contributions()[2]).isZero();
    assertThat(found.contributions()[0]).isGreaterThan(found.contributions()[1]);
  }

  private static int at(
      int kept, int column, Map<String, Object> values, Map<String, Object> other) {
    Object value = ((kept >> column & 1) == 1 ? values : other).get(NAMES.get(column));
    return ((Double) value).intValue();
  }

  /** |S|! (n - |S| - 1)! / n! with n = 3. */
  private static double weight(int size) {
    return new double[] {2, 1, 2}[size] / 6;
  }

  @Test
  void whateverIsDrawnTheContributionsAndTheBaseAddUpToTheScore() {
    Map<String, Object> values = row(80, 80, 10);
    List<Map<String, Object>> others = List.of(row(20, 20, 90), row(80, 20, 50), row(20, 80, 10));
    for (long seed = 0; seed < 20; seed++) {
      Contributions found = contributions(values, others, Walks.draw(3, others.size(), 4, seed));
      double sum = IntStream.range(0, 3).mapToDouble(c -> found.contributions()[c]).sum();
      assertThat(found.base() + sum).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void changedRowsThatReadTheSameAreAskedForOnce() {
    Map<String, Object> values = row(80, 80, 10);
    List<Map<String, Object>> others = List.of(row(80, 20, 10));

    RowVariants variants = new RowVariants(language, values, others, columns, all(1));

    assertThat(variants.prompts()).hasSize(1);
    Contributions found = variants.contributions(1, new double[] {0.25});
    assertThat(found.contributions()).containsExactly(0, 0.75, 0);
    assertThat(found.base()).isEqualTo(0.25);
  }

  @Test
  void aColumnThatTheOtherRowLacksIsMissing() {
    RowVariants variants =
        new RowVariants(
            language, row(80, 80, 10), List.of(Map.of()), columns, List.of(all(1).get(0)));
    assertThat(variants.prompts().get(2).text())
        .isEqualTo(language.prompt(asRow(Map.of())).text())
        .contains("a=?");
  }
}
