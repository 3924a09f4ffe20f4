package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/** The tasks on {@code lift.tasks}. */
public final class TaskRegistry implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ConnectionSettings kafka;
  private final CompactedTable<TaskSpec> tasks;

  /**
   * @throws io.lift.kafka.KafkaUnavailableException if no broker answers, or access is denied
   */
  public TaskRegistry(ConnectionSettings kafka) throws InterruptedException {
    this.kafka = kafka;
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

  /** Publishes a task and waits until it can be read back. */
  public void publish(TaskSpec task) throws InterruptedException {
    send(task.name(), Json.write(task));
    refresh();
  }

  /** Deletes a task by a tombstone. */
  public void delete(String name) throws InterruptedException {
    send(name, null);
    refresh();
  }

  private void send(String name, byte[] value) throws InterruptedException {
    KafkaAccess.open(kafka.client(), List.of(), List.of(RequiredAcl.write(kafka.topics().tasks())));
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(kafka.client(), new StringSerializer(), RowSender.bytes())) {
      producer.send(new ProducerRecord<>(kafka.topics().tasks().name(), name, value)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    tasks.close();
  }
}
