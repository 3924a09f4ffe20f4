package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.messages.CalibrationMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which calibrations are published: at most one a second for each task, and only if it
 * rests on more rows or would change answers by 1 % or more.
 */
final class CalibrationThrottle {
  private static final long EVERY_MILLIS = 1_000;

  /** A relative change below this counts as none. */
  private static final double SAME = 0.01;

  private record Published(CalibrationMessage message, long at) {}

  private final Map<String, Published> published = new HashMap<>();

  /** Whether another may be published. */
  boolean due(String task, long now) {
    Published last = published.get(task);
    return last == null || now - last.at() >= EVERY_MILLIS;
  }

  /** Whether a calibration differs from the published one; if so, it counts as published. */
  boolean differs(CalibrationMessage learned, long now) {
    Published last = published.get(learned.task());
    boolean changed = last == null || differs(last.message(), learned);
    if (changed) {
      published.put(learned.task(), new Published(learned, now));
    }
    return changed;
  }

  private static boolean differs(CalibrationMessage old, CalibrationMessage learned) {
    Answer.Calibration before = old.calibration();
    Answer.Calibration after = learned.calibration();
    return !learned.isFor(old.version())
        || before.coverage() != after.coverage()
        || before.rows() != after.rows()
        || differs(before.temperature(), after.temperature())
        || differs(before.cutoff(), after.cutoff())
        || differs(before.stretch(), after.stretch());
  }

  private static boolean differs(Double before, Double after) {
    return before == null || after == null
        ? before != after
        : Math.abs(after - before) > SAME * Math.abs(before);
  }

  /** The newest published calibration of a task; null if there is none. */
  Answer.Calibration published(String task) {
    Published last = published.get(task);
    return last == null ? null : last.message().calibration();
  }

  void forget(String task) {
    published.remove(task);
  }

  void clear() {
    published.clear();
  }
}
