package io.lift.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.messages.CalibrationMessage;
import io.lift.messages.EventMessage;
import io.lift.messages.EventMessage.Kind;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.messages.PredictionMessage.Support;
import io.lift.messages.PromptOffset;
import io.lift.messages.RollbackRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the evaluator says and asks for after a drift, and after a checkpoint that is worse. */
class DriftTest {
  @TempDir Path stateDir;
  private EvaluatorDriver lift;
  private int rows;

  @BeforeEach
  void start() {
    lift = new EvaluatorDriver(stateDir, 1000, 20);
    lift.create(EvaluatorDriver.labels("loans", "no", "yes"));
  }

  @AfterEach
  void stop() {
    lift.close();
  }

  private static Predictor predictor(String name, double ofYes) {
    return new Predictor(name, 0.5, List.of(1 - ofYes, ofYes), null, null);
  }

  /** Rows that are all answered yes, and of which one in so many is something else. */
  private void answer(int count, int wrongOneIn, Predictor... predictors) {
    for (int i = 0; i < count; i++) {
      String row = "w" + rows++;
      List<Predictor> all = predictors.length == 0 ? null : List.of(predictors);
      Support support = all == null ? null : new Support(0, 0, lift.promptOffset, 8);
      lift.predict("loans", row, EvaluatorDriver.yes(), support, all);
      lift.prompt("loans", row, rows % wrongOneIn == 0 ? "no" : "yes");
    }
  }

  @Test
  void aDriftIsSaidOnceWithItsFiguresAndWhereItBegan() {
    Predictor[] predictors = {predictor("context-64", 0.9), predictor("frequencies", 0.5)};
    answer(1_000, 20, predictors);
    assertThat(lift.events()).isEmpty();

    answer(150, 2, predictors);

    List<EventMessage> events = lift.events();
    assertThat(events).extracting(EventMessage::kind).containsExactly(Kind.DRIFT, Kind.SHORTENED);
    EventMessage drift = events.get(0);
    assertThat(drift.metric()).isEqualTo("accuracy");
    assertThat(drift.before()).isBetween(0.93, 0.97);
    assertThat(drift.after()).isBetween(0.4, 0.7);
    assertThat(drift.since().partition()).isZero();
    assertThat(drift.since().offset()).isBetween(980L, 1_020L);
    assertThat(drift.detected()).isEqualTo(new PromptOffset(0, drift.scored() - 1));
    assertThat(drift.scored()).isBetween(1_001L, 1_100L);
    assertThat(drift.rows()).isEqualTo(drift.scored() - drift.since().offset());
    assertThat(drift.text())
        .matches("The accuracy of task loans fell from 95 % to .. % in the newest \\d+ rows\\.");
    assertThat(events.get(1).since()).isEqualTo(drift.since());
    assertThat(lift.charts().drifts())
        .singleElement()
        .satisfies(mark -> assertThat(mark.since()).isEqualTo(drift.since()));
  }

  @Test
  void theSupportSetIsShortenedAtOnceBesideTheWeights() {
    Predictor[] predictors = {predictor("context-64", 0.9), predictor("frequencies", 0.5)};
    answer(1_000, 20, predictors);
    assertThat(lift.calibrations())
        .isNotEmpty()
        .allSatisfy(learned -> assertThat(learned.since()).isNull());

    int until = 0;
    List<EventMessage> events = List.of();
    while (events.isEmpty() && until++ < 150) {
      answer(1, 2, predictors);
      events = lift.events();
    }

    List<CalibrationMessage> learned = lift.calibrations();
    CalibrationMessage newest = learned.get(learned.size() - 1);
    assertThat(newest.since()).isEqualTo(events.get(0).since());
    assertThat(newest.weights()).containsOnlyKeys("context-64", "frequencies");
  }

  @Test
  void aTaskWithoutLabelledRowsInContextHasNoSupportSetToShorten() {
    answer(1_000, 20);
    answer(150, 2);

    assertThat(lift.events())
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(Kind.DRIFT);
              assertThat(drift.since()).isNotNull();
            });
    assertThat(lift.calibrations()).allSatisfy(learned -> assertThat(learned.since()).isNull());
  }

  @Test
  void theDeletionOfATaskSaysNothing() {
    answer(10, 2);
    lift.delete("loans");
    lift.advance(Duration.ofSeconds(2));
    assertThat(lift.events()).isEmpty();
    assertThat(lift.rollbacks()).isEmpty();
  }

  @Test
  void aCheckpointThatStaysWorseIsToBeRolledBackOnce() {
    Predictor earlier = predictor("checkpoint-7", 0.8);
    Predictor worse = predictor("checkpoint-8", 0.6);
    answer(100, 10, earlier, worse);
    lift.advance(Duration.ofSeconds(11));
    answer(99, 10, earlier, worse);
    assertThat(lift.rollbacks()).isEmpty();

    answer(1, 10, earlier, worse);

    RollbackRequest request = lift.rollbacks().get(0);
    assertThat(request.task()).isEqualTo("loans");
    assertThat(request.version()).isEqualTo(7);
    assertThat(request.worse().version()).isEqualTo(8);
    assertThat(request.worse().rows()).isEqualTo(200);
    double earlierLoss = -0.9 * Math.log(0.8) - 0.1 * Math.log(0.2);
    double loss = -0.9 * Math.log(0.6) - 0.1 * Math.log(0.4);
    assertThat(request.worse().earlierLoss()).isCloseTo(earlierLoss, within(1e-9));
    assertThat(request.worse().loss()).isCloseTo(loss, within(1e-9));

    lift.advance(Duration.ofSeconds(60));
    answer(700, 10, earlier, worse);
    assertThat(lift.rollbacks()).as("once for each checkpoint").isEmpty();
    answer(100, 10, predictor("checkpoint-9", 0.6), earlier);
    lift.advance(Duration.ofSeconds(60));
    answer(100, 10, predictor("checkpoint-9", 0.6), earlier);
    assertThat(lift.rollbacks())
        .singleElement()
        .satisfies(next -> assertThat(next.worse().version()).isEqualTo(9));
  }

  @Test
  void aCheckpointIsNotRolledBackWithinSecondsOfItsFirstAnswers() {
    answer(399, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.6));
    assertThat(lift.rollbacks()).isEmpty();

    lift.advance(Duration.ofSeconds(11));
    answer(1, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.6));

    assertThat(lift.rollbacks()).hasSize(1);
  }

  @Test
  void aCheckpointThatIsNoWorseStays() {
    answer(100, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.82));
    lift.advance(Duration.ofSeconds(11));
    answer(900, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.82));
    assertThat(lift.rollbacks()).isEmpty();
  }

  @Test
  void nothingIsRolledBackWhereThatIsSwitchedOff(@TempDir Path other) {
    stop();
    lift = new EvaluatorDriver(other, 1000, 20, false);
    lift.create(EvaluatorDriver.labels("loans", "no", "yes"));
    answer(100, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.6));
    lift.advance(Duration.ofSeconds(11));
    answer(100, 10, predictor("checkpoint-7", 0.8), predictor("checkpoint-8", 0.6));
    assertThat(lift.rollbacks()).isEmpty();
  }
}
