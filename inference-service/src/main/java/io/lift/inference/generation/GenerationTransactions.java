package io.lift.inference.generation;

import io.lift.inference.config.FatalExit;
import io.lift.inference.config.Replica;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Commits the outputs and the offset of a request in one transaction of SmallRye.
 *
 * <p>{@link KafkaTransactions} has two limits that this class makes up for. It reports a
 * transaction whose commit failed as a success and then leaves the consumer after the batch, so
 * {@link #isCommitted} asks Kafka for the committed offset. And it never replaces its producer, so
 * the process ends if Kafka has fenced the producer.
 */
@ApplicationScoped
public class GenerationTransactions {
  private final KafkaTransactions<ProducerRecord<byte[], byte[]>> rows;
  private final KafkaClientService clients;
  private final Replica replica;
  private final FatalExit exit;

  GenerationTransactions(
      // a request may lead to more rows than a channel buffers by default
      @Channel(GenerationClients.ROWS) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          KafkaTransactions<ProducerRecord<byte[], byte[]>> rows,
      KafkaClientService clients,
      Replica replica,
      FatalExit exit) {
    this.rows = rows;
    this.clients = clients;
    this.replica = replica;
    this.exit = exit;
  }

  /** Aborts the transaction that an earlier process of this replica may have left open. */
  void open() {
    clients
        .getProducer(GenerationClients.ROWS)
        .runOnSendingThread(producer -> {})
        .await()
        .indefinitely();
  }

  /**
   * Sends the outputs of a batch with its offsets.
   *
   * @throws RuntimeException if the transaction failed; {@link #isCommitted} is the truth about it
   */
  void commit(
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch,
      List<ProducerRecord<byte[], byte[]>> outputs) {
    AtomicBoolean begun = new AtomicBoolean();
    try {
      rows.withTransaction(
              Message.of(batch.getRecords(), Metadata.of(batch)),
              transaction -> {
                begun.set(true);
                outputs.forEach(transaction::send);
                return Uni.createFrom().voidItem();
              })
          .await()
          .indefinitely();
    } catch (RuntimeException e) {
      if (!begun.get() && !Thread.currentThread().isInterrupted()) {
        exit.because(
            e instanceof ProducerFencedException
                ? "another inference service runs as instance %s: give each its own lift.inference.instance"
                    .formatted(replica.instance())
                : "the transactions of generated rows cannot go on, start the service again: "
                    + e.getMessage());
      }
      throw e;
    }
  }

  /**
   * Whether the group's committed offsets are behind the batch.
   *
   * @throws RuntimeException if Kafka does not answer
   */
  boolean isCommitted(IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch) {
    Map<TopicPartition, OffsetAndMetadata> ends = batch.getOffsets();
    Map<TopicPartition, OffsetAndMetadata> committed =
        consumer().committed(ends.keySet().toArray(TopicPartition[]::new)).await().indefinitely();
    return ends.entrySet().stream()
        .allMatch(
            last -> {
              OffsetAndMetadata offset = committed.get(last.getKey());
              return offset != null && offset.offset() > last.getValue().offset();
            });
  }

  /**
   * Goes back to the committed offsets, so that what is not committed comes again.
   *
   * @throws RuntimeException if Kafka does not answer
   */
  void rewind() {
    consumer().resetToLastCommittedPositions().await().indefinitely();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return clients.getConsumer(GenerationClients.REQUESTS);
  }
}
