package io.lift.core.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Label sets and intervals hold what was asked for, within two standard errors. */
class CoverageTest {
  private static final double[] COVERAGES = {0.8, 0.9, 0.95};
  private static final int LABELS_LATE = 20;
  private static final int PUBLISHED_EVERY = 20;

  /** The exponents on the model's probabilities: right, too sure, not sure enough. */
  private static final double[] CONFIDENCES = {1, 2, 0.5};

  @Test
  void setsOfRowsThatRepeatHoldWhatWasAsked() {
    for (double coverage : COVERAGES) {
      for (double confidence : CONFIDENCES) {
        // many tables, so that the error of a table's calibration rows averages out
        double held = 0;
        int tables = 60;
        for (int seed = 0; seed < tables; seed++) {
          held += frozen(coverage, seed, 300, 300, repeated(seed, confidence));
        }
        assertHolds(held / tables, coverage, tables * 300 / 2, "confidence " + confidence);
      }
    }
  }

  @Test
  void setsOfASureModelHoldWhatWasAsked() {
    for (double coverage : COVERAGES) {
      double held = 0;
      for (int seed = 0; seed < 60; seed++) {
        held += frozen(coverage, seed, 300, 300, sure(seed));
      }
      assertHolds(held / 60, coverage, 60 * 300 / 2, "a model that is right in 99 %");
    }
  }

  @Test
  void intervalsOfWholeNumbersHoldWhatWasAsked() {
    for (double coverage : COVERAGES) {
      double held = 0;
      for (int seed = 0; seed < 60; seed++) {
        held += frozen(coverage, seed, 300, 300, wholeNumbers(seed));
      }
      assertHolds(held / 60, coverage, 60 * 300 / 2, "whole numbers");
    }
  }

  @Test
  void thirtyRowsDoNotHoldMoreThanWasAsked() {
    for (double coverage : COVERAGES) {
      double held = 0;
      for (int seed = 0; seed < 400; seed++) {
        held += frozen(coverage, seed, 31, 50, repeated(seed, 2));
      }
      // the rows of a calibration share its error, which is that of its own 31 rows
      assertHolds(held / 400, coverage, 400 * 31 * 50 / 81, "31 rows");
    }
  }

  @Test
  void streamsHoldWhatWasAskedAlsoWhereTheModelDrifts() {
    for (double coverage : COVERAGES) {
      for (double confidence : CONFIDENCES) {
        for (int seed = 0; seed < 3; seed++) {
          IntFunction<Streams.Row> rows = drifting(seed, confidence);
          boolean[] held = stream(coverage, 4_000, rows);
          assertHolds(share(held, 300, 2_000), coverage, 1_700, "before the drift");
          assertHolds(share(held, 3_000, 4_000), coverage, 1_000, "after the drift");
        }
      }
    }
  }

  private static void assertHolds(double held, double coverage, int rows, String what) {
    double error = Math.sqrt(coverage * (1 - coverage) / rows);
    assertThat(held)
        .as("coverage %s, %s, standard error %.4f", coverage, what, error)
        .isBetween(coverage - 2 * error, coverage + 2 * error);
  }

  /** As {@code lift eval} does: some labelled rows, then a test with the calibration they gave. */
  private static double frozen(
      double coverage, int table, int calibrated, int tested, IntFunction<Streams.Row> rows) {
    Calibrator calibrator = new Calibrator(coverage);
    calibrator.setPolicy(new CalibrationPolicy(coverage, null, false));
    for (int i = 0; i < calibrated; i++) {
      Streams.Row row = rows.apply(i);
      calibrator.add(
          new Calibrator.Row(row.truth(), row.own(), 1, RowDraw.of(table + "/calibrate-" + i)));
    }
    Answer.Calibration learned = calibrator.calibration().orElseThrow();
    int held = 0;
    for (int i = 0; i < tested; i++) {
      Streams.Row row = rows.apply(i);
      held += holds(row, give(row, learned, RowDraw.of(table + "/test-" + i))) ? 1 : 0;
    }
    return (double) held / tested;
  }

