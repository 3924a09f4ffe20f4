package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Applies a calibration to the model's own answer, and inverts it. */
public final class CalibratedAnswer {
  /** Applying a temperature and inverting it changes a score by less than this. */
  private static final double ROUNDING = 1e-9;

  private CalibratedAnswer() {}

  /**
   * The calibrated answer.
   *
   * @param own the model's own answer
   * @param calibration the fitted calibration; null if there is none yet. One for another type of
   *     answer changes nothing
   * @param policy the task's policy
   * @param draw the row's {@link RowDraw}
   * @param range the values that targets can have; intervals end where it ends
   */
  public static Answer of(
      Answer own,
      Answer.Calibration calibration,
      CalibrationPolicy policy,
      double draw,
      TargetRange range) {
    return own.value() == null
        ? labels(own, calibration, policy, draw)
        : number(own, calibration, draw, range);
  }

  private static Answer labels(
      Answer own, Answer.Calibration calibration, CalibrationPolicy policy, double draw) {
    boolean fits =
        calibration != null && calibration.temperature() != null && calibration.cutoff() != null;
    Map<String, Double> probabilities =
        fits ? power(own.probabilities(), 1 / calibration.temperature()) : own.probabilities();
    return new Answer(
        own.label(),
        probabilities,
        null,
        null,
        fits ? labelSet(own.probabilities(), calibration.cutoff(), draw) : null,
        policy.abstains(probabilities.get(own.label())) ? Boolean.TRUE : null,
        fits ? calibration : null);
  }

  private static Answer number(
      Answer own, Answer.Calibration calibration, double draw, TargetRange range) {
    if (calibration == null || calibration.stretch() == null || own.interval() == null) {
      return own;
    }
    Answer.Interval whole =
        stretched(own, factor(calibration.stretch(), draw), calibration.coverage());
    Answer.Interval within = whole.within(range.lower(), range.upper(), own.value());
    // an interval that was cut does not say any more what the model's own was
    Answer.Calibration applied =
        within.equals(whole) ? calibration : calibration.withOwn(own.interval());
    return new Answer(null, null, own.value(), within, null, null, applied);
  }

  /** The factor on the halves of a row's interval. */
  private static double factor(double stretch, double draw) {
    return stretch * Math.exp(-RowDraw.shift(draw));
  }

  /**
   * The model's own answer behind a calibrated one. The coverage of its interval is not restored.
   *
   * @param given an answer, calibrated or not
   * @param draw the row's {@link RowDraw}
   */
  public static Answer own(Answer given, double draw) {
    Answer.Calibration calibration = given.calibration();
    if (calibration == null) {
      return given;
    }
    if (given.value() == null) {
      return Answer.ofLabels(
          given.label(), power(given.probabilities(), calibration.temperature()));
    }
    return Answer.ofNumber(
        given.value(),
        calibration.own() != null
            ? calibration.own()
            : stretched(given, 1 / factor(calibration.stretch(), draw), calibration.coverage()));
  }

  private static Answer.Interval stretched(Answer answer, double factor, double coverage) {
    double value = answer.value();
    return new Answer.Interval(
        value - factor * (value - answer.interval().lower()),
        value + factor * (answer.interval().upper() - value),
        coverage);
  }

  /** Powers of probabilities, normalised. */
  private static Map<String, Double> power(Map<String, Double> probabilities, double exponent) {
    double max = probabilities.values().stream().mapToDouble(p -> p).max().orElse(1);
    Map<String, Double> powers = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<String, Double> label : probabilities.entrySet()) {
      double power = Math.pow(label.getValue() / max, exponent);
      powers.put(label.getKey(), power);
      sum += power;
    }
    double total = sum;
    powers.replaceAll((label, power) -> power / total);
    return powers;
  }

  private static List<String> labelSet(
      Map<String, Double> probabilities, double cutoff, double draw) {
    List<Map.Entry<String, Double>> set = new ArrayList<>(probabilities.entrySet());
    double threshold = LabelScore.ofCutoff(cutoff) + ROUNDING;
    set.removeIf(label -> LabelScore.of(label.getValue(), draw) > threshold);
    set.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    return set.stream().map(Map.Entry::getKey).toList();
  }
}
