package io.lift.inference.requests;

import io.lift.core.task.Sink;
import io.lift.core.task.TaskSpec;
import java.util.Optional;
import java.util.function.Function;

/**
 * The topics that the predictions of tasks also go to. A topic that cannot be written to is left
 * out for a while, so that no other task waits for it: all predictions are on {@code
 * lift.predictions}. Thread-safe.
 */
public final class Sinks {
  private final Function<String, Optional<TaskSpec>> tasks;
  private final WritableTopics topics;

  /**
   * @param tasks the newest version of a task, by name
   * @param topics says which topics can be written to
   */
  public Sinks(Function<String, Optional<TaskSpec>> tasks, WritableTopics topics) {
    this.tasks = tasks;
    this.topics = topics;
  }

  /** The topic that a task's predictions go to now, besides {@code lift.predictions}. */
  Optional<String> topic(String task) {
    return tasks
        .apply(task)
        .map(TaskSpec::sink)
        .map(Sink::topic)
        .filter(topic -> topics.usable(new ReplyAddress(topic, null)));
  }

  /** Writing to a topic failed, so it is not tried again for a while. */
  void failed(String topic, String why) {
    topics.failed(new ReplyAddress(topic, null), why);
  }
}
