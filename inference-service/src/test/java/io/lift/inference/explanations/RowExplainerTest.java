package io.lift.inference.explanations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.CalibratedAnswer;
import io.lift.core.calibration.RowDraw;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TargetRange;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.inference.models.FakeModelLoader;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.MicroBatcher.Job;
import io.lift.messages.Explanation;
import io.lift.messages.Explanation.Contribution;
import io.lift.messages.Explanation.Replacement;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PredictionMessage.Timings;
import io.lift.testing.Loans;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowExplainerTest {
  private final FakeModelLoader models = new FakeModelLoader();
  private final ModelRegistry registry =
      new ModelRegistry(models, 800, Runnable::run, new RegistryListener() {});
  private final MicroBatcher batcher = new MicroBatcher(16, 100, (own, nanos) -> {});

  @AfterEach
  void close() {
    batcher.close();
  }

  private Explanation explain(
      TaskSpec task, Map<String, Object> values, Answer published, RowExplainer explainer)
      throws InterruptedException {
    registry.onTask(task.name(), task);
    ModelLookup.Ready ready = (ModelLookup.Ready) registry.resolve(task.name(), 1);
    Job job = new Job(ready.model(), new TaskLanguage(task).prompt(new Row(values, null)));
    try {
      PredictionMessage given =
          new PredictionMessage(
              task.name(),
              "r1",
              Status.ANSWERED,
              published,
              ready.model().checkpoint(),
              "hash",
              null,
              new Timings(0, 0, 1),
              null);
      return explainer.explain(job, values, given, RowExplainer.deadline(Duration.ofMinutes(1)));
    } finally {
      job.release();
    }
  }

  private static boolean missing(Prompt prompt, String column) {
    return prompt.text().contains(column + "=?");
  }

  private static Answer answer(double high) {
    return Answer.ofLabels(high >= 0.5 ? "high" : "low", Map.of("low", 1 - high, "high", high));
  }

  /** With both columns 0.9, without income 0.4, without age 0.8, with neither 0.5. */
  private static double high(boolean age, boolean income) {
    return income ? age ? 0.9 : 0.8 : age ? 0.4 : 0.5;
  }

  @Test
  void withoutLabelledRowsColumnsAreMissingAndTheirContributionsAreThoseOfTheDefinition()
      throws InterruptedException {
    models.answers = prompt -> answer(high(!missing(prompt, "age"), !missing(prompt, "income")));
    TaskSpec task = Loans.risks("risks", 1, BeforeFirstCheckpoint.BASE);

    Explanation found =
        explain(
            task,
            Map.of("age", 30.0, "income", 90.0),
            answer(0.9),
            new RowExplainer(batcher, 16, 1024));

    // each of two orders has the same weight, as walks come in both orders equally often
    double age = (0.9 - 0.8 + (0.4 - 0.5)) / 2;
    double income = (0.9 - 0.4 + (0.8 - 0.5)) / 2;
    assertThat(found.columns())
        .containsExactly(
            new Contribution("income", 90L, income), new Contribution("age", 30L, age));
    assertThat(found.base()).isEqualTo(0.5);
    assertThat(found.replacement()).isEqualTo(Replacement.MISSING);
    assertThat(found.draws()).isEqualTo(16);
    assertThat(found.variants()).as("each changed row is answered once").isEqualTo(3);
    assertThat(found.leftOut()).isNull();
  }

  @Test
  void theContributionsAreThoseOfTheCalibratedProbability() throws InterruptedException {
    models.answers = prompt -> answer(high(!missing(prompt, "age"), !missing(prompt, "income")));
    Answer.Calibration calibration = Answer.Calibration.ofLabels(0.9, 50, 2.0, 0.5);
    Answer published =
        CalibratedAnswer.of(
            answer(0.9),
            calibration,
            CalibrationPolicy.defaults(),
            RowDraw.of("r1"),
            TargetRange.ALL);

    Explanation found =
        explain(
            Loans.risks("risks", 1, BeforeFirstCheckpoint.BASE),
            Map.of("age", 30.0, "income", 90.0),
            published,
            new RowExplainer(batcher, 16, 1024));

    double sum = found.columns().stream().mapToDouble(Contribution::contribution).sum();
    assertThat(published.probabilities().get("high")).isCloseTo(0.75, within(1e-9)); // 3 : 1
    assertThat(found.base() + sum).isCloseTo(0.75, within(2e-4));
    double income = (0.75 - odds(0.4) + (odds(0.8) - 0.5)) / 2;
    assertThat(found.columns().get(0).contribution()).isCloseTo(income, within(1e-4));
  }

  /** A probability at the temperature 2. */
  private static double odds(double p) {
    return Math.sqrt(p) / (Math.sqrt(p) + Math.sqrt(1 - p));
  }

  @Test
  void theContributionsToANumberAreInItsUnit() throws InterruptedException {
    models.answers =
        prompt ->
            Answer.ofNumber(
                prompt.grid().length == 0 ? 250 : 400, new Answer.Interval(0, 500, 0.9));
    Explanation found =
        explain(
            Loans.prices("prices"),
            Map.of("rooms", 7.5),
            Answer.ofNumber(400.0, new Answer.Interval(0, 500, 0.9)),
            new RowExplainer(batcher, 16, 1024));
    assertThat(found.columns()).containsExactly(new Contribution("rooms", 7.5, 150));
    assertThat(found.base()).isEqualTo(250);
  }

  @Test
  void columnsBeyondTheLimitAreNamedAndKeepTheirValues() throws InterruptedException {
    NumberStats stats = new NumberStats(100, 50, 15, 0, 100, 0);
    TaskSpec wide =
        new TaskSpec(
            "wide",
            1,
            TaskType.CLASSIFICATION,
            IntStream.range(0, 10).mapToObj(i -> Column.number("x" + i, stats)).toList(),
            Column.category("risk", List.of("low", "high")),
            null,
            null,
            null,
            BeforeFirstCheckpoint.BASE,
            null);
    models.answers = prompt -> answer(0.9);
    Explanation found =
        explain(
            wide,
            Map.of("x0", 1.0, "x1", 2.0, "x9", 3.0),
            answer(0.9),
            new RowExplainer(batcher, 16, 12));
    assertThat(found.columns()).extracting(Contribution::column).containsOnly("x0", "x1", "x2");
    assertThat(found.leftOut()).containsExactly("x3", "x4", "x5", "x6", "x7", "x8", "x9");
    assertThat(found.draws()).isEqualTo(4);
    assertThat(found.columns().get(0).contribution()).isZero();
  }

  @Test
  void aRequestWhoseValuesAreNotThoseOfItsSentenceIsNotExplained() throws InterruptedException {
    models.answers = prompt -> answer(0.9);
    TaskSpec task = Loans.risks("risks", 1, BeforeFirstCheckpoint.BASE);
    registry.onTask("risks", task);
    ModelLookup.Ready ready = (ModelLookup.Ready) registry.resolve("risks", 1);
    Job job = new Job(ready.model(), Loans.prompt(new TaskLanguage(task), 30, 90));
    RowExplainer explainer = new RowExplainer(batcher, 16, 1024);
    PredictionMessage given =
        new PredictionMessage(
            "risks", "r1", Status.ANSWERED, answer(0.9), null, "hash", null, null, null);
    for (Map<String, Object> values :
        Arrays.asList(null, Map.<String, Object>of("age", 1.0, "income", 90.0))) {
      Explanation found = explainer.explain(job, values, given, Long.MAX_VALUE);
      assertThat(found.columns()).isNull();
      assertThat(found.message()).contains("values of its row");
    }
    job.release();
  }

  @Test
  void aChangedRowThatCannotBeAnsweredIsSaidAndTheAnswerStays() throws InterruptedException {
    models.answers =
        prompt -> {
          if (missing(prompt, "income")) {
            throw new IllegalArgumentException("it is broken");
          }
          return answer(0.9);
        };
    Explanation found =
        explain(
            Loans.risks("risks", 1, BeforeFirstCheckpoint.BASE),
            Map.of("age", 30.0, "income", 90.0),
            answer(0.9),
            new RowExplainer(batcher, 16, 1024));
    assertThat(found.columns()).isNull();
    assertThat(found.message()).contains("it is broken");
  }

  @Test
  void aServiceThatStopsGivesAllLeasesBack() throws InterruptedException {
    models.answers = prompt -> answer(0.9);
    TaskSpec task = Loans.risks("risks", 1, BeforeFirstCheckpoint.BASE);
    registry.onTask("risks", task);
    ModelLookup.Ready ready = (ModelLookup.Ready) registry.resolve("risks", 1);
    Job job = new Job(ready.model(), Loans.prompt(new TaskLanguage(task), 30, 90));
    batcher.close();
    RowExplainer explainer = new RowExplainer(batcher, 16, 1024);
    PredictionMessage given =
        new PredictionMessage(
            "risks", "r1", Status.ANSWERED, answer(0.9), null, "hash", null, null, null);
    assertThatThrownBy(
            () ->
                explainer.explain(job, Map.of("age", 30.0, "income", 90.0), given, Long.MAX_VALUE))
        .hasMessage("the service is stopping");
    job.release();
    registry.onTask("risks", null);
    assertThat(models.closed).as("all leases are given back").containsExactly("risks/0");
  }
}
