package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.calibration.CalibratedAnswer;
import io.lift.core.calibration.RowDraw;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TargetRange;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.PromptOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each task's calibration policy and its newest calibration, applied to the model's answers.
 * Thread-safe.
 */
public final class Calibrations {
  private final Map<String, CalibrationMessage> newest = new ConcurrentHashMap<>();
  private final Map<String, CalibrationPolicy> policies = new ConcurrentHashMap<>();

  /** A record of {@code lift.tasks}; {@code spec} is null if the task was deleted. */
  public void onTask(String task, TaskSpec spec) {
    if (spec == null) {
      policies.remove(task);
    } else {
      policies.put(task, spec.calibration());
    }
  }

  /** A record of {@code lift.calibration}; {@code message} is null if it was deleted. */
  public void onCalibration(String task, CalibrationMessage message) {
    if (message == null) {
      newest.remove(task);
    } else {
      newest.put(task, message);
    }
  }

  /** The newest weights of a task's predictors; empty before there are any. */
  public Map<String, Double> weights(String task) {
    CalibrationMessage message = newest.get(task);
    return message == null || message.weights() == null ? Map.of() : message.weights();
  }

  /** The first labelled row after a task's newest drift; null before any. */
  public PromptOffset since(String task) {
    CalibrationMessage message = newest.get(task);
    return message == null ? null : message.since();
  }

  /**
   * Calibrates an answer. The calibration of another checkpoint is not applied.
   *
   * @param model the model that gave the answer, or would have without labelled rows in context
   * @param own the model's own answer
   * @param mixed whether labelled rows were read in context
   * @param row the id of the row that it answers
   */
  public Answer apply(LoadedModel model, Answer own, boolean mixed, String row) {
    TaskSpec task = model.language().task();
    CalibrationMessage message = newest.get(task.name());
    boolean fits =
        message != null && message.isFor(mixed ? Math.max(1, model.version()) : model.version());
    // the policy may have changed since the model was loaded
    CalibrationPolicy policy = policies.getOrDefault(task.name(), task.calibration());
    return CalibratedAnswer.of(
        own, fits ? message.calibration() : null, policy, RowDraw.of(row), TargetRange.of(task));
  }
}
