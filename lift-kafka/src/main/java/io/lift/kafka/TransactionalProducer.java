package io.lift.kafka;

import io.lift.messages.RecordSize;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer whose records and offsets become readable together or not at all. It connects at the
 * first use. A client that cannot be used any more is dropped, and the next use connects a new one:
 * the broker then completes or aborts what the old one left open. One thread at a time.
 */
public final class TransactionalProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionalProducer.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /**
   * The broker turns the first records of a transaction away while it still writes the end of the
   * one before. Kafka's default of 100 ms would then be most of a row's latency.
   */
  public static final int RETRY_BACKOFF_MILLIS = 5;

  private final Supplier<Producer<byte[], byte[]>> connect;
  private final int commitAttempts;
  private Producer<byte[], byte[]> client; // null until the first use and after a failure
  private boolean begun;

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param transactionalId unique per instance and the same after its restart, so that a successor
   *     ends what its predecessor left open
   * @param settings further settings of this producer; they win
   * @param commitAttempts how often a commit is tried while the broker does not answer
   */
  public TransactionalProducer(
      Map<String, Object> kafka,
      String transactionalId,
      Map<String, Object> settings,
      int commitAttempts) {
    this(connector(kafka, transactionalId, settings), commitAttempts);
  }

  /** Tries each commit once. */
  public TransactionalProducer(
      Map<String, Object> kafka, String transactionalId, Map<String, Object> settings) {
    this(kafka, transactionalId, settings, 1);
  }

  /**
   * @param connect makes a new client
   */
  TransactionalProducer(Supplier<Producer<byte[], byte[]>> connect, int commitAttempts) {
    this.connect = connect;
    this.commitAttempts = commitAttempts;
  }

  private static Supplier<Producer<byte[], byte[]>> connector(
      Map<String, Object> kafka, String transactionalId, Map<String, Object> settings) {
    Map<String, Object> own = new HashMap<>();
    own.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MILLIS);
    own.putAll(settings);
    own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    return () -> KafkaClients.producer(kafka, own);
  }

  /**
   * Connects unless it is connected, and ends the transaction that a predecessor left open.
   *
   * @throws KafkaException if the broker does not answer in time or rejects the client
   */
  public void open() {
    if (client == null) {
      Producer<byte[], byte[]> opened = connect.get();
      try {
        opened.initTransactions();
      } catch (KafkaException e) {
        opened.close(Duration.ZERO);
        throw e;
      }
      client = opened;
    }
  }

  /**
   * Begins a transaction unless one is open.
   *
   * @return the client to send with; the caller must not commit, abort or close it
   */
  public Producer<byte[], byte[]> begin() {
    open();
    if (!begun) {
      begun = true; // before the call: an abort then finds out whether the client can still be used
      client.beginTransaction();
    }
    return client;
  }

  /** Sends a record in the open transaction, or in a new one. A failure shows at the commit too. */
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return begin().send(record);
  }

  /**
   * The same for a caller who needs to know which record failed.
   *
   * @param sent called on the client's own thread
   */
  public void send(ProducerRecord<byte[], byte[]> record, Callback sent) {
    begin().send(record, sent);
  }

  /**
   * Commits the records sent since the last commit, and the offsets of a consumer group.
   *
   * @param offsets the next offset of each partition
   * @param membership of the group when the offsets were read, so that the broker rejects them if
   *     the partitions have moved to another member
   * @throws KafkaException if it did not commit, or its outcome is unknown; {@link #abort} is next
   */
  public void commit(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata membership) {
    begin().sendOffsetsToTransaction(offsets, membership);
    commit();
  }

  /**
   * Commits the records sent since the last commit, if there are any.
   *
   * @throws KafkaException if it did not commit, or its outcome is unknown; {@link #abort} is next
   */
  public void commit() {
    for (int attempt = 1; begun; attempt++) {
      try {
        client.commitTransaction();
        begun = false;
      } catch (TimeoutException e) {
        // the outcome is open; the same call may be repeated until it is known
        if (attempt >= commitAttempts) {
          throw e;
        }
      }
    }
  }

  /**
   * Aborts the open transaction.
   *
   * @return false if the broker did not confirm that; then the client is dropped, and a commit that
   *     was under way may still turn out to have happened
   */
  public boolean abort() {
    if (!begun) {
      return true;
    }
    try {
      client.abortTransaction();
      begun = false;
      return true;
    } catch (KafkaException | IllegalStateException e) {
      LOG.debug("cannot abort a transaction; a new client will end it", e);
      reset();
      return false;
    }
  }

  /**
   * Aborts the open transaction after a failure. A client whose record was too large is dropped
   * instead: it has committed nothing, and its abort can wait until the client's time is up. The
   * next client then aborts what it left open.
   *
   * @return false as {@link #abort}
   */
  public boolean abort(Exception failure) {
    if (RecordSize.isTooLarge(failure)) {
      reset();
      return true;
    }
    return abort();
  }

  /** Drops the client at once; the next use connects a new one. */
  public void reset() {
    close(Duration.ZERO);
  }

  /** Aborts the open transaction and waits for the broker, for five seconds at most. */
  @Override
  public void close() {
    close(CLOSE);
  }

  private void close(Duration timeout) {
    begun = false;
    if (client != null) {
      client.close(timeout);
      client = null;
    }
  }
}
