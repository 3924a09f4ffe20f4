package io.lift.evaluator.scoring;

import static io.lift.evaluator.scoring.EvaluatorDriver.DAY;
import static io.lift.evaluator.scoring.EvaluatorDriver.answer;
import static io.lift.evaluator.scoring.EvaluatorDriver.labels;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.task.Extrapolation;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PromptMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and labels that come apart. */
class ExampleJoinTest {
  private static final Answer YES = answer("yes", "no", 0.2, "yes", 0.8);
  private static final Duration WAIT = Duration.ofHours(6);

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
  void aLabelThatComesAfterItsRowMakesATrainingExample() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    assertThat(lift.examples()).isEmpty();

    lift.label("loans", "a", "yes", "L", WAIT);

    List<TestRecord<String, PromptMessage>> made = lift.examples();
    assertThat(made).hasSize(1);
    assertThat(made.get(0).key()).isEqualTo("loans");
    assertThat(HeaderValues.string(made.get(0).headers(), Headers.LANGUAGE)).isEqualTo("L");
    assertThat(made.get(0).value())
        .usingRecursiveComparison()
        .isEqualTo(
            new PromptMessage(
                "loans", 1, "a", "x=1 ###", new int[0], "yes@@@", "yes", null, true, null));
    assertThat(lift.metrics("loans").joined()).isEqualTo(1);
  }

  @Test
  void theLinearPartOfTheRowIsInTheExample() {
    Extrapolation.Point first = new Extrapolation.Point(400, 0);
    Extrapolation.Point corrected = new Extrapolation.Point(401, 0);
    lift.label("loans", "a", "yes", "L", WAIT);

    lift.question("loans", "a", "x=1", "L", WAIT, first);
    lift.question("loans", "a", "x=1", "L", WAIT, first);
    lift.question("loans", "a", "x=1", "L", WAIT, corrected);

    assertThat(lift.examples())
        .extracting(example -> example.value().point())
        .containsExactly(first, corrected);
  }

  @Test
  void aLabelThatComesBeforeItsRowMakesTheSameExample() {
    lift.label("loans", "a", "yes", "L", WAIT);
    assertThat(lift.examples()).isEmpty();

    lift.question("loans", "a", "x=1", "L", WAIT);

    assertThat(completions()).containsExactly("x=1 ### yes@@@");
  }

  @Test
  void aRowOrALabelThatComesAgainMakesNoSecondExample() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.question("loans", "a", "x=1", "L", WAIT);

    assertThat(completions()).containsExactly("x=1 ### yes@@@");
  }

  @Test
  void aCorrectedLabelOrAnUpdatedRowMakesTheExampleAnew() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.label("loans", "a", "no", "L", WAIT);
    lift.question("loans", "a", "x=2", "L", WAIT);

    assertThat(completions()).containsExactly("x=1 ### yes@@@", "x=1 ### no@@@", "x=2 ### no@@@");
  }

  @Test
  void aRowWaitsForItsLabelAsLongAsItsTaskSaysAndNoLonger() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.question("loans", "b", "x=2", "L", WAIT);
    lift.advance(WAIT.minusMinutes(30));
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.advance(Duration.ofHours(1));
    lift.label("loans", "other", "no", "L", WAIT); // moves event time
    lift.label("loans", "b", "yes", "L", WAIT);

    assertThat(completions()).containsExactly("x=1 ### yes@@@");
  }

  @Test
  void aLabelWhoseRowDoesNotComeInTimeIsCounted() {
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.advance(WAIT.plusHours(1));
    lift.label("loans", "other", "no", "L", WAIT); // moves event time
    lift.question("loans", "a", "x=1", "L", WAIT);

    assertThat(lift.examples()).isEmpty();
    assertThat(lift.metrics("loans").unjoined()).isEqualTo(1);
  }

  @Test
  void aRowWithoutALabelStaysAQuestionAndIsNotCounted() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.advance(DAY.plus(DAY));
    lift.label("loans", "other", "no"); // moves event time

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.joined() + metrics.unjoined()).isZero();
  }

  @Test
  void aLabelOfAnotherVersionOfTheTaskWaitsForTheRowInItsLanguage() {
    lift.question("loans", "a", "old x=1", "old", WAIT);
    lift.label("loans", "a", "yes", "new", WAIT);
    assertThat(lift.examples()).isEmpty();

    lift.question("loans", "a", "new x=1", "new", WAIT);

    assertThat(completions()).containsExactly("new x=1 ### yes@@@");
  }

  @Test
  void aLabelThatWaitsForNoRowIsScoredAlone() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes");

    assertThat(lift.examples()).isEmpty();
    assertThat(lift.metrics("loans").total()).containsEntry("count", 1.0);
  }

  @Test
  void aJoinedRowIsScoredOnceAndIsNoDuplicate() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.predict("loans", "a", YES, 1, 0);
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.metrics("loans"); // the counts of rows follow

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.total()).containsEntry("count", 1.0);
    assertThat(metrics.duplicates()).isZero();
    assertThat(metrics.rows()).isEqualTo(1);
  }

  @Test
  void aPredictionOfACheckpointThatHadLearnedTheJoinedRowIsLeaked() {
    lift.label("loans", "a", "yes", "L", WAIT);
    lift.label("loans", "b", "yes", "L", WAIT);
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.question("loans", "b", "x=2", "L", WAIT);
    lift.predict("loans", "a", YES, 1, 1); // trained to offset 1: on a's example, not on b's
    lift.predict("loans", "b", YES, 1, 1);

    MetricsMessage metrics = lift.metrics("loans");
    assertThat(metrics.leaked()).isEqualTo(1);
    assertThat(metrics.total()).containsEntry("count", 1.0);
    assertThat(metrics.duplicates()).isZero();
  }

  @Test
  void theRowsOfADeletedTaskAreForgotten() {
    lift.question("loans", "a", "x=1", "L", WAIT);
    lift.delete("loans");
    lift.create(labels("loans", "no", "yes"));
    lift.label("loans", "a", "yes", "L", WAIT);

    assertThat(lift.examples()).isEmpty();
  }

  private List<String> completions() {
    return lift.examples().stream()
        .map(record -> record.value().prompt() + " " + record.value().completion())
        .toList();
  }
}
