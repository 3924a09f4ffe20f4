package io.lift.page.live;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends rollback requests and waits for their results. Thread-safe. */
public final class RollbackClient implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final LivePage page;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final Duration timeout;

  /**
   * The result of a request: one of the two, or neither while no trainer has acted.
   *
   * @param done the checkpoint that restores the version
   * @param rejected why the rollback is impossible, in one sentence
   */
  public record Outcome(TaskCard.Current done, String rejected) {}

  /**
   * @param timeout how long to wait for a trainer
   */
  public RollbackClient(LivePage page, KafkaConnection kafka, Duration timeout) {
    this.page = page;
    this.topics = kafka.topics();
    this.timeout = timeout;
    producer = KafkaClients.producer(kafka.settings(), Map.of("max.block.ms", timeout.toMillis()));
  }

  /**
   * A request that was sent.
   *
   * @param before the version that was current then
   */
  public record Sent(String task, long version, String id, long before) {}

  /**
   * Requests a rollback to an earlier version.
   *
   * @param by who asks; null if unknown
   * @throws ExecutionException if Kafka does not take the request
   */
  public Sent send(String task, long version, String by)
      throws InterruptedException, ExecutionException {
    String id = UUID.randomUUID().toString();
    long before = page.checkpoint(task).map(CheckpointManifest::version).orElse(0L);
    RollbackRequest request = RollbackRequest.of(task, version, id, System.currentTimeMillis(), by);
    producer
        .send(new ProducerRecord<>(topics.rollbacks().name(), bytes(task), Json.write(request)))
        .get();
    return new Sent(task, version, id, before);
  }

  /** Waits for a trainer to act on a request. */
  public Outcome await(Sent sent) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      Outcome outcome = page.query(sent.task(), live -> outcome(live, sent)).orElse(null);
      if (outcome != null) {
        return outcome;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return new Outcome(null, null);
  }

  private static Outcome outcome(TaskState live, Sent sent) {
    RollbackRequest newest = live.rollback();
    if (newest != null && newest.id().equals(sent.id()) && newest.error() != null) {
      return new Outcome(null, newest.error());
    }
    return live.restoredSince(sent.before(), sent.version())
        .map(restored -> new Outcome(TaskCard.Current.of(restored), null))
        .orElse(null);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
