package io.lift.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.core.answer.Answer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RollingMetricsTest {
  private static final List<String> LABELS = List.of("no", "yes");
  private static final int WINDOW = 50;

  private final Random random = new Random(1);

  private record Scored<T>(T truth, Answer answer) {}

  @Test
  void aWindowOfLabelsEqualsItsRowsAlone() {
    ClassificationMetrics rolling = new ClassificationMetrics(LABELS);
    Deque<Scored<String>> window = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      Scored<String> row = new Scored<>(LABELS.get(random.nextInt(2)), label(random.nextDouble()));
      rolling.add(row.truth, row.answer);
      window.add(row);
      if (window.size() > WINDOW) {
        Scored<String> oldest = window.remove();
        rolling.remove(oldest.truth, oldest.answer);
      }
    }
    ClassificationMetrics alone = new ClassificationMetrics(LABELS);
    window.forEach(row -> alone.add(row.truth, row.answer));

    assertClose(rolling.values(), alone.values(), 1e-12);
    assertThat(rolling.count()).isEqualTo(WINDOW);
  }

  @Test
  void aWindowOfNumbersEqualsItsRowsAlone() {
    RegressionMetrics rolling = RegressionMetrics.rolling();
    Deque<Scored<Double>> window = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      // once a row a billion times larger passes through, which a plain sum would not forget
      double truth = i == 100 ? 1e9 : Math.rint(random.nextGaussian() * 10);
      Scored<Double> row = new Scored<>(truth, number(truth + random.nextGaussian()));
      rolling.add(row.truth, row.answer);
      window.add(row);
      if (window.size() > WINDOW) {
        Scored<Double> oldest = window.remove();
        rolling.remove(oldest.truth, oldest.answer);
      }
    }
    RegressionMetrics alone = RegressionMetrics.rolling();
    window.forEach(row -> alone.add(row.truth, row.answer));

    assertClose(rolling.values(), alone.values(), 1e-9);
  }

  @Test
  void aLongTotalIsExactExceptForRaeWhichIsNear() {
    RegressionMetrics total = RegressionMetrics.total();
    RegressionMetrics exact = RegressionMetrics.rolling();
    for (int i = 0; i < 20_000; i++) {
      double truth = Math.exp(random.nextGaussian()) + i / 5000.0; // skewed, with a trend
      Answer answer = number(truth + random.nextGaussian());
      total.add(truth, answer);
      exact.add(truth, answer);
    }

    assertThat(total.state().truths()).hasSizeLessThanOrEqualTo(512);
    Map<String, Double> values = total.values();
    assertThat(values.remove(MetricNames.RAE))
        .isCloseTo(exact.values().get(MetricNames.RAE), within(1e-3));
    values.forEach(
        (name, value) ->
            assertThat(value).as(name).isCloseTo(exact.values().get(name), within(1e-9)));
  }

  @Test
  void aTotalTakesNothingBack() {
    RegressionMetrics total = RegressionMetrics.total();
    total.add(1, number(1));

    assertThatThrownBy(() -> total.remove(1, number(1))).isInstanceOf(IllegalStateException.class);
    assertThat(total.count()).isEqualTo(1);
  }

  @Test
  void withoutRowsThereIsOnlyTheCount() {
    assertThat(new ClassificationMetrics(LABELS).values()).isEqualTo(Map.of("count", 0.0));
    assertThat(RegressionMetrics.rolling().values()).isEqualTo(Map.of("count", 0.0));
  }

  @Test
  void truthsThatAreAllTheSameHaveNoRelativeError() {
    RegressionMetrics metrics = RegressionMetrics.rolling();
    metrics.add(3, number(4));
    metrics.add(3, number(2));

    assertThat(metrics.values()).containsKeys("rmse", "mae").doesNotContainKeys("rae", "r2");
  }

  @Test
  void aCertainAndWrongAnswerCostsAFiniteLoss() {
    ClassificationMetrics metrics = new ClassificationMetrics(LABELS);
    metrics.add("no", label(1));

    assertThat(metrics.values().get("log_loss")).isCloseTo(-Math.log(1e-15), within(1e-9));
    assertThat(metrics.values()).containsEntry("brier", 2.0).containsEntry("ece", 1.0);
  }

  @Test
  void aForeignLabelIsRejectedAndCountsNothing() {
    ClassificationMetrics metrics = new ClassificationMetrics(LABELS);

    assertThatThrownBy(() -> metrics.add("maybe", label(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maybe is not one of the labels [no, yes]");
    assertThat(metrics.count()).isZero();
  }

  @Test
  void metricsGoOnFromTheirState() throws IOException {
    ClassificationMetrics labels = new ClassificationMetrics(LABELS);
    RegressionMetrics numbers = RegressionMetrics.total();
    for (int i = 0; i < 1000; i++) {
      labels.add(LABELS.get(random.nextInt(2)), label(random.nextDouble()));
      numbers.add(random.nextGaussian(), number(random.nextGaussian()));
    }
    JsonMapper mapper = new JsonMapper();

    ClassificationMetrics labelsAgain =
        ClassificationMetrics.of(
            mapper.readValue(
                mapper.writeValueAsBytes(labels.state()), ClassificationMetrics.State.class));
    RegressionMetrics numbersAgain =
        RegressionMetrics.of(
            mapper.readValue(
                mapper.writeValueAsBytes(numbers.state()), RegressionMetrics.State.class));
    for (int i = 0; i < 1000; i++) {
      Answer label = label(random.nextDouble());
      Answer number = number(random.nextGaussian());
      List.of(labels, labelsAgain).forEach(metrics -> metrics.add("yes", label));
      List.of(numbers, numbersAgain).forEach(metrics -> metrics.add(1, number));
    }

    assertClose(labelsAgain.values(), labels.values(), 1e-12);
    assertClose(numbersAgain.values(), numbers.values(), 1e-12);
  }

  private static void assertClose(
      Map<String, Double> values, Map<String, Double> expected, double tolerance) {
    assertThat(values.keySet()).isEqualTo(expected.keySet());
    List<String> names = new ArrayList<>(values.keySet());
    names.forEach(
        name ->
            assertThat(values.get(name)).as(name).isCloseTo(expected.get(name), within(tolerance)));
  }

  private static Answer label(double yes) {
    List<String> set = yes < 0.3 ? List.of() : yes < 0.6 ? List.of("yes", "no") : List.of("yes");
    return new Answer(
        yes > 0.5 ? "yes" : "no",
        Map.of("no", 1 - yes, "yes", yes),
        null,
        null,
        yes < 0.9 ? set : null,
        Math.abs(yes - 0.5) < 0.1 ? true : null,
        null);
  }

  private static Answer number(double value) {
    return Answer.ofNumber(value, new Answer.Interval(value - 1.6, value + 1.6, 0.9));
  }
}
