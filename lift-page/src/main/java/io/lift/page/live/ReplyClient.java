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

/** Requests the answer to a row through Kafka and waits for it. Thread-safe. */
public final class ReplyClient implements AutoCloseable {
  private static final int MAX_PENDING = 16;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final Duration timeout;
  private final Semaphore slots = new Semaphore(MAX_PENDING);
  private final Map<String, CompletableFuture<PredictionMessage>> pending =
      new ConcurrentHashMap<>();

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
   * @param explain whether the answer is to be explained
   * @throws TimeoutException if no answer comes in time, or too many requests are pending
   */
  public PredictionMessage request(String task, byte[] row, boolean explain)
      throws TimeoutException, InterruptedException, ExecutionException {
    if (!slots.tryAcquire()) {
      throw new TimeoutException();
    }
    String id = "try-" + UUID.randomUUID();
    CompletableFuture<PredictionMessage> answer = new CompletableFuture<>();
    pending.put(id, answer);
    try {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topics.rows().name(), bytes(id), row);
      HeaderValues.add(record.headers(), Headers.TASK, task);
      HeaderValues.add(record.headers(), Headers.USE, Headers.TRY);
      HeaderValues.add(record.headers(), Headers.EXPLAIN, explain ? HeaderValues.TRUE : null);
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
      pending.remove(id);
      slots.release();
    }
  }

  /** Takes an answer, which may belong to another replica's request. */
  public void answered(ConsumerRecord<byte[], byte[]> reply) {
    String id = HeaderValues.string(reply.headers(), Headers.CORRELATION_ID);
    CompletableFuture<PredictionMessage> answer = id == null ? null : pending.get(id);
    if (answer != null) {
      answer.complete(Json.read(reply.value(), PredictionMessage.class));
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
