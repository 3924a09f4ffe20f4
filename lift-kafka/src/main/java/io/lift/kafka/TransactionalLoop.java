package io.lift.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes, transforms and produces exactly once: the outputs and offsets of each batch are
 * committed in one transaction. After a failure the transaction is aborted and the batch is read
 * again. The broker rejects the transaction of an instance that has lost its partitions. The loop
 * runs on a thread of its own until it is closed, through broker outages too.
 *
 * <p>A batch that fails because of what is in it is halved until the record is found that makes it
 * fail. That record is set aside, and the others are committed.
 *
 * <p>A handler receives a batch again after a failure, so it must not keep what it counted or
 * collected before {@link Listener#committed}.
 */
public final class TransactionalLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionalLoop.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** Turns a batch into outputs, on the loop's thread. */
  public interface Handler {
    /**
     * The transaction begins with the first output: a handler that computes for long does that
     * first and then sends. An exception aborts the whole batch, which is then handled again, in
     * halves if it was a record's fault.
     */
    void handle(ConsumerRecords<byte[], byte[]> batch, Output output) throws Exception;

    /**
     * Handles a record that failed alone, or whose outputs the broker did not take: what is sent
     * for it now must be small (a dead letter).
     *
     * @param cause why it failed
     */
    void setAside(ConsumerRecord<byte[], byte[]> record, Exception cause, Output output)
        throws Exception;
  }

  /** Takes the outputs of a batch. */
  @FunctionalInterface
  public interface Output {
    void send(ProducerRecord<byte[], byte[]> record);
  }

  /** Is notified of each batch's outcome, on the loop's thread. */
  public interface Listener {
    /** A batch and its outputs are committed. */
    default void committed(int records, int outputs, Duration took) {}

    /** A batch is aborted and will be read again. */
    default void aborted(Exception cause) {}
  }

  /**
   * @param topic the topic to read; it is read from its beginning if it is created later
   * @param group consumer group
   * @param instance name of this member, stable over restarts and unique in the group; it makes the
   *     transactional id and the static group membership, so that a restarted instance takes its
   *     place at once
   * @param kafka settings of all clients, at least {@code bootstrap.servers}
   * @param consumer further settings of the consumer
   * @param producer further settings of the producer
   * @param from where to begin in partitions that the group has not read yet: epoch milliseconds,
   *     or null for the first record
   */
  public record Settings(
      String topic,
      String group,
      String instance,
      Map<String, Object> kafka,
      Map<String, Object> consumer,
      Map<String, Object> producer,
      Long from) {}

  private final String group;
  private final Handler handler;
  private final Listener listener;
  private final GroupConsumer consumer;
  private final TransactionalProducer producer;
  private final Thread thread;
  private final Backoff backoff = new Backoff();
  private final LoopProgress progress = new LoopProgress();
  private final BatchPace pace = new BatchPace();

  private volatile boolean closing;
  private volatile boolean started;
  private volatile long lastPoll = System.nanoTime();

  public TransactionalLoop(Settings settings, Handler handler, Listener listener) {
    this.group = settings.group();
    this.handler = handler;
    this.listener = listener;
    Map<String, Object> sending = new HashMap<>();
    sending.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    sending.putAll(settings.producer());
    this.producer =
        new TransactionalProducer(settings.kafka(), group + "-" + settings.instance(), sending);
    this.consumer =
        new GroupConsumer(
            settings.kafka(),
            settings.topic(),
            group,
            settings.instance(),
            settings.consumer(),
            settings.from(),
            producer::reset);
    this.thread = new Thread(this::run, "loop-" + group);
  }

  public void start() {
    thread.start();
  }

  /** Whether the loop has its transactional producer and polls. */
  public boolean started() {
    return started;
  }

  /** Time since the last completed poll, for a liveness check. */
  public Duration sinceLastPoll() {
    return Duration.ofNanos(System.nanoTime() - lastPoll);
  }

  /** Whether the loop gets on with the records that it has read. */
  public LoopProgress progress() {
    return progress;
  }

  private void run() {
    while (!closing) {
      try {
        producer.open();
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
        lastPoll = System.nanoTime();
        started = true;
        pace.begin();
        progress.assigned(consumer.assignment());
        progress.read(batch);
        if (batch.isEmpty() || process(batch)) {
          backoff.reset();
          pace.end(batch.count());
        } else {
          consumer.repeat(batch);
        }
      } catch (InterruptedException e) {
        closing = true;
      } catch (RuntimeException e) {
        started = false;
        producer.reset();
        if (!closing) {
          consumer.disconnect();
          backoff.failed(LOG, group + " cannot go on", e);
        }
      }
    }
    started = false;
    consumer.leave();
    producer.reset();
  }

  /** Whether all of the batch is committed. */
  private boolean process(ConsumerRecords<byte[], byte[]> batch) {
    Optional<Exception> failure = attempt(batch, output -> handler.handle(batch, output));
    if (failure.isEmpty()) {
      return true;
    }
    Exception cause = failure.get();
    if (!started || closing || !RecordBatches.isRecordsFault(cause)) {
      return delay("aborted a batch", cause);
    }
    if (batch.count() > 1) {
      return RecordBatches.halves(batch).stream().allMatch(this::process);
    }
    ConsumerRecord<byte[], byte[]> record = batch.iterator().next();
    return attempt(batch, output -> handler.setAside(record, RecordBatches.rootOf(cause), output))
        .map(second -> delay("cannot set a record aside", second))
        .orElse(true);
  }

  private boolean delay(String what, Exception cause) {
    if (!closing) {
      backoff.failed(LOG, group + " " + what, cause);
    }
    return false;
  }

  /** Sends the outputs of one batch. */
  @FunctionalInterface
  private interface Outputs {
    void send(Output output) throws Exception;
  }

  /** Commits a batch with its outputs, or aborts and says why. */
  private Optional<Exception> attempt(ConsumerRecords<byte[], byte[]> batch, Outputs outputs) {
    long begin = System.nanoTime();
    CountingOutput output = new CountingOutput();
    try {
      outputs.send(output);
      producer.commit(consumer.offsetsAfter(batch), consumer.membership());
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (!producer.abort(e)) {
        started = false; // until a new producer knows what the old one has committed
      }
      if (!closing) {
        listener.aborted(e);
      }
      return Optional.of(e);
    }
    progress.committed();
    listener.committed(batch.count(), output.count, Duration.ofNanos(System.nanoTime() - begin));
    return Optional.empty();
  }

  /** Lets the loop end after its batch; {@link #close} waits for that. */
  public void stop() {
    closing = true;
  }

  /** Finishes the current batch, leaves the group and ends the thread; after 10 s by interrupt. */
  @Override
  public void close() {
    stop();
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

  /** Sends the outputs of one batch and counts them. A failure shows at the commit. */
  private final class CountingOutput implements Output {
    private int count;

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
      producer.send(record);
      count++;
    }
  }
}
