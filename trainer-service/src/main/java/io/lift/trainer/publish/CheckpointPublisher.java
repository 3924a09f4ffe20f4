package io.lift.trainer.publish;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.kafka.CheckpointFiles;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TransactionalProducer;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.Json;
import io.lift.messages.RollbackRequest;
import io.lift.messages.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes checkpoints, each in one transaction: the file's chunks, the manifest on the log, the
 * manifest as the current one, its event if there is one, and the group's offsets. The offsets
 * carry the group membership under which the rows were read, so the broker rejects the whole
 * transaction of a trainer that has lost the partition in the meantime (KIP-447). For one thread at
 * a time.
 */
public final class CheckpointPublisher implements AutoCloseable {
  /** Readers wait for an open transaction. That of a killed trainer is aborted after this time. */
  private static final int TRANSACTION_MILLIS = 20_000;

  private static final int ATTEMPTS = 5;

  private final Topics topics;
  private final TransactionalProducer producer;
  private final Consumer<Claim> committed;
  private final Consumer<CheckpointManifest> published;
  private final Runnable rejected;

  /**
   * @param kafka where the topics are
   * @param transactionalId unique per trainer and the same after a restart, so that a restarted
   *     trainer aborts a transaction that its predecessor left open
   * @param committed is told what was committed
   * @param published is told which checkpoint was published
   * @param rejected called when the broker rejects the membership of a claim
   */
  public CheckpointPublisher(
      KafkaConnection kafka,
      String transactionalId,
      Consumer<Claim> committed,
      Consumer<CheckpointManifest> published,
      Runnable rejected) {
    this.committed = committed;
    this.published = published;
    this.rejected = rejected;
    topics = kafka.topics();
    producer =
        new TransactionalProducer(
            kafka.settings(),
            transactionalId,
            Map.of(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                TRANSACTION_MILLIS,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                TRANSACTION_MILLIS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TRANSACTION_MILLIS / 2,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2 * Topics.MAX_CHUNK_BYTES),
            ATTEMPTS);
  }

  /**
   * Publishes a checkpoint.
   *
   * @param manifest makes the manifest from the location of the chunks
   * @param event what to say of it on {@code lift.events}; empty for nothing
   * @param claim called before each attempt; empty once the partition is lost
   * @return what was published, or empty if the partition was lost first; then nothing is visible
   * @throws PublishException if it is not known whether it was published; {@link #reset} and read
   *     the log
   */
  public Optional<CheckpointManifest> publish(
      String task,
      long version,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest,
      Function<CheckpointManifest, Optional<EventMessage>> event,
      Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return told(
        transaction(
            "checkpoint " + version + " of task " + task,
            claim,
            () -> send(task, version, file, manifest, event)));
  }

  private Optional<CheckpointManifest> told(Optional<CheckpointManifest> made) {
    made.ifPresent(published);
    return made;
  }

  private CheckpointManifest send(
      String task,
      long version,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest,
      Function<CheckpointManifest, Optional<EventMessage>> event)
      throws InterruptedException {
    CheckpointManifest made =
        manifest.apply(CheckpointFiles.write(producer.begin(), topics, task, version, file));
    byte[] json = Json.write(made);
    producer.send(new ProducerRecord<>(topics.checkpointsLog().name(), bytes(task), json));
    producer.send(new ProducerRecord<>(topics.checkpoints().name(), bytes(task), json));
    event
        .apply(made)
        .ifPresent(
            said ->
                producer.send(
                    new ProducerRecord<>(topics.events().name(), bytes(task), Json.write(said))));
    return made;
  }

  /** The same for the version of a rollback, whose request is removed from its topic. */
  public Optional<CheckpointManifest> publish(
      Rollback rollback,
      byte[] file,
      Function<CheckpointManifest.Location, CheckpointManifest> manifest,
      Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    String task = rollback.task();
    return told(
        transaction(
            "checkpoint " + rollback.version() + " of task " + task,
            claim,
            () -> {
              producer.send(new ProducerRecord<>(topics.rollbacks().name(), bytes(task), null));
              return send(
                  task,
                  rollback.version(),
                  file,
                  manifest,
                  made -> Optional.of(TrainerEvents.rolledBack(rollback, made)));
            }));
  }

  /**
   * Publishes why a rollback request cannot be fulfilled.
   *
   * @param request with the reason
   * @return false if the partition was lost first
   */
  public boolean reject(RollbackRequest request, Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return answer("the rejection of a rollback of task ", request, Json.write(request), claim);
  }

  /**
   * Removes a rollback request that no longer holds.
   *
   * @return false if the partition was lost first
   */
  public boolean withdraw(RollbackRequest request, Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return answer("the end of a rollback request of task ", request, null, claim);
  }

  private boolean answer(
      String what, RollbackRequest request, byte[] value, Supplier<Optional<Claim>> claim)
      throws InterruptedException {
    return transaction(
            what + request.task(),
            claim,
            () ->
                producer.send(
                    new ProducerRecord<>(topics.rollbacks().name(), bytes(request.task()), value)))
        .isPresent();
  }

  /**
   * Removes the current checkpoint of a deleted task, its rollback request and its progress; the
   * log of checkpoints keeps its versions.
   *
   * @return false if the task exists again or its partition was lost first
   */
  public boolean retire(String task, Supplier<Optional<Claim>> claim) throws InterruptedException {
    return transaction(
            "the end of task " + task,
            claim,
            () -> {
              producer.send(new ProducerRecord<>(topics.rollbacks().name(), bytes(task), null));
              producer.send(new ProducerRecord<>(topics.training().name(), bytes(task), null));
              return producer.send(
                  new ProducerRecord<>(topics.checkpoints().name(), bytes(task), null));
            })
        .isPresent();
  }

  /** Commits the group's offsets alone. */
  public void commit(Supplier<Optional<Claim>> claim) throws InterruptedException {
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
        T sent = sending.send();
        producer.commit(claim.get().offsets(), claim.get().membership());
        committed.accept(claim.get());
        return Optional.of(sent);
      } catch (CommitFailedException e) {
        // the group has rebalanced since the claim: the next attempt asks for a new one
        rejected.run();
        if (!producer.abort() || attempt == ATTEMPTS) {
          throw new PublishException(what, e);
        }
        Thread.sleep(200L * attempt);
      } catch (KafkaException e) {
        throw new PublishException(what, e);
      } catch (RuntimeException | InterruptedException e) {
        producer.reset(); // nothing of this transaction may get into the next one
        throw e;
      }
    }
  }

  /**
   * Connects, and aborts a transaction that a predecessor of the same name left open.
   *
   * @throws KafkaException if the broker does not answer in time
   */
  public void connect() {
    producer.open();
  }

  /** Closes the producer; the next one aborts a transaction that was left open. */
  public void reset() {
    producer.reset();
  }

  @Override
  public void close() {
    producer.close();
  }

  @FunctionalInterface
  private interface Sending<T> {
    T send() throws InterruptedException;
  }
}
