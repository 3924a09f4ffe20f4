package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.messages.CalibrationMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Decides which calibrations and weights are published. A calibration is fitted at most once a
 * second for each task. It is published if it rests on more rows or would change answers by 1 % or
 * more. Weights are published as soon as one of them has moved by 2 % of the whole, and with each
 * drift.
 */
final class CalibrationThrottle {
  private static final long FIT_EVERY_MILLIS = 1_000;

  /** A relative change below this counts as none. */
  private static final double SAME = 0.01;

  /** A change of a weight below this counts as none. */
  private static final double SAME_WEIGHT = 0.02;

  private final Map<String, CalibrationMessage> published = new HashMap<>();
  private final Map<String, Long> fittedAt = new HashMap<>();

  /** Whether a task's calibration may be published again. */
  boolean due(String task, long now) {
    Long last = fittedAt.get(task);
    return last == null || now - last >= FIT_EVERY_MILLIS;
  }

  /** A calibration of the task was fitted. */
  void fitted(String task, long now) {
    fittedAt.put(task, now);
  }

  /** Whether a message differs from the published one; if so, it counts as published. */
  boolean differs(CalibrationMessage learned) {
    CalibrationMessage last = published.get(learned.task());
    boolean changed = last == null || differs(last, learned);
    if (changed) {
      published.put(learned.task(), learned);
    }
    return changed;
  }

  private static boolean differs(CalibrationMessage old, CalibrationMessage learned) {
    return !learned.isFor(old.version())
        || differs(old.calibration(), learned.calibration())
        || weightsDiffer(old.weights(), learned.weights())
        || !Objects.equals(old.since(), learned.since());
  }

  private static boolean differs(Answer.Calibration before, Answer.Calibration after) {
    if (before == null || after == null) {
      return before != after;
    }
    return before.coverage() != after.coverage()
        || before.rows() != after.rows()
        || differs(before.temperature(), after.temperature())
        || differs(before.cutoff(), after.cutoff())
        || differs(before.stretch(), after.stretch());
  }

  private static boolean weightsDiffer(Map<String, Double> before, Map<String, Double> after) {
    if (before == null || after == null || !before.keySet().equals(after.keySet())) {
      return !Objects.equals(before, after);
    }
    return after.entrySet().stream()
        .anyMatch(each -> Math.abs(each.getValue() - before.get(each.getKey())) > SAME_WEIGHT);
  }

  private static boolean differs(Double before, Double after) {
    return before == null || after == null
        ? before != after
        : Math.abs(after - before) > SAME * Math.abs(before);
  }

  /** The newest published calibration of a task; null if there is none. */
  Answer.Calibration published(String task) {
    CalibrationMessage last = published.get(task);
    return last == null ? null : last.calibration();
  }

  void forget(String task) {
    published.remove(task);
    fittedAt.remove(task);
  }

  void clear() {
    published.clear();
    fittedAt.clear();
  }
}
