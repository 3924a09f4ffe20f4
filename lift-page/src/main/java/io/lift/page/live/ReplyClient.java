package io.lift.page.live;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Asks for the answer to a row through Kafka and waits for it. Thread-safe. */
public final class ReplyClient implements AutoCloseable {
  private static final int MOST_AT_ONCE = 16;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final Duration timeout;
  private final Semaphore asking = new Semaphore(MOST_AT_ONCE);
  private final Map<String, CompletableFuture<PredictionMessage>> asked = new ConcurrentHashMap<>();

  /**
   * @param timeout how long an answer may take
   */
  public ReplyClient(KafkaConnection kafka, Duration timeout) {
    this.topics = kafka.topics();
    this.timeout = timeout;
    producer = KafkaClients.producer(kafka.settings(), Map.of("max.block.ms", timeout.toMillis()));
  }

  /**
   * @param row a flat JSON object
   * @throws TimeoutException if no answer comes in time, or too many are asking
   */
  public PredictionMessage ask(String task, byte[] row)
      throws TimeoutException, InterruptedException, ExecutionException {
    if (!asking.tryAcquire()) {
      throw new TimeoutException();
    }
    String id = "try-" + UUID.randomUUID();
    CompletableFuture<PredictionMessage> answer = new CompletableFuture<>();
    asked.put(id, answer);
    try {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topics.rows().name(), bytes(id), row);
      HeaderValues.add(record.headers(), Headers.TASK, task);
      HeaderValues.add(record.headers(), Headers.USE, Headers.TRY);
      HeaderValues.add(record.headers(), Headers.CORRELATION_ID, id);
      HeaderValues.add(record.headers(), Headers.REPLY_TOPIC, topics.replies().name());
      long deadline = System.currentTimeMillis() + timeout.toMillis();
      HeaderValues.add(record.headers(), Headers.DEADLINE, Long.toString(deadline));
      producer.send(
          record,
          (metadata, error) -> {
            if (error != null) {
              answer.completeExceptionally(error);
            }
          });
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      asked.remove(id);
      asking.release();
    }
  }

  /** An answer has come, perhaps to another replica's question. */
  public void answered(ConsumerRecord<byte[], byte[]> reply) {
    String id = HeaderValues.string(reply.headers(), Headers.CORRELATION_ID);
    CompletableFuture<PredictionMessage> answer = id == null ? null : asked.get(id);
    if (answer != null) {
      answer.complete(Json.read(reply.value(), PredictionMessage.class));
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
