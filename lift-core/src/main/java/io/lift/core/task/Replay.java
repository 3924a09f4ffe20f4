package io.lift.core.task;

import java.util.List;

/** Lets a task read its topics again. */
public final class Replay {
  private Replay() {}

  /**
   * The next version of a task, which reads its sources, or one of them, from a moment on. Each row
   * is a training example and a request once more.
   *
   * @param from {@code earliest}, {@code latest} or a moment, see {@link Source#read}
   * @param topic one of the task's sources; null for all of them
   * @param now epoch milliseconds
   * @throws IllegalArgumentException with one sentence, if that is impossible
   */
  public static TaskSpec of(TaskSpec task, String from, String topic, long now) {
    List<String> topics = topics(task);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException(
          "Task '%s' reads no topic of its own; send its rows again.".formatted(task.name()));
    }
    if (topic != null && !topics.contains(topic)) {
      throw new IllegalArgumentException(
          "Topic '%s' is no source of task '%s'; its sources are %s."
              .formatted(topic, task.name(), String.join(", ", topics)));
    }
    List<Source> sources =
        task.sources().stream()
            .map(source -> isRead(source, topic) ? again(source, from, now) : source)
            .toList();
    return task.toBuilder().version(task.version() + 1).sources(sources).build();
  }

  /** The topics that are read again. */
  public static List<String> topics(TaskSpec task) {
    return task.sources().stream().map(Source::topic).toList();
  }

  private static boolean isRead(Source source, String topic) {
    return topic == null || topic.equals(source.topic());
  }

  private static Source again(Source source, String from, long now) {
    try {
      return Source.read(source.topic(), from, now).as(source);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ".", e);
    }
  }
}
