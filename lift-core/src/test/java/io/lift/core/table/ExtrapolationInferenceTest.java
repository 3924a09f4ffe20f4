package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.task.Extrapolation;
import io.lift.core.task.NumberScale;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtrapolationInferenceTest {
  @Test
  void aTrendThatGoesOnIsFollowed() {
    TaskSpec task = infer(sales(200, 1));

    Extrapolation trend = task.trend();
    assertThat(trend).isNotNull();
    Extrapolation.Term term = term(trend, "t");
    assertThat(term.slope()).isCloseTo(1.5, within(0.05));
    assertThat(term(trend, "price").slope()).isZero();
    double later =
        trend.of(Map.of("t", stats(task, "t")), Map.of("t", 300.0)).offset()
            + trend.residual().mean();
    assertThat(later).isCloseTo(100 + 1.5 * 300, within(15.0));
    assertThat(trend.residual().deviation()).isLessThan(15);
    assertThat(term.doubt()).isPositive().isLessThan(0.5);
  }

  @Test
  void theNoteSaysThatATrendIsFollowedAndDoesNotAdviseToLeaveItsColumnOut() {
    TaskInference inference = new TaskInference();
    sales(200, 1).forEach(inference::add);

    TaskInference.Inferred inferred = inference.infer("task", null, null);

    assertThat(inferred.identifiers()).isEmpty();
    assertThat(inferred.remarks())
        .singleElement()
        .asString()
        .contains("'t'", "answers follow this trend")
        .doesNotContain("leave");
  }

  @Test
  void aTrendOfPercentsIsFollowedOnTheTargetsScale() {
    List<Map<String, String>> rows = new ArrayList<>();
    Random random = new Random(2);
    for (int t = 0; t < 200; t++) {
      rows.add(row(t, random, 3 * Math.exp(0.06 * t + 0.1 * random.nextGaussian())));
    }

    TaskSpec task = infer(rows);

    assertThat(task.target().numbers().scale()).isNotNull();
    assertThat(term(task.trend(), "t").slope()).isCloseTo(0.06, within(0.01));
  }

  @Test
  void rowsInRandomOrderHaveNoTrendButADoubtBeyondTheirRange() {
    List<Map<String, String>> rows = sales(200, 3);
    Collections.shuffle(rows, new Random(3));

    TaskSpec task = infer(rows);

    assertThat(task.trend()).isNull();
    assertThat(term(task.extrapolation(), "t").doubt()).isCloseTo(1.5, within(0.1));
    Extrapolation.Point inside =
        task.extrapolation().of(Map.of("t", stats(task, "t")), Map.of("t", 100.0));
    Extrapolation.Point beyond =
        task.extrapolation().of(Map.of("t", stats(task, "t")), Map.of("t", 299.0));
    assertThat(inside.spread()).isZero();
    assertThat(beyond.spread()).isCloseTo(150, within(15.0));
  }

  @Test
  void aColumnThatRisesWithoutATrendIsNotFollowed() {
    List<Map<String, String>> rows = new ArrayList<>();
    Random random = new Random(4);
    for (int t = 0; t < 200; t++) {
      rows.add(row(t, random, 100 + 10 * random.nextGaussian()));
    }

    assertThat(infer(rows).trend()).isNull();
  }

  @Test
  void aTrendThatEndsBeforeTheLastRowsIsNotFollowed() {
    List<Map<String, String>> rows = new ArrayList<>();
    Random random = new Random(5);
    for (int t = 0; t < 200; t++) {
      rows.add(row(t, random, 100 + 1.5 * Math.min(t, 150) + 5 * random.nextGaussian()));
    }

    assertThat(infer(rows).trend()).isNull();
  }

  @Test
  void manyRowsAreThinnedAndKeepTheirOrder() {
    TaskSpec task = infer(sales(20_000, 6));

    assertThat(term(task.trend(), "t").slope()).isCloseTo(1.5, within(0.01));
  }

  @Test
  void valuesOverOrdersOfMagnitudeGetAScaleAndOthersDoNot() {
    List<Map<String, String>> rows = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("decades", Double.toString(Math.pow(10, 6 * random.nextDouble())));
      row.put("losses", Double.toString(-Math.pow(10, 6 * random.nextDouble())));
      row.put("sometimes", random.nextDouble() < 0.8 ? "0" : row.get("decades"));
      row.put("outlier", i == 9 ? "1000000" : Double.toString(1000 + random.nextGaussian()));
      row.put("normal", Double.toString(random.nextGaussian()));
      row.put("waiting", Double.toString(-Math.log(random.nextDouble())));
      row.put("income", Double.toString(Math.exp(random.nextGaussian())));
      row.put("y", Double.toString(random.nextGaussian()));
      rows.add(row);
    }

    TaskSpec task = infer(rows);

    for (String wide : new String[] {"decades", "losses", "sometimes", "outlier"}) {
      NumberScale scale = stats(task, wide).scale();
      assertThat(scale).as(wide).isNotNull();
      assertThat(scale.value(scale.of(1234.5))).isCloseTo(1234.5, within(1e-6));
    }
    for (String plain : new String[] {"normal", "waiting", "income", "y"}) {
      NumberStats stats = plain.equals("y") ? task.target().numbers() : stats(task, plain);
      assertThat(stats.scale()).as(plain).isNull();
    }
  }

  /** A price and a month that say little, and a time that the sales rise with. */
  private static List<Map<String, String>> sales(int count, long seed) {
    List<Map<String, String>> rows = new ArrayList<>();
    Random random = new Random(seed);
    for (int t = 0; t < count; t++) {
      double season = 10 * Math.sin(2 * Math.PI * t / 12);
      rows.add(row(t, random, 100 + 1.5 * t + season + 4 * random.nextGaussian()));
    }
    return rows;
  }

  private static Map<String, String> row(int t, Random random, double sales) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("t", Integer.toString(t));
    row.put("month", Integer.toString(1 + t % 12));
    row.put("price", Double.toString(10 + random.nextGaussian()));
    row.put("sales", Double.toString(sales));
    return row;
  }

  private static TaskSpec infer(List<Map<String, String>> rows) {
    TaskInference inference = new TaskInference();
    rows.forEach(inference::add);
    return inference.infer("task", null, null).task();
  }

  private static NumberStats stats(TaskSpec task, String column) {
    return task.features().stream()
        .filter(feature -> feature.name().equals(column))
        .findFirst()
        .orElseThrow()
        .numbers();
  }

  private static Extrapolation.Term term(Extrapolation extrapolation, String column) {
    return extrapolation.terms().stream()
        .filter(term -> term.column().equals(column))
        .findFirst()
        .orElseThrow();
  }
}
