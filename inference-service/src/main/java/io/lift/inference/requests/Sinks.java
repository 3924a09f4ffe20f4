package io.lift.inference.requests;

import io.lift.core.task.Sink;
import io.lift.core.task.TaskSpec;
import io.lift.formats.sink.PredictionWriter;
import io.lift.formats.sink.PredictionWriters;
import io.lift.formats.sink.WriterState;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The topics that the predictions of tasks also go to. A topic that cannot be written to is left
 * out for a while, so that no other task waits for it: all predictions are on {@code
 * lift.predictions}. Requests wait, as those before a first checkpoint do, while a schema registry
 * does not say how their predictions are written. Thread-safe.
 */
public final class Sinks {
  private final Function<String, Optional<TaskSpec>> tasks;
  private final Supplier<Map<String, TaskSpec>> all;
  private final PredictionWriters writers;
  private final WritableTopics topics;

  /** Where the copy of a prediction goes. */
  sealed interface Target {}

  /** Nowhere. */
  record Nowhere() implements Target {}

  /** To a topic for which nobody knows yet how predictions are written. */
  record Unknown() implements Target {}

  /** To a topic. */
  record Open(String topic, PredictionWriter writer) implements Target {}

  /**
   * @param tasks the newest version of a task, by name
   * @param all the newest versions of all tasks, by name
   * @param writers write the predictions
   * @param topics says which topics can be written to
   */
  public Sinks(
      Function<String, Optional<TaskSpec>> tasks,
      Supplier<Map<String, TaskSpec>> all,
      PredictionWriters writers,
      WritableTopics topics) {
    this.tasks = tasks;
    this.all = all;
    this.writers = writers;
    this.topics = topics;
  }

  /** Whether requests of a task wait until it is known how its predictions are written. */
  public boolean waits(String task) {
    return sink(task)
        .filter(sink -> writers.state(sink) instanceof WriterState.Waiting)
        .isPresent();
  }

  /** Where a task's predictions go now, besides {@code lift.predictions}. */
  Target target(String task) {
    Sink sink = sink(task).orElse(null);
    if (sink == null) {
      return new Nowhere();
    }
    WriterState state = writers.state(sink);
    if (state instanceof WriterState.Waiting) {
      return new Unknown();
    }
    if (state instanceof WriterState.Ready ready) {
      boolean usable = topics.usable(new ReplyAddress(sink.topic(), null));
      return usable ? new Open(sink.topic(), ready.writer()) : new Nowhere();
    }
    topics.dropped();
    return new Nowhere();
  }

  /** Why predictions of tasks do not go to their topics now, in one sentence, by task. */
  public Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    all.get()
        .forEach(
            (task, spec) -> {
              WriterState state = spec.sink() == null ? null : writers.state(spec.sink());
              if (state instanceof WriterState.Waiting waiting && waiting.why() != null) {
                problems.put(task, "The rows of task %s wait: %s.".formatted(task, waiting.why()));
              } else if (state instanceof WriterState.Refused refused) {
                problems.put(task, unsent(task, refused));
              }
            });
    return problems;
  }

  /** That predictions of a task do not go to its topic, in one sentence. */
  public static String unsent(String task, WriterState.Refused refused) {
    return "The predictions of task %s do not go to their own topic: %s"
        .formatted(task, refused.why());
  }

  /** A task was published, or deleted if {@code spec} is null. Its schema is asked for at once. */
  public void onTask(String name, TaskSpec spec) {
    if (spec != null && spec.sink() != null) {
      writers.state(spec.sink());
    }
  }

  /** How many tasks have requests that would wait for a schema now. */
  public long waiting() {
    return all.get().values().stream()
        .filter(spec -> spec.sink() != null)
        .filter(spec -> writers.state(spec.sink()) instanceof WriterState.Waiting)
        .count();
  }

  /** The copy of a prediction cannot be written, and is left out. */
  void dropped() {
    topics.dropped();
  }

  /** Writing to a topic failed, so it is not tried again for a while. */
  void failed(String topic, String why) {
    topics.failed(new ReplyAddress(topic, null), why);
  }

  private Optional<Sink> sink(String task) {
    return tasks.apply(task).map(TaskSpec::sink);
  }
}
