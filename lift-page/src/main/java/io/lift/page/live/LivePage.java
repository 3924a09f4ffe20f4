package io.lift.page.live;

import io.lift.core.task.TaskSpec;
import io.lift.messages.ChartsMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.LabelMessage;
import io.lift.messages.MetricsMessage;
import io.lift.messages.PredictionMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.TrainingProgress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the live page shows of all tasks, in bounded memory: updated by the follower of the log and
 * read by the HTTP resources. Thread-safe.
 */
public final class LivePage {
  /** Labels that wait for a prediction still to come, over all tasks. */
  private static final int MAX_LABELS = 50_000;

  private static final int MAX_DEAD_LETTERS = 500;
  private static final int MAX_ACTIONS = 50;

  private final Map<String, TaskState> tasks = new TreeMap<>();
  private final LinkedHashMap<String, String> labels = new LinkedHashMap<>();
  private final Deque<DeadLetterView> deadLetters = new ArrayDeque<>();
  private final Deque<EventMessage> actions = new ArrayDeque<>();
  private long changes;
  private long actionsChange;
  private long cardsChange;
  private boolean ready;

  /** The log has been read to its end. */
  public synchronized void ready() {
    ready = true;
    cardsChange = ++changes;
  }

  public synchronized boolean isReady() {
    return ready;
  }

  /**
   * @param spec null if the task was deleted
   */
  public synchronized void task(String name, TaskSpec spec) {
    if (spec == null) {
      tasks.remove(name);
      cardsChange = ++changes;
    } else {
      update(name, spec, TaskState::spec);
    }
  }

  public synchronized void metrics(String name, MetricsMessage metrics) {
    update(name, metrics, TaskState::metrics);
  }

  public synchronized void charts(String name, ChartsMessage charts) {
    update(name, charts, TaskState::charts);
  }

  public synchronized void progress(String name, TrainingProgress progress) {
    update(name, progress, TaskState::progress);
  }

  public synchronized void rollback(String name, RollbackRequest request) {
    update(name, request, TaskState::rollback);
  }

  public synchronized void upload(String name, TaskCard.Upload upload) {
    update(name, upload, TaskState::upload);
  }

  /**
   * @param manifest of any version; null, for a task that was deleted, is ignored
   */
  public synchronized void checkpoint(CheckpointManifest manifest) {
    if (manifest != null) {
      update(manifest.task(), manifest, TaskState::checkpoint);
    }
  }

  @FunctionalInterface
  private interface Update<V> {
    void apply(TaskState task, V value, long number);
  }

  private <V> void update(String name, V value, Update<V> update) {
    TaskState task =
        value == null ? tasks.get(name) : tasks.computeIfAbsent(name, any -> new TaskState());
    if (task != null) {
      cardsChange = ++changes;
      update.apply(task, value, cardsChange);
    }
  }

  public synchronized void predicted(PredictionMessage message, long at) {
    TaskState task = tasks.get(message.task());
    if (task != null && message.row() != null && message.status() != null) {
      String truth = labels.remove(key(message.task(), message.row()));
      task.predicted(Prediction.of(message, at, truth), ++changes);
    }
  }

  public synchronized void event(EventMessage event) {
    if (event.kind() == EventMessage.Kind.ACTION) {
      actions.addFirst(event);
      if (actions.size() > MAX_ACTIONS) {
        actions.removeLast();
      }
      actionsChange = ++changes;
    }
    TaskState task = event.task() == null ? null : tasks.get(event.task());
    if (task != null && event.kind() != null) {
      task.event(event, ++changes);
    }
  }

  public synchronized void labelled(LabelMessage label) {
    TaskState task = tasks.get(label.task());
    if (task == null || label.row() == null || label.label() == null) {
      return;
    }
    if (!task.labelled(label.row(), label.label(), changes + 1)) {
      labels.put(key(label.task(), label.row()), label.label());
      if (labels.size() > MAX_LABELS) {
        labels.remove(labels.keySet().iterator().next());
      }
    }
    changes++;
  }

  private static String key(String task, String row) {
    return task + '/' + row; // names of tasks hold no slash
  }

  public synchronized void deadLetter(DeadLetterView letter) {
    deadLetters.addFirst(letter);
    if (deadLetters.size() > MAX_DEAD_LETTERS) {
      deadLetters.removeLast();
    }
  }

  /**
   * The newest dead letters, newest first.
   *
   * @param task null for those of all tasks
   */
  public synchronized List<DeadLetterView> deadLetters(String task, int most) {
    return deadLetters.stream()
        .filter(letter -> task == null || task.equals(letter.task()))
        .limit(most)
        .toList();
  }

  /** What somebody did or tried, newest first; also to tasks that are deleted by now. */
  public synchronized List<EventMessage> actions() {
    return List.copyOf(actions);
  }

  /** Number of the newest change of the actions; 0 before the first. */
  synchronized long actionsChanged() {
    return actionsChange;
  }

  /** All tasks at a glance, by name. */
  public synchronized List<TaskCard> cards(long now) {
    List<TaskCard> cards = new ArrayList<>();
    tasks.values().stream().filter(TaskState::exists).forEach(task -> cards.add(task.card(now)));
    return cards;
  }

  /** Number of the newest change of a card; also detects trainers that have stopped sending. */
  synchronized long cardsChanged(long now) {
    for (TaskState task : tasks.values()) {
      if (task.fallsSilent(now, changes + 1)) {
        cardsChange = ++changes;
      }
    }
    return cardsChange;
  }

  public Optional<TaskDetail> detail(String name, long now) {
    return query(name, task -> task.detail(now));
  }

  public Optional<TaskSpec> spec(String name) {
    return query(name, TaskState::spec);
  }

  /** The current checkpoint of a task. */
  public Optional<CheckpointManifest> checkpoint(String name) {
    return query(name, TaskState::current);
  }

  /** Reads from a task; empty if it does not exist or the result is null. */
  synchronized <T> Optional<T> query(String name, Function<TaskState, T> query) {
    return Optional.ofNullable(tasks.get(name)).filter(TaskState::exists).map(query);
  }

  /** Passes a task to a reader; null if it does not exist. */
  synchronized void read(String name, Consumer<TaskState> reader) {
    TaskState task = tasks.get(name);
    reader.accept(task != null && task.exists() ? task : null);
  }
}
