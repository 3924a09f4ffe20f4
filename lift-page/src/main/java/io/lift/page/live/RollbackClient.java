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

/** Puts wishes to roll back on their topic and sees what becomes of them. Thread-safe. */
public final class RollbackClient implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final LivePage page;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final Duration timeout;

  /**
   * What became of a wish: one of the two, or neither as long as nobody has acted.
   *
   * @param done the checkpoint that fulfils it
   * @param refused why it cannot be fulfilled, in one sentence
   */
  public record Outcome(TaskCard.Current done, String refused) {}

  /**
   * @param timeout how long a trainer is waited for
   */
  public RollbackClient(LivePage page, KafkaConnection kafka, Duration timeout) {
    this.page = page;
    this.topics = kafka.topics();
    this.timeout = timeout;
    producer = KafkaClients.producer(kafka.settings(), Map.of("max.block.ms", timeout.toMillis()));
  }

  /** Wishes for an earlier version and waits for a trainer to act. */
  public Outcome wish(String task, long version) throws InterruptedException, ExecutionException {
    String id = UUID.randomUUID().toString();
    long before = page.checkpoint(task).map(CheckpointManifest::version).orElse(0L);
    RollbackRequest wish = new RollbackRequest(task, version, id, System.currentTimeMillis(), null);
    producer
        .send(new ProducerRecord<>(topics.rollbacks().name(), bytes(task), Json.write(wish)))
        .get();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      Outcome outcome = page.ask(task, live -> outcome(live, id, version, before)).orElse(null);
      if (outcome != null) {
        return outcome;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return new Outcome(null, null);
  }

  private static Outcome outcome(TaskState live, String id, long version, long before) {
    RollbackRequest newest = live.rollback();
    if (newest != null && newest.id().equals(id) && newest.error() != null) {
      return new Outcome(null, newest.error());
    }
    return live.restoredSince(before, version)
        .map(restored -> new Outcome(TaskCard.Current.of(restored), null))
        .orElse(null);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
