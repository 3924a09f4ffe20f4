package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.CalibratedAnswer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CalibrationMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each task asks of its answers and what labels have taught about them, applied to the next
 * ones. Thread-safe.
 */
public final class Calibrations {
  private final Map<String, CalibrationMessage> newest = new ConcurrentHashMap<>();
  private final Map<String, CalibrationPolicy> asked = new ConcurrentHashMap<>();

  /** A record of {@code lift.tasks}; null if there is no such task any more. */
  public void onTask(String task, TaskSpec spec) {
    if (spec == null) {
      asked.remove(task);
    } else {
      asked.put(task, spec.calibration());
    }
  }

  /** A record of {@code lift.calibration}; null if there is none any more. */
  public void onCalibration(String task, CalibrationMessage message) {
    if (message == null) {
      newest.remove(task);
    } else {
      newest.put(task, message);
    }
  }

  /**
   * The answer that is given.
   *
   * @param model whose answer it is
   * @param own the model's own answer
   */
  public Answer apply(LoadedModel model, Answer own) {
    TaskSpec task = model.language().task();
    CalibrationMessage learnt = newest.get(task.name());
    boolean fits = learnt != null && learnt.isFor(model.version());
    // the task may have changed its mind since the model was loaded
    CalibrationPolicy policy = asked.getOrDefault(task.name(), task.calibration());
    return CalibratedAnswer.of(own, fits ? learnt.calibration() : null, policy);
  }
}
