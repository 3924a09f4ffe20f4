package io.lift.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.PredictionMessage.Status;
import io.lift.messages.PromptMessage;
import io.lift.messages.PromptOffset;
import io.lift.messages.RequestMessage;
import io.lift.testing.Loans;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Answers from labelled rows that no checkpoint has learned, on a real broker. */
@QuarkusTest
@WithBroker
class LiveSupportIT extends InferenceFixture {
  private static final long OFFSET_OF_ROWS = 1_000;

  /** Row {@code n}: the risk is high where the income is below 50. */
  private static int income(int n) {
    return 37 * n % 100;
  }

  private static Prompt prompt(TaskSpec task, int n) {
    return Loans.prompt(new TaskLanguage(task), 30 + n % 40, income(n));
  }

  private static Origin origin(int n) {
    return new Origin("lift.rows", 0, OFFSET_OF_ROWS + n, 0);
  }

  private void learn(TaskSpec task, int from, int to) {
    TaskLanguage language = new TaskLanguage(task);
    for (int n = from; n < to; n++) {
      Prompt prompt = prompt(task, n);
      String label = income(n) < 50 ? "high" : "low";
      PromptMessage example =
          new PromptMessage(
              task.name(),
              1,
              "r" + n,
              prompt.text(),
              prompt.grid(),
              language.completion(label),
              label,
              origin(n));
      client.topics().send(TOPICS.prompts(), task.name(), example);
    }
  }

  private void ask(TaskSpec task, int n, boolean learned) {
    Prompt prompt = prompt(task, n);
    RequestMessage request =
        new RequestMessage(
            task.name(),
            1,
            "r" + n,
            prompt.text(),
            prompt.grid(),
            origin(n),
            null,
            null,
            null,
            null,
            null,
            learned ? true : null);
    client.topics().send(TOPICS.requests(), "r" + n, request);
  }

  private TaskSpec task(String name, BeforeFirstCheckpoint before) {
    TaskSpec task = Loans.risks(name, 1, before);
    client.task(task);
    return task;
  }

  @Test
  void fromTheEighthLabelledRowOnARowIsAnsweredFromThemThoughThereIsNoCheckpoint() {
    TaskSpec task = task("supported", BeforeFirstCheckpoint.BASE);
    learn(task, 0, 40);
    PredictionMessage one = askUntilRead(task, 40);
    int next = number(one) + 1;
    for (int n = next; n < next + 20; n++) {
      ask(task, n, false);
    }

    List<PredictionMessage> predictions =
        client.predictions(task.name(), next + 20 - 40).stream()
            .filter(p -> number(p) >= next)
            .toList();

    assertThat(predictions).hasSize(20).allMatch(p -> p.status() == Status.ANSWERED);
    long right =
        predictions.stream()
            .filter(p -> p.answer().label().equals(income(number(p)) < 50 ? "high" : "low"))
            .count();
    assertThat(right).isGreaterThanOrEqualTo(18);
    assertThat(one.checkpoint().version()).isZero();
    assertThat(one.support().rows()).isEqualTo(40);
    assertThat(one.support().to() - one.support().from()).isGreaterThanOrEqualTo(40);
    assertThat(one.predictors())
        .extracting(Predictor::name)
        .containsExactly(
            "context-64",
            "nearest-256",
            "logistic-0.04",
            "logistic-0.005",
            "bayes-1024",
            "frequencies-8",
            "frequencies-64");
    assertThat(one.predictors().stream().mapToDouble(Predictor::share).sum())
        .isCloseTo(1, within(1e-3));
  }

  /**
   * Asks for row after row, from the first one that is not learned, until an answer is based on all
   * rows that are: the service follows them at its own pace.
   */
  private PredictionMessage askUntilRead(TaskSpec task, int learned) {
    PredictionMessage asked = null;
    for (int n = learned; n < 2 * learned && !isBasedOn(asked, learned); n++) {
      ask(task, n, false);
      int newest = n;
      asked =
          client.predictions(task.name(), n + 1 - learned).stream()
              .filter(p -> number(p) == newest)
              .findFirst()
              .orElseThrow();
    }
    return asked;
  }

  private static boolean isBasedOn(PredictionMessage prediction, int rows) {
    return prediction != null
        && prediction.support() != null
        && prediction.support().rows() == rows;
  }

  private static int number(PredictionMessage prediction) {
    return Integer.parseInt(prediction.row().substring(1));
  }

