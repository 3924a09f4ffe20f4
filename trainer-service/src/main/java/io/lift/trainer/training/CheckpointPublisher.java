package io.lift.trainer.training;

import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes checkpoints, each in one transaction: the file's chunks, the manifest on the log, the
 * manifest as the current one, and the group's offsets. The offsets carry the group membership
 * under which the rows were read, so that the broker refuses the whole transaction of a trainer
 * that has lost the partition in the meantime (KIP-447). One thread at a time.
 */
final class CheckpointPublisher implements AutoCloseable {
  /** An open transaction holds up all readers; a killed trainer's ends after this. */
  private static final int TRANSACTION_MILLIS = 20_000;

  private static final int ATTEMPTS = 5;

  private final Topics topics;
  private final Map<String, Object> config;
  private Producer<String, byte[]> producer;

  /**
   * The offsets to commit and the membership under which they may be.
   *
   * @param offsets next offset of each partition
   * @param membership of the consumer group
   */
  record Claim(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata membership) {}

  /**
   * @param kafka where the topics are
   * @param transactionalId unique per trainer and stable over its restarts, so that a restarted
   *     trainer ends what its predecessor left open
   */
  CheckpointPublisher(KafkaConnection kafka, String transactionalId) {
    topics = kafka.topics();
    config = new HashMap<>(kafka.settings());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS / 2);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * Topics.MAX_CHUNK_BYTES);
  }

  /**
   * Publishes a checkpoint.
   *
   * @param manifest the manifest, given where the chunks are
   * @param claim asked before each attempt; empty once the partition is lost
   * @return what was published, or empty if the partition was lost first: then nothing is visible
   * @throws PublishFailed if it is not known whether it was published; {@link #reset} and ask the
   *     log
   */
  Optional<CheckpointManifest> publish(
      String task,
      long version,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest,
      Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return transaction(
        "checkpoint " + version + " of task " + task,
        claim,
        () -> send(task, version, file, manifest));
  }

  private CheckpointManifest send(
      String task,
      long version,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest)
      throws InterruptedException {
    CheckpointManifest made =
        manifest.apply(CheckpointFiles.write(producer, topics, task, version, file));
    byte[] json = Json.write(made);
    producer.send(new ProducerRecord<>(topics.checkpointsLog().name(), task, json));
    producer.send(new ProducerRecord<>(topics.checkpoints().name(), task, json));
    return made;
  }

  /** The same for a version that fulfils a wish to roll back, which is taken off its topic. */
  Optional<CheckpointManifest> publish(
      Rollback rollback,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest,
      Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    String task = rollback.task();
    return transaction(
        "checkpoint " + rollback.version() + " of task " + task,
        claim,
        () -> {
          producer.send(new ProducerRecord<>(topics.rollbacks().name(), task, null));
          return send(task, rollback.version(), file, manifest);
        });
  }

  /** Says why a wish to roll back cannot be fulfilled; false if the partition was lost first. */
  boolean refuse(RollbackRequest wish, Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return transaction(
            "the refusal of a rollback of task " + wish.task(),
            claim,
            () ->
                producer.send(
                    new ProducerRecord<>(topics.rollbacks().name(), wish.task(), Json.write(wish))))
        .isPresent();
  }

  /**
   * Takes back the current checkpoint of a task that has been deleted, and what else stands there
   * for it; the log keeps it.
   */
  boolean retire(String task, Supplier<Optional<Claim>> claim) throws InterruptedException {
    return transaction(
            "the end of task " + task,
            claim,
            () -> {
              producer.send(new ProducerRecord<>(topics.rollbacks().name(), task, null));
              producer.send(new ProducerRecord<>(topics.training().name(), task, null));
              return producer.send(new ProducerRecord<>(topics.checkpoints().name(), task, null));
            })
        .isPresent();
  }

  /** Commits the group's offsets alone. */
  void commit(Supplier<Optional<Claim>> claim) throws InterruptedException {
    transaction("offsets", claim, () -> Boolean.TRUE);
  }

  private <T> Optional<T> transaction(
      String what, Supplier<Optional<Claim>> claims, Sending<T> sending)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Optional<Claim> claim = claims.get();
      if (claim.isEmpty()) {
        return Optional.empty();
      }
      try {
        open().beginTransaction();
        T sent = sending.send();
        producer.sendOffsetsToTransaction(claim.get().offsets(), claim.get().membership());
        commit();
        return Optional.of(sent);
      } catch (CommitFailedException e) {
        // the group has rebalanced since the claim: ask again whether the partition is still ours
        abort(what, e);
        if (attempt == ATTEMPTS) {
          throw new PublishFailed(what, e);
        }
        Thread.sleep(200L * attempt);
      } catch (KafkaException e) {
        throw new PublishFailed(what, e);
      }
    }
  }

  private Producer<String, byte[]> open() {
    if (producer == null) {
      Producer<String, byte[]> opened =
          new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
      try {
        opened.initTransactions();
      } catch (KafkaException e) {
        opened.close(Duration.ZERO);
        throw e;
      }
      producer = opened;
    }
    return producer;
  }

  private void commit() {
    for (int attempt = 1; ; attempt++) {
      try {
        producer.commitTransaction();
        return;
      } catch (TimeoutException e) {
        // the outcome is open; the same call may be repeated until it is known
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void abort(String what, CommitFailedException cause) {
    try {
      producer.abortTransaction();
    } catch (KafkaException e) {
      cause.addSuppressed(e);
      throw new PublishFailed(what, cause);
    }
  }

  /**
   * Connects, and ends what a predecessor of the same name left open.
   *
   * @throws KafkaException if the broker does not answer in time
   */
  void connect() {
    open();
  }

  /** Drops the producer; the next one ends whatever transaction was left open. */
  void reset() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close();
      producer = null;
    }
  }

  @FunctionalInterface
  private interface Sending<T> {
    T send() throws InterruptedException;
  }

  /** A transaction whose outcome is not known. */
  static final class PublishFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublishFailed(String what, Throwable cause) {
      super("cannot publish " + what + ": " + cause.getMessage(), cause);
    }
  }
}