  private static boolean[] stream(double coverage, int count, IntFunction<Streams.Row> rows) {
    Calibrator calibrator = new Calibrator(coverage);
    boolean[] held = new boolean[count];
    Answer.Calibration published = null;
    List<Calibrator.Row> answered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Streams.Row row = rows.apply(i);
      double draw = RowDraw.of("row-" + i);
      if (i % PUBLISHED_EVERY == 0) {
        published = calibrator.calibration().orElse(null);
      }
      Answer given = give(row, published, draw);
      held[i] = holds(row, given);
      answered.add(new Calibrator.Row(row.truth(), given, 1, draw));
      if (i >= LABELS_LATE) {
        calibrator.add(answered.get(i - LABELS_LATE));
      }
    }
    return held;
  }

  private static Answer give(Streams.Row row, Answer.Calibration learned, double draw) {
    return CalibratedAnswer.of(
        row.own(), learned, CalibrationPolicy.defaults(), draw, TargetRange.ALL);
  }

  private static boolean holds(Streams.Row row, Answer given) {
    if (given.value() == null) {
      return given.labels() != null && given.labels().contains(row.truth());
    }
    double truth = Double.parseDouble(row.truth());
    return given.interval().lower() <= truth && truth <= given.interval().upper();
  }

  private static double share(boolean[] held, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += held[i] ? 1 : 0;
    }
    return (double) count / (to - from);
  }

  /** A table with few different rows, as of a handful of yes-or-no columns. */
  private static IntFunction<Streams.Row> repeated(long seed, double confidence) {
    Random random = new Random(seed);
    double[][] kinds = new double[6][];
    for (int kind = 0; kind < kinds.length; kind++) {
      kinds[kind] = distribution(random, 2);
    }
    return i -> row(random, kinds[random.nextInt(kinds.length)], confidence);
  }

  /** A model whose probabilities are nearly 1, and equal, in most rows. */
  private static IntFunction<Streams.Row> sure(long seed) {
    Random random = new Random(seed);
    return i -> {
      double wrong = random.nextDouble() < 0.9 ? 1e-9 : 0.05;
      return row(random, new double[] {1 - 3 * wrong, wrong, wrong, wrong}, 1);
    };
  }

  /** Another distribution in each row; from row 2,000 on a fifth of the truths are random. */
  private static IntFunction<Streams.Row> drifting(long seed, double confidence) {
    Random random = new Random(seed);
    return i -> {
      double[] p = distribution(random, 2.5);
      Streams.Row row = row(random, p, confidence);
      return i >= 2_000 && random.nextDouble() < 0.2
          ? new Streams.Row("abcd".substring(random.nextInt(4)).substring(0, 1), row.own())
          : row;
    };
  }

  /** Answers that are a whole number away from the truth, with an interval of one width. */
  private static IntFunction<Streams.Row> wholeNumbers(long seed) {
    Random random = new Random(seed);
    return i -> {
      double value = random.nextInt(20);
      double truth = value + Math.rint(1.5 * random.nextGaussian());
      Answer.Interval interval = new Answer.Interval(value - 1, value + 1, 0.9);
      return new Streams.Row(Double.toString(truth), Answer.ofNumber(value, interval));
    };
  }

  private static double[] distribution(Random random, double sharpness) {
    double[] weights = new double[4];
    double sum = 0;
    for (int label = 0; label < weights.length; label++) {
      weights[label] = Math.exp(sharpness * random.nextGaussian());
      sum += weights[label];
    }
    for (int label = 0; label < weights.length; label++) {
      weights[label] /= sum;
    }
    return weights;
  }

  private static Streams.Row row(Random random, double[] p, double confidence) {
    double left = random.nextDouble();
    int truth = 0;
    while (truth < p.length - 1 && left >= p[truth]) {
      left -= p[truth++];
    }
    Map<String, Double> own = new LinkedHashMap<>();
    double sum = 0;
    for (double each : p) {
      sum += Math.pow(each, confidence);
    }
    int best = 0;
    for (int label = 0; label < p.length; label++) {
      own.put("abcd".substring(label, label + 1), Math.pow(p[label], confidence) / sum);
      best = p[label] > p[best] ? label : best;
    }
    return new Streams.Row(
        "abcd".substring(truth, truth + 1), Answer.ofLabels("abcd".substring(best, best + 1), own));
  }
}