  @Test
  void aRowThatIsLearnedIsAnsweredFromRowsBeforeItAloneThoughLaterOnesAreThere() {
    TaskSpec task = task("ordered", BeforeFirstCheckpoint.BASE);
    learn(task, 0, 100);
    for (int n = 20; n < 100; n += 10) {
      ask(task, n, true);
    }

    List<PredictionMessage> predictions = client.predictions(task.name(), 8);

    assertThat(predictions).hasSize(8);
    for (PredictionMessage prediction : predictions) {
      int before = number(prediction);
      assertThat(prediction.support().rows()).isBetween(Math.min(64, before - 5), before);
      assertThat(prediction.support().to() - prediction.support().from())
          .as("no row after row %d", before)
          .isLessThanOrEqualTo(before);
    }
  }

  /** A service that does not keep up reads some rows later, so it is asked until it does. */
  @Test
  void theSameRowsInTheSameOrderGiveTheSameAnswers() {
    AtomicInteger tries = new AtomicInteger();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> answersAreTheSame(tries.incrementAndGet()));
  }

  private void answersAreTheSame(int number) {
    TaskSpec first = task("once-" + number, BeforeFirstCheckpoint.BASE);
    TaskSpec second = task("again-" + number, BeforeFirstCheckpoint.BASE);
    for (TaskSpec task : List.of(first, second)) {
      learn(task, 0, 30);
      for (int n = 10; n < 30; n++) {
        ask(task, n, true);
      }
    }

    Map<Integer, Double> expected = highs(first);
    assertThat(expected).hasSize(20);
    assertThat(highs(second).keySet()).isEqualTo(expected.keySet());
    // rows of one batch are computed together, which rounds differently
    highs(second).forEach((n, high) -> assertThat(high).isCloseTo(expected.get(n), within(1e-4)));
  }

  private Map<Integer, Double> highs(TaskSpec task) {
    return client.predictions(task.name(), 20).stream()
        .collect(
            Collectors.toMap(LiveSupportIT::number, p -> p.answer().probabilities().get("high")));
  }

  @Test
  void theWeightsThatTheEvaluatorPublishesDecideOverTheAnswer() {
    TaskSpec task = task("weighted", BeforeFirstCheckpoint.BASE);
    learn(task, 0, 40);
    client.calibration(
        new CalibrationMessage(
            task.name(),
            1,
            0,
            null,
            Map.of(
                "context-64", 0.0,
                "nearest-256", 0.0,
                "logistic-0.04", 0.0,
                "logistic-0.005", 0.0,
                "bayes-1024", 0.0,
                "frequencies-8", 0.0,
                "frequencies-64", 1.0)));

    PredictionMessage prediction = null;
    for (int n = 40; n < 80 && (prediction == null || !decided(prediction)); n++) {
      ask(task, n, false);
      List<PredictionMessage> all = client.predictions(task.name(), n - 39);
      prediction = all.stream().filter(LiveSupportIT::decided).findFirst().orElse(all.get(0));
    }

    assertThat(decided(prediction)).isTrue();
    double high = prediction.answer().probabilities().get("high");
    assertThat(high).isBetween(0.4, 0.6);
  }

  private static boolean decided(PredictionMessage prediction) {
    return prediction.predictors().stream()
        .anyMatch(p -> p.name().equals("frequencies-64") && p.share() > 0.99);
  }

  @Test
  void afterADriftAnswersAreBasedOnRowsSinceIt() {
    TaskSpec task = task("drifted", BeforeFirstCheckpoint.BASE);
    learn(task, 0, 60);
    PredictionMessage read = askUntilRead(task, 60);
    PredictionMessage.Support all = read.support();
    assertThat(all.rows()).isEqualTo(60);
    long since = all.to() - 20;
    client.calibration(
        new CalibrationMessage(
            task.name(),
            1,
            0,
            null,
            Map.of("context-64", 1.0),
            new PromptOffset(all.partition(), since)));

    PredictionMessage.Support support = all;
    for (int n = number(read) + 1; n < 140 && support.from() < since; n++) {
      ask(task, n, false);
      List<PredictionMessage> predictions = client.predictions(task.name(), n - 59);
      support = predictions.get(predictions.size() - 1).support();
    }

    assertThat(support.from()).isGreaterThanOrEqualTo(since);
    assertThat(support.rows()).isBetween(8, 20);
  }

  @Test
  void fewerThanEightLabelledRowsLeaveTheAnswerToTheBaseModel() {
    TaskSpec task = task("too-few", BeforeFirstCheckpoint.BASE);
    learn(task, 0, 7);
    ask(task, 20, false);

    PredictionMessage prediction = client.predictions(task.name(), 1).get(0);

    assertThat(prediction.status()).isEqualTo(Status.ANSWERED);
    assertThat(prediction.support()).isNull();
    assertThat(prediction.predictors()).isNull();
  }
}
