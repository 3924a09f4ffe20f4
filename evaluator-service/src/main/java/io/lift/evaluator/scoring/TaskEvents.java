package io.lift.evaluator.scoring;

import io.lift.core.metrics.MetricNames;
import io.lift.core.task.TaskType;
import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.EventMessage;
import io.lift.messages.PromptOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a drift writes on {@code lift.events}, with its sentences. */
final class TaskEvents {
  private TaskEvents() {}

  /**
   * The events of a drift, in the order in which they take effect.
   *
   * @param shortens whether the task is answered from labelled rows in context
   */
  static List<EventMessage> of(
      String task, TaskType type, MetricHistory.Found found, boolean shortens) {
    Drift mark = found.mark();
    boolean labels = type == TaskType.CLASSIFICATION;
    String sentence =
        labels
            ? "The accuracy of task %s fell from %s to %s in the newest %d rows."
            : "The mean absolute error of task %s rose from %s to %s in the newest %d rows.";
    List<EventMessage> events = new ArrayList<>();
    events.add(
        EventMessage.drift(
            task,
            mark,
            labels ? MetricNames.ACCURACY : MetricNames.MAE,
            found.rows(),
            found.detected(),
            sentence.formatted(
                task, figure(labels, mark.before()), figure(labels, mark.after()), found.rows())));
    if (shortens && mark.since() != null) {
      events.add(EventMessage.shortened(task, mark, found.rows(), shortened(task, mark.since())));
    }
    return events;
  }

  private static String shortened(String task, PromptOffset since) {
    return "Labelled rows before offset %d of lift.prompts, partition %d, no longer support the answers of task %s."
        .formatted(since.offset(), since.partition(), task);
  }

  private static String figure(boolean labels, double value) {
    return labels
        ? String.format(Locale.ROOT, "%.0f %%", 100 * value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
