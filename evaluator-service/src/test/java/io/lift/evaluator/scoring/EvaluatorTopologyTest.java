package io.lift.evaluator.scoring;

import static io.lift.evaluator.scoring.EvaluatorDriver.DAY;
import static io.lift.evaluator.scoring.EvaluatorDriver.answer;
import static io.lift.evaluator.scoring.EvaluatorDriver.labels;
import static io.lift.evaluator.scoring.EvaluatorDriver.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.ChartsMessage;
import io.lift.messages.ChartsMessage.Bin;
import io.lift.messages.ChartsMessage.Confusion;
import io.lift.messages.ChartsMessage.Pair;
import io.lift.messages.ChartsMessage.Point;
import io.lift.messages.Headers;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTopologyTest {
  private static final Topics TOPICS = Topics.of("");
  private static final Answer YES = answer("yes", "no", 0.2, "yes", 0.8);
  private static final Answer NO = answer("no", "no", 0.9, "yes", 0.1);

  @TempDir Path stateDir;
  private EvaluatorDriver lift;

  @BeforeEach
  void start() {
    lift = new EvaluatorDriver(stateDir, 1000, 20);
    lift.create(labels("loans", "no", "yes"));
  }

  @AfterEach
  void stop() {
    lift.close();
  }

  @Test
  void aTaskWithoutRowsHasMetricsWithACountOfZero() {
    MetricsMessage metrics = lift.metrics("loans");

    assertThat(metrics.type()).isEqualTo("classification");
    assertThat(metrics.rolling()).isEqualTo(Map.of("count", 0.0));
    assertThat(metrics.total()).isEqualTo(Map.of("count", 0.0));
    assertThat(metrics.window()).isEqualTo(1000);
  }

  @Test
  void aTruthThatComesAfterItsPredictionIsScored() {
    lift.predict("loans", "a", YES, 1, 0);
    assertThat(lift.metrics("loans").total()).containsEntry("count", 0.0);

    lift.prompt("loans", "a", "yes");

    assertThat(lift.metrics("loans").total())
        .containsEntry("count", 1.0)
        .containsEntry("accuracy", 1.0)
        .containsEntry("log_loss", -Math.log(0.8));
  }

  @Test
  void aTruthThatComesBeforeItsPredictionIsScored() {
    lift.prompt("loans", "a", "yes");
    lift.predict("loans", "a", NO, 1, 0);

    assertThat(lift.metrics("loans").total())
        .containsEntry("count", 1.0)
        .containsEntry("accuracy", 0.0)
        .containsEntry("log_loss", -Math.log(0.1));
  }

  @Test
  void theFirstPredictionAndTheFirstTruthOfARowCount() {
    lift.predict("loans", "a", YES, 1, 0);
    lift.predict("loans", "a", NO, 2, 0);
    lift.label("loans", "a", "yes");
    lift.label("loans", "a", "no");
    lift.predict("loans", "a", NO, 3, 0);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.total()).containsEntry("count", 1.0).containsEntry("accuracy", 1.0);
    assertThat(metrics.duplicates()).isEqualTo(3);
    assertThat(metrics.checkpoints()).containsOnlyKeys(1L);
  }

  @Test
  void aPredictionByACheckpointThatHadTrainedOnTheRowIsLeakedAndNotScored() {
    long first = lift.prompt("loans", "a", "yes");
    long second = lift.prompt("loans", "b", "yes");
    lift.predict("loans", "a", YES, 1, first + 1);
    lift.predict("loans", "b", YES, 1, second);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.leaked()).isEqualTo(1);
    assertThat(metrics.total()).containsEntry("count", 1.0);
  }

  @Test
  void aLabelIsNeverLeakedWhateverItsOffset() {
    lift.label("loans", "a", "yes");
    lift.predict("loans", "a", YES, 7, 1_000_000);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.leaked()).isZero();
    assertThat(metrics.total()).containsEntry("count", 1.0);
  }

  @Test
  void thePredictionOfTheBaseModelNeverLeaks() {
    lift.prompt("loans", "a", "yes");
    lift.predict("loans", "a", YES, 0, 0);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.leaked()).isZero();
    assertThat(metrics.checkpoints()).containsOnlyKeys(0L);
  }

  @Test
  void aPredictionWhoseTruthDoesNotComeIsUnmatchedAndThenTheTruthIsLate() {
    lift.predict("loans", "a", YES, 1, 0);
    lift.advance(DAY.plusMinutes(5));
    lift.prompt("loans", "other", "no"); // moves event time
    assertThat(lift.metrics("loans").unmatched()).isEqualTo(1);

    lift.prompt("loans", "a", "yes");

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.late()).isEqualTo(1);
    assertThat(metrics.unmatched()).isEqualTo(1);
    assertThat(metrics.total()).containsEntry("count", 0.0);
  }

  @Test
  void aTruthThatNobodyAskedForIsForgottenSilentlyAndThenItsPredictionIsLate() {
    lift.prompt("loans", "a", "yes");
    lift.advance(DAY.plusMinutes(5));
    lift.prompt("loans", "other", "no");
    assertThat(lift.metrics("loans").unmatched()).isZero();

    lift.predict("loans", "a", YES, 1, 0);

    assertThat(lift.metrics("loans").late()).isEqualTo(1);
  }

  @Test
  void aRowIsForgottenForGoodOnceNothingCanComeOfIt() {
    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes");
    for (int day = 0; day < 4; day++) {
      lift.advance(DAY.plusMinutes(5));
      lift.label("loans", "day" + day, "no");
    }
    assertThat(lift.driver.<String, Object>getKeyValueStore(JoinProcessor.ROWS).get("loans/a"))
        .isNull();

    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes");

    assertThat(lift.metrics("loans").total()).containsEntry("count", 2.0);
  }

  @Test
  void aClockInTheFutureDoesNotMakeTheOthersLate() {
    lift.setClock(Instant.now());
    lift.predict("loans", "a", YES, 1, 0);
    lift.setClock(Instant.now().plus(Duration.ofDays(1000)));
    lift.label("loans", "b", "no");
    lift.setClock(Instant.now());
    lift.label("loans", "a", "yes");

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.total()).containsEntry("count", 1.0);
  }

  @Test
  void expiredAndFailedRequestsAreCountedAndDoNotUseUpTheTruth() {
    lift.predict("loans", "a", PredictionMessage.Status.EXPIRED, null, null, null);
    lift.predict("loans", "a", PredictionMessage.Status.FAILED, null, null, null);
    lift.label("loans", "a", "yes");
    lift.predict("loans", "a", YES, 1, 0);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.expired()).isEqualTo(1);
    assertThat(metrics.failed()).isEqualTo(1);
    assertThat(metrics.total()).containsEntry("count", 1.0);
  }

  @Test
  void rowsOfTheSameIdInTwoTasksDoNotMeet() {
    lift.create(numbers("price"));
    lift.predict("loans", "a", YES, 1, 0);
    lift.predict("price", "a", Answer.ofNumber(2, new Answer.Interval(1, 3, 0.9)), 4, 0);
    lift.label("price", "a", "2.5");
    lift.prompt("loans", "a", "yes");

    assertThat(lift.metrics("loans").total())
        .containsEntry("accuracy", 1.0)
        .containsEntry("count", 1.0);
    MetricsMessage price = lift.metrics("price");
    assertThat(price.type()).isEqualTo("regression");
    assertThat(price.total())
        .containsEntry("count", 1.0)
        .containsEntry("mae", 0.5)
        .containsEntry("rmse", 0.5)
        .containsEntry("coverage", 1.0);
    assertThat(price.checkpoints()).containsOnlyKeys(4L);
  }

  @Test
  void latencyIsThatOfTheNewestRows() {
    for (int i = 1; i <= 100; i++) {
      lift.predict(
          "loans",
          "r" + i,
          PredictionMessage.Status.ANSWERED,
          YES,
          new PredictionMessage.Checkpoint(0, null, Map.of()),
          new PredictionMessage.Timings(i - 0.5, 0.5, 1));
      lift.label("loans", "r" + i, "yes");
    }

    Map<String, Double> rolling = lift.metrics("loans").rolling();
    assertThat(rolling.get("latency_p50_ms")).isCloseTo(50, within(1.0));
    assertThat(rolling.get("latency_p99_ms")).isCloseTo(99, within(2.0));
  }

  @Test
  void aBurstOfRowsIsOneMessageOfItsScoresAndOneOfItsCounts() {
    lift.metrics("loans");
    for (int i = 0; i < 50; i++) {
      lift.predict("loans", "r" + i, YES, 1, 0);
      lift.label("loans", "r" + i, "yes");
    }
    assertThat(lift.published()).isZero();

    lift.advance(Duration.ofMillis(500));
    assertThat(lift.published()).isEqualTo(1);

    lift.advance(Duration.ofMillis(500));
    assertThat(lift.published()).isEqualTo(1);

    lift.advance(Duration.ofSeconds(10));
    assertThat(lift.published()).as("nothing has changed").isZero();
  }

  @Test
  void aDeletedTaskIsForgottenAndItsMetricsAreDeleted() {
    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes");
    lift.predict("loans", "b", YES, 1, 0);
    assertThat(lift.metrics("loans").total()).containsEntry("count", 1.0);

    lift.delete("loans");
    assertThat(lift.metrics("loans")).isNull();

    lift.create(labels("loans", "no", "yes"));
    lift.predict("loans", "a", NO, 1, 0);
    lift.label("loans", "a", "yes");
    lift.label("loans", "b", "yes");
    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.total()).containsEntry("count", 1.0).containsEntry("accuracy", 0.0);
    assertThat(metrics.duplicates()).isZero();
  }

  @Test
  void rowsThatComeBeforeTheirTaskAreNotLost() {
    lift.predict("early", "a", YES, 1, 0);
    lift.label("early", "a", "yes");
    assertThat(lift.metrics("early")).isNull();

    lift.create(labels("early", "no", "yes"));

    assertThat(lift.metrics("early").total()).containsEntry("count", 1.0);
  }

  @Test
  void differentRowsPredictionsAndDeadLettersAreCounted() {
    lift.prompt("loans", "a", "yes");
    lift.predict("loans", "a", YES, 1, 0);
    lift.predict("loans", "a", YES, 1, 0);
    lift.predict("loans", "b", YES, 1, 0);
    lift.label("loans", "c", "no");
    lift.deadLetter("loans");
    lift.deadLetter("invented");
    lift.deadLetter(null);

    lift.metrics("loans"); // the counts come from the join, one message later
    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.rows()).isEqualTo(3);
    assertThat(metrics.predictions()).isEqualTo(2);
    assertThat(metrics.deadLetters()).isEqualTo(1);
    assertThat(lift.metrics("invented")).isNull();
  }

  @Test
  void chartsOfLabelsShowTheWindow() {
    for (int i = 0; i < 20; i++) {
      lift.label("loans", "r" + i, i % 4 == 0 ? "no" : "yes");
      lift.predict("loans", "r" + i, i < 15 ? YES : NO, i / 10, 0);
    }

    ChartsMessage charts = lift.charts();

    assertThat(charts.history()).extracting(Point::scored).containsExactly(10L, 20L);
    assertThat(charts.history()).extracting(Point::version).containsExactly(0L, 1L);
    // right: of the first ten 7; then 4 of 5 times YES and 1 of 5 times NO
    assertThat(charts.history()).extracting(Point::value).containsExactly(0.7, 0.5);
    assertThat(charts.history()).extracting(Point::rolling).containsExactly(0.7, 0.6);
    assertThat(charts.history()).extracting(Point::baseline).containsExactly(0.7, 0.75);
    assertThat(charts.confusion())
        .usingRecursiveComparison()
        .isEqualTo(new Confusion(List.of("no", "yes"), new long[][] {{1, 4}, {4, 11}}, false));
    assertThat(charts.reliability()).extracting(Bin::count).containsExactly(15L, 5L);
    assertThat(charts.reliability().get(1).confidence()).isCloseTo(0.9, within(1e-9));
    assertThat(charts.reliability().get(1).accuracy()).isCloseTo(0.2, within(1e-9));
    assertThat(charts.scatter()).isNull();
    assertThat(lift.charts()).as("nothing has changed").isNull();
  }

  @Test
  void chartsOfNumbersShowTheNewestPairs() {
    lift.create(numbers("prices"));
    for (int i = 0; i < 250; i++) {
      lift.label("prices", "r" + i, Integer.toString(i));
      lift.predict(
          "prices", "r" + i, Answer.ofNumber(i + 1, new Answer.Interval(i, i + 2, 0.9)), 1, 0);
    }

    ChartsMessage charts = lift.charts();

    assertThat(charts.scatter()).hasSize(200);
    assertThat(charts.scatter().get(199)).isEqualTo(new Pair(249, 250, 249.0, 251.0));
    assertThat(charts.history()).hasSize(25);
    // ten numbers in a row: distances from their mean 4.5, …, 0.5, 0.5, …, 4.5
    assertThat(charts.history().get(24).value()).isCloseTo(10 / 25.0, within(1e-9));
    assertThat(charts.confusion()).isNull();
  }

  @Test
  void aDeletedTaskTakesItsChartsAlong() {
    lift.label("loans", "a", "yes");
    lift.predict("loans", "a", YES, 1, 0);
    assertThat(lift.charts()).isNotNull();

    lift.delete("loans");

    assertThat(lift.chartsDeleted("loans")).isTrue();
  }

  @Test
  void whatLabelsTeachIsPublishedOnceASecondAtMostAndOnlyIfItIsNew() {
    score(0, 29);
    lift.metrics("loans");
    assertThat(lift.calibrations()).as("too few rows").isEmpty();

    score(29, 40);
    lift.advance(Duration.ofMillis(500));
    score(40, 45);
    lift.advance(Duration.ofMillis(500));

    CalibrationMessage first = lift.calibrations().get(0);
    assertThat(first.task()).isEqualTo("loans");
    assertThat(first.version()).isEqualTo(3);
    // YES is right in two of three rows, which is less than it says
    assertThat(first.calibration().temperature()).isGreaterThan(1.2);
    assertThat(first.calibration().cutoff()).isCloseTo(0.2, within(0.01));
    assertThat(first.calibration().coverage()).isEqualTo(0.9);
    assertThat(first.calibration().rows()).isEqualTo(40);
    MetricsMessage metrics = lift.metrics("loans");
    assertThat(lift.calibrations())
        .singleElement()
        .extracting(message -> message.calibration().rows())
        .isEqualTo(45);
    assertThat(metrics.calibration().rows()).isEqualTo(45);
    lift.metrics("loans");
    assertThat(lift.calibrations()).as("nothing has changed").isEmpty();

    lift.delete("loans");
    assertThat(lift.calibrations()).containsExactly((CalibrationMessage) null);
  }

  @Test
  void aTaskMayAskForAnotherCoverage() {
    lift.create(
        labels("loans", "no", "yes").toBuilder()
            .version(2)
            .calibration(new CalibrationPolicy(0.6, null))
            .build());
    score(0, 60);

    lift.metrics("loans");

    Answer.Calibration calibration = lift.calibrations().get(0).calibration();
    assertThat(calibration.coverage()).isEqualTo(0.6);
    assertThat(calibration.cutoff()).isCloseTo(0.8, within(0.01));
  }

  @Test
  void setsAndAbstentionsAreMeasured() {
    Answer both =
        new Answer("yes", YES.probabilities(), null, null, List.of("yes", "no"), true, null);
    Answer one = new Answer("yes", YES.probabilities(), null, null, List.of("yes"), null, null);
    List<Answer> answers = List.of(both, one, one, YES);
    List<String> truths = List.of("no", "yes", "no", "yes");
    for (int i = 0; i < answers.size(); i++) {
      lift.label("loans", "r" + i, truths.get(i));
      lift.predict("loans", "r" + i, answers.get(i), 1, 0);
    }

    assertThat(lift.metrics("loans").rolling())
        .containsEntry("coverage", 2 / 3.0)
        .containsEntry("set_size", 4 / 3.0)
        .containsEntry("abstained", 1 / 4.0)
        .containsEntry("accuracy", 2 / 4.0)
        .containsEntry("accuracy_answered", 2 / 3.0);
  }

  @Test
  void aCalibrationThatCannotBeUndoneGoesToTheDeadLetters() {
    Answer.Calibration frozen = Answer.Calibration.ofLabels(0.9, 40, 0.0, 0.1);
    lift.predict(
        "loans",
        "a",
        new Answer("yes", YES.probabilities(), null, null, List.of(), null, frozen),
        1,
        0);

    TestRecord<byte[], byte[]> letter = lift.deadLetters.readRecord();
    assertThat(header(letter, Headers.ERROR_FIELD)).isEqualTo("answer.calibration.temperature");
  }

  /** Answers with YES, right in two of three rows. */
  private void score(int from, int to) {
    for (int i = from; i < to; i++) {
      lift.label("loans", "r" + i, i % 3 == 0 ? "no" : "yes");
      lift.predict("loans", "r" + i, YES, 3, 0);
    }
  }

  @Test
  void badRecordsGoToTheDeadLettersAndStopNothing() {
    lift.send(TOPICS.predictions(), "bad", "not json".getBytes(StandardCharsets.UTF_8));
    lift.send(TOPICS.predictions(), "bad", null);
    lift.send(TOPICS.predictions(), "bad", "null".getBytes(StandardCharsets.UTF_8));
    lift.send(TOPICS.prompts(), "bad", "{\"task\":\"loans\"}".getBytes(StandardCharsets.UTF_8));
    lift.send(TOPICS.labels(), "bad", new byte[] {(byte) 0xff, 0});
    lift.send(TOPICS.tasks(), "bad", "{}".getBytes(StandardCharsets.UTF_8));
    lift.predict("loans", "bad", answer("yes", "yes", Double.NaN), 1, 0);
    lift.predict("loans", "bad", answer("maybe", "yes", 1.0), 1, 0);
    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes");

    assertThat(lift.metrics("loans").total()).containsEntry("count", 1.0);
    assertThat(lift.deadLetters.readRecordsToList())
        .extracting(letter -> header(letter, Headers.ERROR_REASON))
        .containsExactly(
            "invalid-json",
            "null-value",
            "null-value",
            "missing-field",
            "invalid-json",
            "missing-field",
            "not-finite",
            "missing-field");
  }

  @Test
  void aRowThatIsTooLargeToBeJoinedGoesToTheDeadLettersAndStopsNothing() {
    String long600 = "x".repeat(600_000);
    lift.label("loans", long600, "yes");
    lift.label("loans", "b", long600);
    lift.predict("loans", long600, YES, 1, 0);
    lift.prompt("loans", "a", "yes", long600); // a long prompt is not joined
    lift.predict("loans", "a", YES, 0, 0);

    assertThat(lift.metrics("loans").total()).containsEntry("count", 1.0);
    assertThat(lift.deadLetters.readRecordsToList())
        .hasSize(3)
        .allSatisfy(
            letter -> {
              assertThat(header(letter, Headers.ERROR_REASON)).isEqualTo("too-large");
              assertThat(header(letter, Headers.ERROR_MESSAGE)).contains("at most 524288");
            });
  }

  @Test
  void aNameThatNoTaskCanHaveGoesToTheDeadLetters() {
    for (String name : List.of("loans/a", "x".repeat(101), "l\u00f6ans")) {
      lift.label(name, "a", "yes");
      lift.predict(name, "a", YES, 1, 0);
      lift.predict(name, "a", PredictionMessage.Status.EXPIRED, null, null, null);
    }

    assertThat(lift.deadLetters.readRecordsToList())
        .hasSize(9)
        .allSatisfy(letter -> assertThat(header(letter, Headers.ERROR_FIELD)).isEqualTo("task"));
  }

  @Test
  void chartsThatTheirTopicWouldNotTakeAreKeptBackAndTheOthersComeOut() {
    String[] words = new String[300];
    for (int i = 0; i < words.length; i++) {
      words[i] = "w".repeat(1_500) + i;
    }
    lift.create(labels("wordy", words));
    for (int i = 0; i < words.length; i++) {
      lift.label("wordy", "row" + i, words[i]);
      lift.predict(
          "wordy", "row" + i, answer(words[i], words[i], 0.6, words[(i + 1) % 300], 0.4), 1, 0);
    }
    lift.label("loans", "a", "yes");
    lift.predict("loans", "a", YES, 1, 0);

    assertThat(lift.metrics("loans").total()).containsEntry("count", 1.0);
    assertThat(lift.metrics("wordy")).isNotNull();
  }

  @Test
  void aDeadLetterSaysWhyAndWhence() {
    byte[] bytes = "{\"task\":\"loans\",\"row\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    lift.send(TOPICS.labels(), "a", bytes);

    TestRecord<byte[], byte[]> letter = lift.deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(bytes);
    assertThat(letter.key()).asString().isEqualTo("a");
    assertThat(header(letter, Headers.ERROR_STAGE)).isEqualTo("evaluator");
    assertThat(header(letter, Headers.ERROR_FIELD)).isEqualTo("label");
    assertThat(header(letter, Headers.ERROR_TOPIC)).isEqualTo("lift.labels");
    assertThat(header(letter, Headers.ERROR_PARTITION)).isEqualTo("0");
    assertThat(header(letter, Headers.ERROR_OFFSET)).isEqualTo("0");
    assertThat(header(letter, Headers.ERROR_MESSAGE))
        .isEqualTo("Field label is missing at lift.labels, partition 0, offset 0.");
  }

  @Test
  void aTruthThatCannotBeTheAnswerGoesToTheDeadLetters() {
    lift.label("loans", "a", "perhaps");
    lift.predict("loans", "a", YES, 1, 0);

    TestRecord<byte[], byte[]> letter = lift.deadLetters.readRecord();
    assertThat(header(letter, Headers.ERROR_REASON)).isEqualTo("wrong-type");
    assertThat(header(letter, Headers.ERROR_MESSAGE))
        .contains("'perhaps'", "row a", "task loans", "lift.labels");
    assertThat(lift.metrics("loans").total()).containsEntry("count", 0.0);
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
