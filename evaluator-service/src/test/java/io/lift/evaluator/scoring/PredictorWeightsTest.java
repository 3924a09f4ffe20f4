package io.lift.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.PredictionMessage.Support;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorWeightsTest {
  private static final Answer YES = EvaluatorDriver.yes();
  @TempDir Path stateDir;
  private EvaluatorDriver lift;

  @BeforeEach
  void start() {
    lift = new EvaluatorDriver(stateDir, 1000, 20);
    lift.create(EvaluatorDriver.labels("loans", "no", "yes"));
  }

  @AfterEach
  void stop() {
    lift.close();
  }

  private static List<Predictor> predictors(double contextOfYes) {
    return List.of(
        new Predictor("context-64", 0.5, List.of(1 - contextOfYes, contextOfYes), null, null),
        new Predictor("frequencies", 0.5, List.of(0.5, 0.5), null, null));
  }

  private void train(int from, int to, double contextOfYes) {
    for (int i = from; i < to; i++) {
      lift.predict("loans", "w" + i, YES, null, predictors(contextOfYes));
      lift.prompt("loans", "w" + i, "yes");
    }
  }

  @Test
  void afterTwentyRowsThePredictorThatIsRightHasTheWeight() {
    train(0, 20, 0.9);

    List<CalibrationMessage> learned = lift.calibrations();
    assertThat(learned).hasSize(1);
    assertThat(learned.get(0).weights().get("context-64")).isGreaterThan(0.95);
    assertThat(learned.get(0).calibration()).as("too few rows for a calibration").isNull();
    assertThat(learned.get(0).version()).as("it has learned something").isEqualTo(1);
  }

  @Test
  void fewRowsAreEnoughAfterTwoHundredMilliseconds() {
    train(0, 3, 0.9);
    assertThat(lift.calibrations()).isEmpty();
    lift.advance(Duration.ofMillis(200));
    assertThat(lift.calibrations()).hasSize(1);
  }

  @Test
  void aPredictorThatGetsWorseLosesItsWeightWithinTwentyRows() {
    train(0, 200, 0.9);
    lift.calibrations();
    train(200, 220, 0.1);
    List<CalibrationMessage> learned = lift.calibrations();
    assertThat(learned.get(learned.size() - 1).weights().get("context-64")).isLessThan(0.05);
  }

  @Test
  void rowsThatAreOnlyForTestsTeachNoWeights() {
    for (int i = 0; i < 25; i++) {
      lift.predict("loans", "w" + i, YES, null, predictors(0.9));
      lift.label("loans", "w" + i, "yes");
    }
    lift.advance(Duration.ofMillis(200));
    assertThat(lift.calibrations()).isEmpty();
  }

  @Test
  void aNumberIsLikelierWhereThePredictorsMedianIsNearerByItsOwnInterval() {
    lift.create(EvaluatorDriver.numbers("prices"));
    for (int i = 0; i < 20; i++) {
      Answer.Interval interval = new Answer.Interval(90, 110, 0.9);
      List<Predictor> predictors =
          List.of(
              new Predictor("near", 0.5, null, 101.0, new Answer.Interval(91, 111, 0.9)),
              new Predictor("far", 0.5, null, 140.0, new Answer.Interval(130, 150, 0.9)));
      lift.predict("prices", "w" + i, Answer.ofNumber(100, interval), null, predictors);
      lift.prompt("prices", "w" + i, "100.5");
    }
    List<CalibrationMessage> learned = lift.calibrations();
    assertThat(learned.get(learned.size() - 1).weights().get("near")).isGreaterThan(0.95);
  }

  @Test
  void aPredictionFromLabelledRowsUpToItsOwnIsLeakedAndNotScored() {
    long own = lift.prompt("loans", "a", "yes");
    lift.predict("loans", "a", YES, new Support(0, 0, own + 1, 8), predictors(0.9));
    long second = lift.prompt("loans", "b", "yes");
    lift.predict("loans", "b", YES, new Support(0, 0, second, 8), predictors(0.9));

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.leaked()).isEqualTo(1);
    assertThat(metrics.total()).containsEntry("count", 1.0);
  }
}
