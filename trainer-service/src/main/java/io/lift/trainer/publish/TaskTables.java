package io.lift.trainer.publish;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tasks, checkpoints, rollback requests and drifts as they are on the log, followed live.
 * Thread-safe.
 */
public final class TaskTables implements AutoCloseable {
  private static final Duration READ = Duration.ofSeconds(30);

  private final KafkaConnection kafka;
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<CheckpointManifest> checkpoints;
  private final CompactedTable<CheckpointManifest> history;
  private final CompactedTable<RollbackRequest> rollbacks;
  private final CompactedTable<EventMessage> events;
  private final Map<String, EventMessage> drifts = new ConcurrentHashMap<>();
  private final Map<String, NavigableMap<Long, CheckpointManifest>> kept = new HashMap<>();
  private volatile Listener listener;

  /** Is told of changes, on the threads that read the topics. */
  public interface Listener {

    /**
     * @param spec the new version of the task, or null if it was deleted
     */
    void taskChanged(String task, TaskSpec spec);

    /** A rollback request was published, changed or removed. */
    void rollbackChanged(String task);

    /** A drift was detected. */
    void driftDetected(String task);
  }

  /**
   * @param kafka where the topics are
   */
  public TaskTables(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    this.kafka = kafka;
    tasks =
        new CompactedTable<>(
            topics.tasks(), kafka.settings(), (task, spec) -> listener.taskChanged(task, spec));
    checkpoints = new CompactedTable<>(topics.checkpoints(), kafka.settings());
    history = new CompactedTable<>(topics.checkpointsLog(), kafka.settings(), this::keep);
    rollbacks =
        new CompactedTable<>(
            topics.rollbacks(),
            kafka.settings(),
            (task, request) -> listener.rollbackChanged(task));
    events = new CompactedTable<>(topics.events(), kafka.settings(), this::follow);
  }

  /** Begins to read. */
  public void start(Listener listener) {
    this.listener = listener;
    tasks.start();
    checkpoints.start();
    history.start();
    rollbacks.start();
    events.start();
  }

  private void keep(String task, CheckpointManifest manifest) {
    if (manifest == null) {
      return;
    }
    synchronized (kept) {
      NavigableMap<Long, CheckpointManifest> versions =
          kept.computeIfAbsent(task, any -> new TreeMap<>());
      versions.put(manifest.version(), manifest);
      while (versions.size() > CheckpointFiles.KEPT_VERSIONS) {
        versions.pollFirstEntry();
      }
    }
  }

  private void follow(String task, EventMessage event) {
    if (event == null || event.kind() == null) {
      return;
    }
    switch (event.kind()) {
      case DRIFT -> {
        drifts.put(task, event);
        listener.driftDetected(task);
      }
      case RETRAINED -> close(event);
      default -> {}
    }
  }

  /** The newest drift of a task that no checkpoint has followed; empty if there is none. */
  public Optional<EventMessage> openDrift(String task) {
    return Optional.ofNullable(drifts.get(task));
  }

  /** A checkpoint has followed a drift. */
  public void close(EventMessage retrained) {
    drifts.computeIfPresent(
        retrained.task(),
        (task, drift) -> Objects.equals(drift.detected(), retrained.detected()) ? null : drift);
  }

  /** The newest versions of a task, those whose files can still be read, ascending. */
  public NavigableMap<Long, CheckpointManifest> kept(String task) {
    synchronized (kept) {
      return new TreeMap<>(kept.getOrDefault(task, new TreeMap<>()));
    }
  }

  /**
   * The file of a version.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  public byte[] file(CheckpointManifest version) throws IOException {
    return CheckpointFiles.read(kafka, version, READ);
  }

  /** The rollback request for a task that has been neither fulfilled nor rejected. */
  public Optional<RollbackRequest> rollbackRequest(String task) {
    return rollbacks
        .get(task)
        .filter(
            request ->
                request.error() == null && request.id() != null && task.equals(request.task()));
  }

  /** A task; empty if it does not exist. */
  public Optional<TaskSpec> task(String name) {
    return tasks.get(name);
  }

  /** All tasks, by name. */
  public Map<String, TaskSpec> tasks() {
    return tasks.snapshot();
  }

  /** The current checkpoint of a task. */
  public Optional<CheckpointManifest> checkpoint(String task) {
    return checkpoints.get(task);
  }

  /** The current checkpoints, by task. */
  public Map<String, CheckpointManifest> checkpoints() {
    return checkpoints.snapshot();
  }

  /** The highest version ever published for a task, deleted ones included; 0 if none. */
  public long lastVersion(String task) {
    return history.get(task).map(CheckpointManifest::version).orElse(0L);
  }

  /** Whether each topic has been read once to its end. */
  public boolean caughtUp() {
    return tasks.caughtUp()
        && checkpoints.caughtUp()
        && history.caughtUp()
        && rollbacks.caughtUp()
        && events.caughtUp();
  }

  /** Waits until everything committed before this call is here; false after {@code timeout}. */
  public boolean refresh(Duration timeout) throws InterruptedException {
    return tasks.refresh(timeout)
        && checkpoints.refresh(timeout)
        && history.refresh(timeout)
        && events.refresh(timeout);
  }

  /** The same for the tasks alone. */
  public boolean refreshTasks(Duration timeout) throws InterruptedException {
    return tasks.refresh(timeout);
  }

  @Override
  public void close() {
    tasks.close();
    checkpoints.close();
    history.close();
    rollbacks.close();
    events.close();
  }
}
