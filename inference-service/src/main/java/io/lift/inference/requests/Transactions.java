package io.lift.inference.requests;

import io.lift.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The transactional producer of one replica. */
final class Transactions implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Map<String, Object> kafka;
  private final Map<String, Object> settings;
  private KafkaProducer<byte[], byte[]> producer; // null until the first use and after a failure

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param transactionalId unique per replica and the same after its restart, so that a successor
   *     ends what its predecessor left open
   */
  Transactions(Map<String, Object> kafka, String transactionalId) {
    this.kafka = kafka;
    this.settings =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            transactionalId,
            // the batch is complete when it is sent, so waiting would only add latency
            ProducerConfig.LINGER_MS_CONFIG,
            0,
            ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
            5,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            10_000,
            // consumers of committed records wait behind an open transaction
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            15_000);
  }

  /** Aborts the transaction that an earlier process of this replica may have left open. */
  void open() {
    if (producer == null) {
      KafkaProducer<byte[], byte[]> opened = KafkaClients.producer(kafka, settings);
      try {
        opened.initTransactions();
      } catch (KafkaException e) {
        opened.close(Duration.ZERO);
        throw e;
      }
      producer = opened;
    }
  }

  /**
   * Commits the records with the offsets.
   *
   * @param failed told of each record that could not be sent; the transaction then fails
   * @throws KafkaException if it did not commit, or if that is not known; call {@link #abort} and
   *     read the committed offsets again
   */
  void commit(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group,
      BiConsumer<ProducerRecord<byte[], byte[]>, Exception> failed) {
    producer.beginTransaction();
    for (ProducerRecord<byte[], byte[]> record : records) {
      producer.send(
          record,
          (metadata, e) -> {
            if (e != null) {
              failed.accept(record, e);
            }
          });
    }
    producer.sendOffsetsToTransaction(offsets, group);
    producer.commitTransaction();
  }

  /** Aborts an open transaction; makes a new producer if this one cannot be used any more. */
  void abort() {
    try {
      if (producer != null) {
        producer.abortTransaction();
      }
    } catch (KafkaException | IllegalStateException e) {
      producer.close(Duration.ZERO);
      producer = null;
    }
    open();
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE);
    }
  }
}
