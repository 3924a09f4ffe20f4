package io.lift.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lift.core.answer.Answer;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.MetricNames;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CalibratorTest {
  /** Rows between an answer and its label, as in a stream of some hundred rows a second. */
  private static final int LABELS_LATE = 50;

  /** Rows between two calibrations that are published. */
  private static final int EVERY = 50;

  private static final double FOR_EVER = Double.POSITIVE_INFINITY;

  /** Figures of the rows before the drift, in the thousand rows after it, and of the last ones. */
  private record Parts(
      Map<String, Double> before, Map<String, Double> during, Map<String, Double> after) {
    double coverageBefore() {
      return before.get(MetricNames.COVERAGE);
    }

    double coverageAfter() {
      return after.get(MetricNames.COVERAGE);
    }
  }

  @Test
  void labelSetsHoldNinetyPercentOfTheTruthsBeforeAndAfterADrift() {
    for (long seed = 1; seed <= 3; seed++) {
      for (double forgets : new double[] {400, FOR_EVER}) {
        Parts unsure = run(Streams.labels(seed, 2.5, 0.5, forgets), true);
        Parts sure = run(Streams.labels(seed, 8, 0.5, forgets), true);

        assertThat(List.of(unsure.coverageBefore(), unsure.coverageAfter()))
            .allSatisfy(coverage -> assertThat(coverage).isBetween(0.88, 0.92));
        assertThat(List.of(sure.coverageBefore(), sure.coverageAfter()))
            .allSatisfy(coverage -> assertThat(coverage).isBetween(0.88, 0.92));
        assertThat(unsure.before().get(MetricNames.SET_SIZE)).isLessThan(1.7);
      }
    }
  }

  @Test
  void intervalsHoldNinetyPercentOfTheTruthsBeforeAndAfterADrift() {
    for (long seed = 1; seed <= 4; seed++) {
      for (double forgets : new double[] {600, FOR_EVER}) {
        Parts parts = run(Streams.numbers(seed, 3, forgets), false);

        assertThat(parts.coverageBefore()).isBetween(0.88, 0.92);
        assertThat(parts.during().get(MetricNames.COVERAGE)).isLessThan(0.92);
        assertThat(parts.coverageAfter()).isBetween(0.88, 0.92);
      }
    }
  }

  @Test
  void aModelThatIsTooSureIsCooledToWhatItsRowsShow() {
    Calibrator calibrator = new Calibrator(0.9);
    Streams.Stream stream = Streams.labels(5, 2.5, 0, FOR_EVER);
    for (int i = 0; i < 2_000; i++) {
      learn(calibrator, stream.next(i));
    }

    // it says p², so the right temperature is 2
    double temperature = calibrator.calibration().orElseThrow().temperature();
    assertThat(temperature).isCloseTo(2, within(0.25));
    ClassificationMetrics own = new ClassificationMetrics(List.of("a", "b", "c", "d"));
    ClassificationMetrics given = new ClassificationMetrics(List.of("a", "b", "c", "d"));
    for (int i = 0; i < 2_000; i++) {
      Streams.Row row = stream.next(i);
      own.add(row.truth(), row.own());
      given.add(row.truth(), give(row.own(), calibrator));
    }
    assertThat(own.values().get(MetricNames.ECE)).isGreaterThan(0.08);
    assertThat(given.values().get(MetricNames.ECE)).isLessThan(0.035);
    assertThat(given.values().get(MetricNames.LOG_LOSS))
        .isLessThan(own.values().get(MetricNames.LOG_LOSS));
  }

  @Test
  void itLearnsTheSameFromItsOwnAnswersAsFromTheModels() {
    Calibrator ofOwn = new Calibrator(0.9);
    Calibrator ofGiven = new Calibrator(0.9);
    Streams.Stream stream = Streams.labels(6, 2.5, 0, FOR_EVER);
    for (int i = 0; i < 700; i++) {
      Streams.Row row = stream.next(i);
      learn(ofOwn, row);
      ofGiven.add(new Calibrator.Row(row.truth(), give(row.own(), ofGiven), 1, RowDraw.NONE));
    }

    Answer.Calibration expected = ofOwn.calibration().orElseThrow();
    Answer.Calibration found = ofGiven.calibration().orElseThrow();
    assertThat(found.temperature()).isCloseTo(expected.temperature(), within(1e-6));
    assertThat(found.cutoff()).isCloseTo(expected.cutoff(), within(1e-9));
  }

  @Test
  void itSaysNothingBeforeThirtyRows() {
    Calibrator calibrator = new Calibrator(0.9);
    Streams.Stream stream = Streams.numbers(1, 1, 1);
    for (int i = 0; i < Calibrator.WARM_UP - 1; i++) {
      learn(calibrator, stream.next(i));
    }
    assertThat(calibrator.calibration()).isEmpty();

    learn(calibrator, stream.next(0));

    assertThat(calibrator.calibration()).isPresent();
  }

  @Test
  void rowsOfTheBaseModelAreForgottenWithTheFirstCheckpoint() {
    Calibrator calibrator = new Calibrator(0.9);
    Streams.Stream stream = Streams.labels(1, 2.5, 0, FOR_EVER);
    for (int i = 0; i < 100; i++) {
      Streams.Row row = stream.next(i);
      calibrator.add(new Calibrator.Row(row.truth(), row.own(), 0, RowDraw.NONE));
    }
    assertThat(calibrator.calibration()).isPresent();
    assertThat(calibrator.version()).isZero();

    learn(calibrator, stream.next(0));

    assertThat(calibrator.version()).isEqualTo(1);
    assertThat(calibrator.calibration()).isEmpty();
  }

  @Test
  void aRestartGoesOnAsIfNothingHadHappened() {
    Calibrator steady = new Calibrator(0.9);
    Calibrator restarted = new Calibrator(0.9);
    List<Calibrator.Row> rows = new ArrayList<>();
    Streams.Stream stream = Streams.labels(2, 2.5, 0, FOR_EVER);
    for (int i = 0; i < 1_200; i++) {
      Streams.Row next = stream.next(i);
      Calibrator.Row row =
          new Calibrator.Row(
              next.truth(), next.own(), i < 100 ? 0 : i / 100, RowDraw.of("row-" + i));
      rows.add(row);
      steady.add(row);
      restarted.add(row);
      if (i % 150 == 20) {
        restarted = Calibrator.of(restarted.state(), rows);
      }
      if (i % 50 == 0) {
        assertThat(restarted.calibration()).isEqualTo(steady.calibration());
      }
    }
    assertThat(restarted.state()).isEqualTo(steady.state());
  }

  /** A stream whose answers are calibrated by the labels that have come in so far. */
  private static Parts run(Streams.Stream stream, boolean labels) {
    Calibrator calibrator = new Calibrator(0.9);
    List<Map<String, Double>> parts = new ArrayList<>();
    Deque<Calibrator.Row> unlabelled = new ArrayDeque<>();
    Answer.Calibration published = null;
    int at = 0;
    for (int end : new int[] {Streams.DRIFT, Streams.DRIFT + 1_000, Streams.ROWS}) {
      ClassificationMetrics words = new ClassificationMetrics(List.of("a", "b", "c", "d"));
      RegressionMetrics numbers = RegressionMetrics.total();
      for (; at < end; at++) {
        Streams.Row row = stream.next(at);
        if (at % EVERY == 0) {
          published = calibrator.calibration().orElse(null);
        }
        double draw = RowDraw.of("row-" + at);
        Answer given =
            CalibratedAnswer.of(
                row.own(), published, CalibrationPolicy.defaults(), draw, TargetRange.ALL);
        if (labels) {
          words.add(row.truth(), given);
        } else if (given.calibration() != null) {
          numbers.add(Double.parseDouble(row.truth()), given);
        }
        unlabelled.add(new Calibrator.Row(row.truth(), given, 1, draw));
        if (unlabelled.size() > LABELS_LATE) {
          calibrator.add(unlabelled.removeFirst());
        }
      }
      parts.add(labels ? words.values() : numbers.values());
    }
    return new Parts(parts.get(0), parts.get(1), parts.get(2));
  }

  private static Answer give(Answer own, Calibrator calibrator) {
    return CalibratedAnswer.of(
        own,
        calibrator.calibration().orElse(null),
        CalibrationPolicy.defaults(),
        RowDraw.NONE,
        TargetRange.ALL);
  }

  private static void learn(Calibrator calibrator, Streams.Row row) {
    calibrator.add(new Calibrator.Row(row.truth(), row.own(), 1, RowDraw.NONE));
  }
}
