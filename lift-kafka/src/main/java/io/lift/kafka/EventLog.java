package io.lift.kafka;

import io.lift.messages.Action;
import io.lift.messages.EventMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes on {@code lift.events}. Thread-safe. */
public final class EventLog implements AutoCloseable {
  /** Key of an action that names no task; no task is called so. */
  private static final String NO_TASK = "";

  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  /**
   * @param timeout how long a write may take
   */
  public EventLog(KafkaConnection kafka, Duration timeout) {
    topic = kafka.topics().events().name();
    int millis = Math.toIntExact(timeout.toMillis());
    producer =
        KafkaClients.producer(
            kafka.settings(),
            Map.of(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                timeout.toMillis(),
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                millis));
  }

  /**
   * Writes an action and waits until Kafka has it.
   *
   * @param task null if it names none
   * @throws ExecutionException if Kafka does not take it
   */
  public void write(String task, Action action) throws InterruptedException, ExecutionException {
    write(EventMessage.action(task, System.currentTimeMillis(), action));
  }

  /**
   * Writes an event and waits until Kafka has it.
   *
   * @throws ExecutionException if Kafka does not take it
   */
  public void write(EventMessage event) throws InterruptedException, ExecutionException {
    byte[] key = HeaderValues.bytes(event.task() == null ? NO_TASK : event.task());
    producer.send(new ProducerRecord<>(topic, key, Json.write(event))).get();
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
