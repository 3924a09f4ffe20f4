package io.lift.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consume, transform, produce, exactly once: each batch's outputs and offsets are committed in one
 * transaction. When anything fails, the transaction is aborted and the batch comes again; an
 * instance that lost its partitions meanwhile is fenced. Runs on a thread of its own until closed,
 * through broker outages too.
 *
 * <p>A handler sees a batch again after a failure, so it must not keep what it counted or collected
 * before {@link Listener#committed}.
 */
public final class TransactionalLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionalLoop.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** Turns a batch into outputs, on the loop's thread. */
  @FunctionalInterface
  public interface Handler {
    /**
     * The transaction begins with the first output: a handler that computes for long does that
     * first and then sends. An exception aborts the whole batch, which then comes again; a record
     * that can never be handled must become an output (a dead letter) instead.
     */
    void handle(ConsumerRecords<byte[], byte[]> batch, Output output) throws Exception;
  }

  /** Takes the outputs of a batch. */
  @FunctionalInterface
  public interface Output {
    void send(ProducerRecord<byte[], byte[]> record);
  }

  /** Is told how it goes, on the loop's thread. */
  public interface Listener {
    /** A batch and its outputs are committed. */
    default void committed(int records, int outputs, Duration took) {}

    /** A batch is aborted and will come again. */
    default void aborted(Exception cause) {}
  }

  /**
   * @param group consumer group
   * @param instance name of this member, stable over restarts and unique in the group; it makes the
   *     transactional id and the static group membership, so that a restarted instance takes its
   *     place at once
   * @param kafka settings of all clients, at least {@code bootstrap.servers}
   * @param consumer further settings of the consumer
   * @param producer further settings of the producer
   */
  public record Settings(
      String group,
      String instance,
      Map<String, Object> kafka,
      Map<String, Object> consumer,
      Map<String, Object> producer) {}

  private final Settings settings;
  private final Handler handler;
  private final Listener listener;
  private final Thread thread;
  private final Backoff backoff = new Backoff();

  private volatile Set<String> wanted = Set.of();
  private volatile boolean closing;
  private volatile boolean started;
  private volatile long lastPoll = System.nanoTime();

  private Set<String> subscribed;
  private KafkaConsumer<byte[], byte[]> consumer;
  private KafkaProducer<byte[], byte[]> producer;

  /** First offsets of an aborted batch, until the consumer has gone back to what is committed. */
  private final Map<TopicPartition, Long> aborted = new HashMap<>();

  public TransactionalLoop(Settings settings, Handler handler, Listener listener) {
    this.settings = settings;
    this.handler = handler;
    this.listener = listener;
    this.thread = new Thread(this::run, "loop-" + settings.group());
  }

  /**
   * Replaces the topics to read; may be called at any time from any thread. A topic that does not
   * exist yet is read from its beginning once it does.
   */
  public void subscribe(Collection<String> topics) {
    wanted = Set.copyOf(topics);
  }

  public void start() {
    thread.start();
  }

  /** Whether the loop has its transactional producer and polls. */
  public boolean started() {
    return started;
  }

  /** Time since the last completed poll: what a liveness check looks at. */
  public Duration sinceLastPoll() {
    return Duration.ofNanos(System.nanoTime() - lastPoll);
  }

  private void run() {
    while (!closing) {
      try {
        openProducer();
        openConsumer();
        goBack();
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
        lastPoll = System.nanoTime();
        started = true;
        if (batch.isEmpty() || process(batch)) {
          backoff.reset();
        }
      } catch (RuntimeException e) {
        closeConsumer();
        closeProducer();
        if (!closing) {
          backoff.failed(LOG, settings.group() + " cannot go on", e);
        }
      }
    }
    closeConsumer();
    closeProducer();
  }

  private boolean process(ConsumerRecords<byte[], byte[]> batch) {
    long begin = System.nanoTime();
    Transaction transaction = new Transaction();
    try {
      handler.handle(batch, transaction);
      transaction.commit(batch.nextOffsets());
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      abort(batch, transaction);
      if (!closing) {
        listener.aborted(e);
        backoff.failed(LOG, settings.group() + " aborted a batch", e);
      }
      return false;
    }
    listener.committed(
        batch.count(), transaction.outputs, Duration.ofNanos(System.nanoTime() - begin));
    return true;
  }

  private void abort(ConsumerRecords<byte[], byte[]> batch, Transaction transaction) {
    for (TopicPartition partition : batch.partitions()) {
      aborted.put(partition, batch.records(partition).get(0).offset());
    }
    try {
      transaction.abort();
    } catch (RuntimeException e) {
      // fenced, or the outcome of the commit is unknown: a new producer settles it
      LOG.atDebug().addKeyValue("group", settings.group()).setCause(e).log("cannot abort");
      closeProducer();
    }
  }

  /** After an abort, goes back to what is committed: that decides what is to be done again. */
  private void goBack() {
    aborted.keySet().retainAll(consumer.assignment());
    if (aborted.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        consumer.committed(new HashSet<>(aborted.keySet()));
    aborted.forEach(
        (partition, first) -> {
          OffsetAndMetadata offset = committed.get(partition);
          consumer.seek(partition, offset == null ? first : offset.offset());
        });
    aborted.clear();
  }

  private void openProducer() {
    if (producer != null) {
      return;
    }
    Map<String, Object> own = new HashMap<>();
    own.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    own.putAll(settings.producer());
    own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.group() + "-" + settings.instance());
    producer = KafkaClients.producer(settings.kafka(), own);
    producer.initTransactions();
  }

  private void openConsumer() {
    if (consumer == null) {
      Map<String, Object> own = new HashMap<>();
      own.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
      own.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
      own.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000); // how soon a new topic is seen
      own.putAll(settings.consumer());
      own.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
      own.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.instance());
      consumer = KafkaClients.consumer(settings.kafka(), own);
      subscribed = null;
      aborted.clear();
    }
    Set<String> topics = wanted;
    if (!topics.equals(subscribed)) {
      // a pattern, because topics that do not exist yet are no error to it
      consumer.subscribe(
          Pattern.compile(topics.stream().map(Pattern::quote).collect(Collectors.joining("|"))));
      subscribed = topics;
    }
  }

  private void closeConsumer() {
    started = false;
    if (consumer != null) {
      try {
        consumer.close(
            CloseOptions.timeout(CLOSE)
                .withGroupMembershipOperation(
                    closing
                        ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                        : CloseOptions.GroupMembershipOperation.DEFAULT));
      } catch (RuntimeException e) {
        LOG.debug("consumer of {} did not close well", settings.group(), e);
      }
      consumer = null;
    }
  }

  private void closeProducer() {
    started = false;
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  /** Finishes the current batch, leaves the group and ends the thread; after 10 s by interrupt. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(CLOSE.toMillis());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** The transaction of one batch; begins with its first output. */
  private final class Transaction implements Output {
    private boolean begun;
    private int outputs;

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
      begin();
      producer.send(record); // a failure shows at the commit
      outputs++;
    }

    private void begin() {
      if (!begun) {
        producer.beginTransaction();
        begun = true;
      }
    }

    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
      begin();
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
      producer.commitTransaction();
    }

    void abort() {
      if (begun) {
        producer.abortTransaction();
      }
    }
  }
}
