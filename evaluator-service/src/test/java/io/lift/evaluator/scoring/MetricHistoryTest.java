package io.lift.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.task.TaskType;
import io.lift.messages.ChartsMessage.Point;
import io.lift.messages.Json;
import io.lift.messages.PromptOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricHistoryTest {

  @Test
  void aLongStreamHasBoundedPointsThatStandForAllOfIt() {
    MetricHistory history = new MetricHistory(TaskType.CLASSIFICATION);
    int rows = 100_000;
    int right = 0;
    Random random = new Random(1);
    for (int i = 1; i <= rows; i++) {
      boolean hit = random.nextInt(10) > 0;
      right += hit ? 1 : 0;
      add(history, i, hit);
    }

    List<Point> points = history.past().points();

    assertThat(points).hasSizeBetween(MetricHistory.MOST_POINTS / 2 - 1, MetricHistory.MOST_POINTS);
    int every = history.past().every();
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.get(i).scored()).isEqualTo((long) every * (i + 1));
    }
    double mean = points.stream().mapToDouble(Point::value).average().orElseThrow();
    assertThat(mean).isCloseTo((double) right / rows, within(0.002));
    assertThat(Json.write(new MetricHistory.Part(history.past(), null))).hasSizeLessThan(64 * 1024);
  }

  @Test
  void aRiseOfTheErrorsIsMarkedWhereItIsNoticed() {
    MetricHistory history = new MetricHistory(TaskType.CLASSIFICATION);
    for (int i = 1; i <= 1000; i++) {
      add(history, i, i <= 600 ? i % 10 != 0 : i % 2 == 0);
    }

    assertThat(history.past().drifts())
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.scored()).isBetween(601L, 700L);
              assertThat(drift.before()).isBetween(0.85, 0.95);
              assertThat(drift.after()).isBetween(0.4, 0.75);
            });
  }

  @Test
  void ofNumbersTheRiseIsThatBesideTheInterval() {
    MetricHistory history = new MetricHistory(TaskType.REGRESSION);
    Random random = new Random(5);
    Metrics metrics = Metrics.total(TaskType.REGRESSION);
    for (int i = 1; i <= 1000; i++) {
      double truth = 1000 * random.nextDouble();
      double answer = truth + (i <= 600 ? 10 : 200) * random.nextGaussian();
      var row =
          new Outcome.Scored(
              Double.toString(truth),
              Answer.ofNumber(answer, new Answer.Interval(answer - 20, answer + 20, 0.9)),
              1,
              null,
              i,
              null,
              null,
              null);
      metrics.add(row);
      history.add(row, i, metrics, metrics, Map::of);
    }

    assertThat(history.past().drifts())
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.scored()).isBetween(601L, 700L);
              assertThat(drift.before()).isBetween(5.0, 12.0);
              assertThat(drift.after()).isGreaterThan(50);
            });
  }

  private static void add(MetricHistory history, int scored, boolean hit) {
    Outcome.Scored row =
        new Outcome.Scored(
            hit ? "yes" : "no",
            Answer.ofLabels("yes", Map.of("no", 0.1, "yes", 0.9)),
            1,
            null,
            scored,
            null,
            null,
            new PromptOffset(3, 2L * scored));
    Metrics metrics = Metrics.total(TaskType.CLASSIFICATION);
    metrics.add(row);
    history.add(row, scored, metrics, metrics, Map::of);
  }
}
