package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.kafka.TaskWriter;
import io.lift.messages.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;

/** The tasks on {@code lift.tasks}. */
public final class TaskRegistry implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ConnectionSettings kafka;
  private final TaskWriter writer;
  private final CompactedTable<TaskSpec> tasks;

  /**
   * @throws io.lift.kafka.KafkaUnavailableException if no broker answers, or access is denied
   */
  public TaskRegistry(ConnectionSettings kafka) throws InterruptedException {
    this.kafka = kafka;
    this.writer = new TaskWriter(kafka.connection());
    KafkaAccess.open(
        kafka.client(),
        List.of(kafka.topics().tasks()),
        List.of(RequiredAcl.read(kafka.topics().tasks())));
    tasks = new CompactedTable<>(kafka.topics().tasks(), kafka.client());
    tasks.start();
    refresh();
  }

  private void refresh() throws InterruptedException {
    if (!tasks.refresh(LIMIT)) {
      throw new CliException(
          "Cannot read %s from %s within %d s.",
          kafka.topics().tasks().name(), kafka.bootstrap(), LIMIT.toSeconds());
    }
  }

  /** All tasks by name. */
  public Map<String, TaskSpec> all() {
    return new TreeMap<>(tasks.snapshot());
  }

  public Optional<TaskSpec> find(String name) {
    return tasks.get(name);
  }

  /**
   * @throws CliException if there is no such task; the message names those that there are
   */
  public TaskSpec get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new CliException(
                    "There is no task '%s'%s.",
                    name,
                    all().isEmpty()
                        ? "; create one with 'lift task create'"
                        : "; there is " + String.join(", ", all().keySet())));
  }

  /**
   * The newest version of a task.
   *
   * @throws CliException if there is no such task
   */
  public TaskSpec refreshed(String name) throws InterruptedException {
    refresh();
    return get(name);
  }

  /** Publishes a new task, as {@link #publish}, and records who does. */
  public void create(TaskSpec task) throws InterruptedException {
    recorded(task.name(), Action.What.CREATE, () -> publish(task));
  }

  /** Deletes a task, as {@link #delete}, and records who does. */
  public void remove(String name) throws InterruptedException {
    recorded(name, Action.What.DELETE, () -> delete(name));
  }

  private void recorded(String name, Action.What what, ActionRecorder.Step step)
      throws InterruptedException {
    try (ActionRecorder actions = new ActionRecorder(kafka)) {
      actions.run(name, what, step);
    }
  }

  /** Publishes a task and waits until it can be read back. */
  public void publish(TaskSpec task) throws InterruptedException {
    write(() -> writer.publish(task));
  }

  /** Deletes a task by a tombstone. */
  public void delete(String name) throws InterruptedException {
    write(() -> writer.delete(name));
  }

  /** What Kafka may refuse. */
  @FunctionalInterface
  private interface Change {
    void write() throws InterruptedException, ExecutionException;
  }

  private void write(Change change) throws InterruptedException {
    KafkaAccess.open(kafka.client(), List.of(), List.of(RequiredAcl.write(kafka.topics().tasks())));
    try {
      change.write();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
    refresh();
  }

  @Override
  public void close() {
    tasks.close();
  }
}
