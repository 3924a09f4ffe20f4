package io.lift.page.create;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.page.live.LivePage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes tasks on {@code lift.tasks}. Thread-safe. */
public final class TaskPublisher {
  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 50;

  private final KafkaConnection kafka;
  private final LivePage page;

  /**
   * @param page shows a published task once it comes back from the topic
   */
  public TaskPublisher(KafkaConnection kafka, LivePage page) {
    this.kafka = kafka;
    this.page = page;
  }

  /**
   * Publishes a task and waits until the page shows it, for five seconds at most.
   *
   * @throws ExecutionException if Kafka does not take it
   */
  public void publish(TaskSpec task) throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka.settings(), Map.of())) {
      producer
          .send(
              new ProducerRecord<>(
                  kafka.topics().tasks().name(), HeaderValues.bytes(task.name()), Json.write(task)))
          .get();
    }
    long deadline = System.nanoTime() + SHOWN_WITHIN.toNanos();
    while (page.spec(task.name()).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
