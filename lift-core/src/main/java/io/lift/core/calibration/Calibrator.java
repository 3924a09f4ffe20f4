package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Fits the calibration of one task to its labelled rows as they arrive. Not thread-safe.
 *
 * <ul>
 *   <li><b>Label sets</b> contain every label whose probability reaches a threshold: the least
 *       ambiguous sets of a given coverage (Sadinle, Lei and Wasserman, JASA 2019). The score of a
 *       row is the {@link LabelScore} of the model's own probability of its truth. If the most
 *       probable label alone exceeds the coverage, the least certain rows get an empty set.
 *   <li><b>Intervals</b> are the model's own with both halves stretched by the same factor. The
 *       score of a row is the distance of the truth from the answer, divided by the length of that
 *       half.
 *   <li>A small random part, the row's {@link RowDraw}, breaks ties of scores. Without it, a table
 *       whose rows repeat would hold more truths than was asked for.
 *   <li><b>Probabilities</b> get a {@link Temperature}.
 * </ul>
 *
 * <p>Answers of the base model do not describe a checkpoint. Their rows are dropped with the first
 * row that a checkpoint has answered.
 */
public final class Calibrator {
  /** Number of rows that are kept. */
  public static final int WINDOW = 500;

  /** Number of rows before there is a calibration. */
  public static final int WARM_UP = 30;

  /** γ of {@link AdaptiveQuantile}, chosen on simulated streams with drift. */
  private static final double RATE = 0.01;

  /** Largest score of an interval. */
  private static final double MAX_SCORE = 1e3;

  /** Smallest stretch of an interval. */
  private static final double MIN_STRETCH = 1e-3;

  private double coverage;
  private final Deque<Temperature.Row> rows = new ArrayDeque<>(); // empty for regression
  private AdaptiveQuantile scores;
  private boolean adaptive = true;
  private Double temperature; // null if it must be fitted again
  private boolean labels;
  private long version;

  /**
   * @param coverage share of the truths that label sets and intervals should contain, 0..1
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
   * @param version version of the checkpoint that answered; 0 for the base model
   * @param draw the row's {@link RowDraw}
   */
  public record Row(String truth, Answer given, long version, double draw) {}

  /**
   * The state for a restart, besides the newest rows.
   *
   * @param coverage the coverage
   * @param level level of the quantile
   * @param version version of the newest checkpoint that answered
   * @param adaptive whether the level adapts; true if null
   */
  public record State(double coverage, double level, long version, Boolean adaptive) {}

  /**
   * Continues after a restart.
   *
   * @param newest the rows before the restart, oldest first; only the last {@link #WINDOW} are used
   */
  public static Calibrator of(State state, List<Row> newest) {
    Calibrator calibrator = new Calibrator(state.coverage());
    calibrator.setPolicy(new CalibrationPolicy(state.coverage(), null, state.adaptive()));
    for (Row row : newest.subList(Math.max(0, newest.size() - WINDOW), newest.size())) {
      if (row.version() > 0 == state.version() > 0) {
        calibrator.scores.restore(calibrator.score(row));
      }
    }
    calibrator.scores.level(state.level());
    calibrator.version = state.version();
    return calibrator;
  }

  /** Changes the coverage, and whether the level adapts. The rows are kept. */
  public void setPolicy(CalibrationPolicy policy) {
    coverage = policy.coverageOrDefault();
    adaptive = policy.adaptiveOrDefault();
    scores.setCoverage(coverage);
    scores.setRate(adaptive ? RATE : 0);
  }

  /**
   * Adds a row.
   *
   * @param row each row once, and never one that the checkpoint was trained on
   */
  public void add(Row row) {
    if (row.version() == 0 && version > 0) {
      return;
    }
    if (row.version() > 0 && version == 0) {
      rows.clear();
      scores = scores();
    }
    version = Math.max(version, row.version());
    scores.add(score(row));
  }

  /** The score of a row. Keeps the probabilities of a classification for the temperature. */
  private double score(Row row) {
    Answer own = CalibratedAnswer.own(row.given(), row.draw());
    labels = own.value() == null;
    return labels
        ? labelScore(row, own)
        : numberScore(row.truth(), own) * Math.exp(RowDraw.shift(row.draw()));
  }

  private double labelScore(Row row, Answer own) {
    List<String> names = new ArrayList<>(own.probabilities().keySet());
    double[] probabilities = new double[names.size()];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = own.probabilities().get(names.get(i));
    }
    if (rows.size() == WINDOW) {
      rows.removeFirst();
    }
    rows.addLast(Temperature.Row.of(probabilities, names.indexOf(row.truth())));
    temperature = null;
    return LabelScore.of(own.probabilities().get(row.truth()), row.draw());
  }

  private static double numberScore(String truth, Answer own) {
    double distance = Double.parseDouble(truth) - own.value();
    if (distance == 0 || own.interval() == null) {
      return distance == 0 ? 0 : MAX_SCORE;
    }
    double half =
        distance > 0 ? own.interval().upper() - own.value() : own.value() - own.interval().lower();
    return half > 0 ? Math.min(MAX_SCORE, Math.abs(distance) / half) : MAX_SCORE;
  }

  /** The calibration for the next answers; empty before {@link #WARM_UP} rows. */
  public Optional<Answer.Calibration> calibration() {
    if (!scores.ready()) {
      return Optional.empty();
    }
    double threshold = scores.threshold();
    if (!labels) {
      double stretch = Math.max(MIN_STRETCH, threshold);
      return Optional.of(Answer.Calibration.ofIntervals(coverage, size(), stretch));
    }
    if (temperature == null) {
      temperature = Temperature.fit(List.copyOf(rows));
    }
    return Optional.of(
        Answer.Calibration.ofLabels(coverage, size(), temperature, LabelScore.cutoff(threshold)));
  }

  private int size() {
    return scores.size();
  }

  /** Version of the newest checkpoint that answered; 0 if the base model answered all rows. */
  public long version() {
    return version;
  }

  public State state() {
    return new State(coverage, scores.level(), version, adaptive);
  }

  private AdaptiveQuantile scores() {
    return new AdaptiveQuantile(coverage, WINDOW, WARM_UP, adaptive ? RATE : 0);
  }
}
