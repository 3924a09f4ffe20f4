package io.lift.kafka;

import io.lift.core.task.TaskSpec;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes and deletes tasks on {@code lift.tasks}. Thread-safe. */
public final class TaskWriter {
  private final KafkaConnection kafka;

  public TaskWriter(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * Publishes a version of a task and waits until Kafka has it.
   *
   * @throws ExecutionException if Kafka does not take it
   */
  public void publish(TaskSpec task) throws InterruptedException, ExecutionException {
    send(task.name(), Json.write(task));
  }

  /**
   * Deletes a task. Its rows, checkpoints and predictions stay on their topics.
   *
   * @throws ExecutionException if Kafka does not take that
   */
  public void delete(String name) throws InterruptedException, ExecutionException {
    send(name, null);
  }

  private void send(String name, byte[] value) throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka.settings(), Map.of())) {
      producer
          .send(
              new ProducerRecord<>(kafka.topics().tasks().name(), HeaderValues.bytes(name), value))
          .get();
    }
  }
}
