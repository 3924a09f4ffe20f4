package io.lift.evaluator.scoring;

import static io.lift.evaluator.scoring.EvaluatorDriver.labels;
import static io.lift.evaluator.scoring.EvaluatorDriver.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.messages.MetricsMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics kept up row by row against the same metrics from scratch, by their textbook formulas. */
class RollingMetricsTest {
  private static final int WINDOW = 37;
  private static final List<String> LABELS = List.of("red", "green", "blue");

  private record Row(String truth, Answer answer, long version) {}

  @TempDir Path stateDir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rollingTotalAndVersionMetricsOfLabelsAreThoseFromScratch(long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    try (EvaluatorDriver lift = new EvaluatorDriver(stateDir, WINDOW, 3)) {
      lift.create(labels("colours", "red", "green", "blue"));
      while (rows.size() < 200) {
        int batch = 1 + random.nextInt(60);
        for (int i = 0; i < batch; i++) {
          Row row =
              new Row(
                  LABELS.get(random.nextInt(LABELS.size())), someLabel(random), rows.size() / 40);
          send(lift, "colours", rows.size(), row, random.nextBoolean());
          rows.add(row);
        }
        MetricsMessage metrics = lift.metrics("colours");
        assertThat(metrics.rolling()).satisfies(is(labelMetrics(newest(rows))));
        assertThat(metrics.total()).satisfies(is(labelMetrics(rows)));
        checkVersions(metrics, rows);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rollingAndTotalMetricsOfNumbersAreThoseFromScratch(long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    try (EvaluatorDriver lift = new EvaluatorDriver(stateDir, WINDOW, 3)) {
      lift.create(numbers("price"));
      while (rows.size() < 200) {
        int batch = 1 + random.nextInt(60);
        for (int i = 0; i < batch; i++) {
          Row row = someNumber(random, rows.size());
          send(lift, "price", rows.size(), row, random.nextBoolean());
          rows.add(row);
        }
        MetricsMessage metrics = lift.metrics("price");
        assertThat(metrics.rolling()).satisfies(is(numberMetrics(newest(rows))));
        assertThat(metrics.total()).satisfies(is(numberMetrics(rows)));
      }
    }
  }

  @Test
  void onlyTheNewestVersionsHaveMetricsOfTheirOwn() {
    try (EvaluatorDriver lift = new EvaluatorDriver(stateDir, WINDOW, 3)) {
      lift.create(labels("colours", "red", "green", "blue"));
      Random random = new Random(5);
      for (int version = 0; version < 6; version++) {
        send(lift, "colours", version, new Row("red", someLabel(random), version), true);
      }
      send(lift, "colours", 6, new Row("red", someLabel(random), 1), true);

      MetricsMessage metrics = lift.metrics("colours");
      assertThat(metrics.checkpoints()).containsOnlyKeys(3L, 4L, 5L);
      assertThat(metrics.total()).containsEntry("count", 7.0);
    }
  }

  private static void checkVersions(MetricsMessage metrics, List<Row> rows) {
    Map<Long, List<Row>> byVersion = rows.stream().collect(Collectors.groupingBy(Row::version));
    assertThat(metrics.checkpoints().keySet())
        .containsExactlyElementsOf(
            byVersion.keySet().stream().sorted().skip(Math.max(0, byVersion.size() - 3)).toList());
    metrics
        .checkpoints()
        .forEach(
            (version, values) ->
                assertThat(values).satisfies(is(labelMetrics(byVersion.get(version)))));
  }

  private static List<Row> newest(List<Row> rows) {
    return rows.subList(Math.max(0, rows.size() - WINDOW), rows.size());
  }

  private static void send(
      EvaluatorDriver lift, String task, int id, Row row, boolean predictionFirst) {
    String name = "row" + id;
    if (predictionFirst) {
      lift.predict(task, name, row.answer(), row.version(), 0);
    }
    lift.label(task, name, row.truth());
    if (!predictionFirst) {
      lift.predict(task, name, row.answer(), row.version(), 0);
    }
  }

  private static java.util.function.Consumer<Map<String, Double>> is(Map<String, Double> expected) {
    return actual ->
        expected.forEach(
            (name, value) ->
                assertThat(actual.get(name))
                    .as(name)
                    .isNotNull()
                    .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value)))));
  }

  private static Answer someLabel(Random random) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    double sum = 0;
    for (String label : LABELS) {
      probabilities.put(label, Math.exp(2 * random.nextGaussian()));
      sum += probabilities.get(label);
    }
    double total = sum;
    probabilities.replaceAll((label, weight) -> weight / total);
    String best =
        probabilities.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    return Answer.ofLabels(best, probabilities);
  }

  /** Now and then a huge one, whose rounding errors must leave the window with it. */
  private static Row someNumber(Random random, int id) {
    double scale = random.nextInt(25) == 0 ? 1e7 : 1;
    double truth = 1000 + scale * random.nextGaussian();
    double value = truth + scale * random.nextGaussian();
    Answer.Interval interval = new Answer.Interval(value - scale, value + scale, 0.9);
    return new Row(Double.toString(truth), Answer.ofNumber(value, interval), id / 40);
  }

  private static Map<String, Double> labelMetrics(List<Row> rows) {
    int n = rows.size();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("count", (double) n);
    metrics.put(
        "accuracy",
        rows.stream().filter(r -> r.truth().equals(r.answer().label())).count() / (double) n);
    metrics.put(
        "log_loss",
        -rows.stream().mapToDouble(r -> Math.log(r.answer().probabilities().get(r.truth()))).sum()
            / n);
    double brier = 0;
    for (Row row : rows) {
      for (String label : LABELS) {
        double hit = label.equals(row.truth()) ? 1 : 0;
        brier += Math.pow(row.answer().probabilities().get(label) - hit, 2);
      }
    }
    metrics.put("brier", brier / n);
    double f1 = 0;
    int seen = 0;
    double majority = 0;
    for (String label : LABELS) {
      double truths = rows.stream().filter(r -> r.truth().equals(label)).count();
      double answers = rows.stream().filter(r -> r.answer().label().equals(label)).count();
      double both =
          rows.stream()
              .filter(r -> r.truth().equals(label) && r.answer().label().equals(label))
              .count();
      majority = Math.max(majority, truths / n);
      if (truths + answers > 0) {
        seen++;
        double precision = answers == 0 ? 0 : both / answers;
        double recall = truths == 0 ? 0 : both / truths;
        f1 += both == 0 ? 0 : 2 * precision * recall / (precision + recall);
      }
    }
    metrics.put("macro_f1", f1 / seen);
    metrics.put("majority", majority);
    double ece = 0;
    for (int bin = 0; bin < 15; bin++) {
      double low = bin / 15.0;
      double high = (bin + 1) / 15.0;
      List<Row> in =
          rows.stream().filter(r -> confidence(r) > low && confidence(r) <= high).toList();
      if (!in.isEmpty()) {
        double accuracy =
            in.stream().filter(r -> r.truth().equals(r.answer().label())).count()
                / (double) in.size();
        double mean = in.stream().mapToDouble(RollingMetricsTest::confidence).average().orElse(0);
        ece += in.size() * Math.abs(accuracy - mean) / n;
      }
    }
    metrics.put("ece", ece);
    return metrics;
  }

  private static double confidence(Row row) {
    return row.answer().probabilities().get(row.answer().label());
  }

  private static Map<String, Double> numberMetrics(List<Row> rows) {
    int n = rows.size();
    double[] truths = rows.stream().mapToDouble(r -> Double.parseDouble(r.truth())).toArray();
    double[] values = rows.stream().mapToDouble(r -> r.answer().value()).toArray();
    double mean = java.util.Arrays.stream(truths).average().orElse(0);
    double absolute = 0;
    double squared = 0;
    double absoluteOfMean = 0;
    double squaredOfMean = 0;
    int covered = 0;
    for (int i = 0; i < n; i++) {
      absolute += Math.abs(values[i] - truths[i]);
      squared += Math.pow(values[i] - truths[i], 2);
      absoluteOfMean += Math.abs(mean - truths[i]);
      squaredOfMean += Math.pow(mean - truths[i], 2);
      Answer.Interval interval = rows.get(i).answer().interval();
      covered += interval.lower() <= truths[i] && truths[i] <= interval.upper() ? 1 : 0;
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("count", (double) n);
    metrics.put("mae", absolute / n);
    metrics.put("rmse", Math.sqrt(squared / n));
    metrics.put("coverage", covered / (double) n);
    if (n > 1) {
      metrics.put("rae", absolute / absoluteOfMean);
      metrics.put("r2", 1 - squared / squaredOfMean);
    }
    return metrics;
  }
}
