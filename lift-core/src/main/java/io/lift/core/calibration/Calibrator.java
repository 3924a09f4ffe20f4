package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Learns from the labelled rows of one task, as they come, what makes its answers keep their
 * promise. Not thread-safe.
 *
 * <ul>
 *   <li><b>Label sets</b> hold each label from a probability on: the least ambiguous sets of a
 *       given coverage (Sadinle, Lei and Wasserman, JASA 2019). The score of a row is the model's
 *       own probability of its truth, negative. The promise is kept from both sides: where a single
 *       label is right more often than asked, the least sure rows get an empty set.
 *   <li><b>Intervals</b> are the model's own, each half stretched alike. The score of a row is the
 *       distance of the truth from the answer in lengths of that half.
 *   <li><b>Probabilities</b> get a {@link Temperature}.
 * </ul>
 *
 * <p>Rows that the base model answered say nothing about a checkpoint: they are forgotten with the
 * first row that a checkpoint has answered.
 */
public final class Calibrator {
  /** Rows that are remembered. */
  public static final int WINDOW = 500;

  /** Rows before which nothing is said. */
  public static final int WARM_UP = 30;

  /** γ of {@link AdaptiveQuantile}, from simulated streams with drift. */
  private static final double RATE = 0.01;

  /** A truth so many half intervals away is as far as it can be. */
  private static final double FARTHEST = 1e3;

  private static final double NEAREST = 1e-3;

  private double coverage;
  private final Deque<Temperature.Row> rows = new ArrayDeque<>(); // of a classification
  private AdaptiveQuantile scores;
  private Double temperature; // null: to be found anew
  private boolean labels;
  private long version;

  /**
   * @param coverage how often label sets and intervals are to hold the truth, 0..1
   */
  public Calibrator(double coverage) {
    this.coverage = coverage;
    this.scores = scores();
  }

  /**
   * A labelled row.
   *
   * @param truth a label of the answer, or a decimal number
   * @param given the answer that was given, calibrated or not
   * @param version the checkpoint that answered; 0 is the base model
   */
  public record Row(String truth, Answer given, long version) {}

  /**
   * What a restart needs beside the newest rows.
   *
   * @param coverage what is asked for
   * @param level of the quantile
   * @param version the newest checkpoint that answered
   */
  public record State(double coverage, double level, long version) {}

  /**
   * Goes on after a restart.
   *
   * @param newest the rows that had been learnt, oldest first; more than {@link #WINDOW} are no
   *     harm
   */
  public static Calibrator of(State state, List<Row> newest) {
    Calibrator calibrator = new Calibrator(state.coverage());
    for (Row row : newest.subList(Math.max(0, newest.size() - WINDOW), newest.size())) {
      if (row.version() > 0 == state.version() > 0) {
        calibrator.scores.remember(calibrator.take(row));
      }
    }
    calibrator.scores.level(state.level());
    calibrator.version = state.version();
    return calibrator;
  }

  /** Another coverage is asked for from now on; what was learnt stays. */
  public void aim(double newCoverage) {
    coverage = newCoverage;
    scores.aim(newCoverage);
  }

  /** Learns from a row; each row once, and never one that the checkpoint had been trained on. */
  public void learn(Row row) {
    if (row.version() == 0 && version > 0) {
      return;
    }
    if (row.version() > 0 && version == 0) {
      rows.clear();
      scores = scores();
    }
    version = Math.max(version, row.version());
    scores.add(take(row));
  }

  /** Remembers a row's probabilities and gives its score. */
  private double take(Row row) {
    Answer own = CalibratedAnswer.own(row.given());
    labels = own.value() == null;
    return labels ? labelScore(row.truth(), own) : numberScore(row.truth(), own);
  }

  private double labelScore(String truth, Answer own) {
    List<String> names = new ArrayList<>(own.probabilities().keySet());
    double[] probabilities = new double[names.size()];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = own.probabilities().get(names.get(i));
    }
    if (rows.size() == WINDOW) {
      rows.removeFirst();
    }
    rows.addLast(Temperature.Row.of(probabilities, names.indexOf(truth)));
    temperature = null;
    return -own.probabilities().get(truth);
  }

  private static double numberScore(String truth, Answer own) {
    double distance = Double.parseDouble(truth) - own.value();
    if (distance == 0 || own.interval() == null) {
      return distance == 0 ? 0 : FARTHEST;
    }
    double half =
        distance > 0 ? own.interval().upper() - own.value() : own.value() - own.interval().lower();
    return half > 0 ? Math.min(FARTHEST, Math.abs(distance) / half) : FARTHEST;
  }

  /** What is to be done to the model's next answers; nothing before enough rows have come. */
  public Optional<Answer.Calibration> calibration() {
    if (!scores.ready()) {
      return Optional.empty();
    }
    double threshold = scores.threshold();
    if (!labels) {
      double stretch = Math.max(NEAREST, threshold);
      return Optional.of(new Answer.Calibration(coverage, size(), null, null, stretch));
    }
    if (temperature == null) {
      temperature = Temperature.fit(List.copyOf(rows));
    }
    return Optional.of(new Answer.Calibration(coverage, size(), temperature, -threshold, null));
  }

  private int size() {
    return scores.size();
  }

  /** The newest checkpoint among them; 0 if the base model answered them all. */
  public long version() {
    return version;
  }

  public State state() {
    return new State(coverage, scores.level(), version);
  }

  private AdaptiveQuantile scores() {
    return new AdaptiveQuantile(coverage, WINDOW, WARM_UP, RATE);
  }
}
