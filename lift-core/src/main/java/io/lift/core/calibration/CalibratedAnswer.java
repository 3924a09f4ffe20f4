package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Applies a calibration to the model's own answer, and inverts it. */
public final class CalibratedAnswer {
  /** Applying a temperature and inverting it changes a probability by less than this share. */
  private static final double ROUNDING = 1e-9;

  private CalibratedAnswer() {}

  /**
   * The calibrated answer.
   *
   * @param own the model's own answer
   * @param calibration the fitted calibration; null if there is none yet. One for another type of
   *     answer changes nothing
   * @param policy the task's policy
   */
  public static Answer of(Answer own, Answer.Calibration calibration, CalibrationPolicy policy) {
    return own.value() == null ? labels(own, calibration, policy) : number(own, calibration);
  }

  private static Answer labels(
      Answer own, Answer.Calibration calibration, CalibrationPolicy policy) {
    boolean fits =
        calibration != null && calibration.temperature() != null && calibration.cutoff() != null;
    Map<String, Double> probabilities =
        fits ? power(own.probabilities(), 1 / calibration.temperature()) : own.probabilities();
    return new Answer(
        own.label(),
        probabilities,
        null,
        null,
        fits ? labelSet(own.probabilities(), calibration.cutoff()) : null,
        policy.abstains(probabilities.get(own.label())) ? Boolean.TRUE : null,
        fits ? calibration : null);
  }

  private static Answer number(Answer own, Answer.Calibration calibration) {
    return calibration == null || calibration.stretch() == null || own.interval() == null
        ? own
        : new Answer(
            null,
            null,
            own.value(),
            stretched(own, calibration.stretch(), calibration.coverage()),
            null,
            null,
            calibration);
  }

  /**
   * The model's own answer behind a calibrated one. The coverage of its interval is not restored.
   *
   * @param given an answer, calibrated or not
   */
  public static Answer own(Answer given) {
    Answer.Calibration calibration = given.calibration();
    if (calibration == null) {
      return given;
    }
    if (given.value() == null) {
      return Answer.ofLabels(
          given.label(), power(given.probabilities(), calibration.temperature()));
    }
    return Answer.ofNumber(
        given.value(), stretched(given, 1 / calibration.stretch(), calibration.coverage()));
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

  private static List<String> labelSet(Map<String, Double> probabilities, double cutoff) {
    List<Map.Entry<String, Double>> set = new ArrayList<>(probabilities.entrySet());
    set.removeIf(label -> label.getValue() < cutoff * (1 - ROUNDING));
    set.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    return set.stream().map(Map.Entry::getKey).toList();
  }
}
