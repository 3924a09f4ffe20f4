package io.lift.core.calibration;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the model's own answer to the calibrated one, and back. */
public final class CalibratedAnswer {
  /** Ways there and back through a temperature round by less than this share. */
  private static final double ROUNDING = 1e-9;

  private CalibratedAnswer() {}

  /**
   * The answer that is given.
   *
   * @param own the model's own answer
   * @param learnt what labels have taught, or null if nothing yet; figures for another type of
   *     answer change nothing
   * @param asked what the task asks for
   */
  public static Answer of(Answer own, Answer.Calibration learnt, CalibrationPolicy asked) {
    return own.value() == null ? labels(own, learnt, asked) : number(own, learnt);
  }

  private static Answer labels(Answer own, Answer.Calibration learnt, CalibrationPolicy asked) {
    boolean fits = learnt != null && learnt.temperature() != null && learnt.cutoff() != null;
    Map<String, Double> probabilities =
        fits ? power(own.probabilities(), 1 / learnt.temperature()) : own.probabilities();
    return new Answer(
        own.label(),
        probabilities,
        null,
        null,
        fits ? from(own.probabilities(), learnt.cutoff()) : null,
        asked.abstains(probabilities.get(own.label())) ? Boolean.TRUE : null,
        fits ? learnt : null);
  }

  private static Answer number(Answer own, Answer.Calibration learnt) {
    return learnt == null || learnt.stretch() == null || own.interval() == null
        ? own
        : new Answer(
            null,
            null,
            own.value(),
            stretched(own, learnt.stretch(), learnt.coverage()),
            null,
            null,
            learnt);
  }

  /** The model's own answer behind a given one; the coverage of an interval is not brought back. */
  public static Answer own(Answer given) {
    Answer.Calibration learnt = given.calibration();
    if (learnt == null) {
      return given;
    }
    if (given.value() == null) {
      return Answer.ofLabels(given.label(), power(given.probabilities(), learnt.temperature()));
    }
    return Answer.ofNumber(
        given.value(), stretched(given, 1 / learnt.stretch(), learnt.coverage()));
  }

  private static Answer.Interval stretched(Answer answer, double times, double coverage) {
    double value = answer.value();
    return new Answer.Interval(
        value - times * (value - answer.interval().lower()),
        value + times * (answer.interval().upper() - value),
        coverage);
  }

  /** Probabilities to a power, normalised. */
  private static Map<String, Double> power(Map<String, Double> probabilities, double exponent) {
    double max = probabilities.values().stream().mapToDouble(p -> p).max().orElse(1);
    Map<String, Double> powers = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<String, Double> label : probabilities.entrySet()) {
      double power = Math.pow(label.getValue() / max, exponent);
      powers.put(label.getKey(), power);
      sum += power;
    }
    double all = sum;
    powers.replaceAll((label, power) -> power / all);
    return powers;
  }

  private static List<String> from(Map<String, Double> probabilities, double cutoff) {
    List<Map.Entry<String, Double>> in = new ArrayList<>(probabilities.entrySet());
    in.removeIf(label -> label.getValue() < cutoff * (1 - ROUNDING));
    in.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    return in.stream().map(Map.Entry::getKey).toList();
  }
}
