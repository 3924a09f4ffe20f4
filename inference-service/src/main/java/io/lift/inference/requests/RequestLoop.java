package io.lift.inference.requests;

import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.kafka.BatchPace;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.LoopProgress;
import io.lift.kafka.RefusedRecords;
import io.lift.kafka.TransactionalProducer;
import io.lift.messages.DeadLetters;
import io.lift.messages.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.jboss.logging.Logger;

/**
 * Requests in, predictions out, exactly once, on a thread of its own. For each batch it polls and
 * scores while no transaction is open. Then it commits predictions, parked requests, dead letters
 * and offsets in one transaction with the consumer group's generation, so a replica that has lost
 * its partitions commits nothing. After a failure the transaction is aborted and the partitions are
 * read again from the committed offsets.
 *
 * <p>This is neither a SmallRye channel with {@code KafkaTransactions} nor a {@code
 * TransactionalLoop}. Both commit the end of the batch that they were given. Parked requests need
 * offsets that lag behind what was read, with metadata about what is done beyond them (see {@link
 * ParkedWindow}). And with one thread that polls, scores and commits, no records are in flight when
 * partitions move, and no hops between threads add to the latency.
 *
 * <p>Parked requests that become due join one batch at a time, so new requests never wait for more
 * than that batch.
 */
public final class RequestLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RequestLoop.class);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration WATCHING = Duration.ofMillis(20); // while requests are parked
  private static final long ROTATE_NANOS = 200_000_000L;
  private static final long ROTATE_IDLE_NANOS = 5_000_000_000L;
  private static final int MAX_FAILURES = 10; // in a row, other than Kafka's
  private static final long CLOSE_MILLIS = 10_000;

  /** Is told of the loop's progress, for meters. */
  public interface Observer {
    /** These outcomes are committed. */
    void committed(List<Outcome> outcomes, int deadLetters);

    /** A batch was aborted and will be repeated. */
    void aborted(Throwable cause);
  }

  private final LoopSettings settings;
  private final OutputRecords outputs;
  private final DeadLetters letters;
  private final RequestHandler handler;
  private final ParkedWindow parked;
  private final ParkedWindow.Readiness readiness;
  private final ReplySender replies;
  private final Observer observer;
  private final Consumer<String> fatal;
  private final Clock clock;
  private final Thread thread;
  private final LoopProgress progress = new LoopProgress();
  private final RefusedRecords refused = new RefusedRecords();
  private final RefusedRecords refusedBySinks = new RefusedRecords();
  private final BatchPace pace = new BatchPace();
  private KafkaConsumer<byte[], byte[]> consumer;
  private TransactionalProducer producer;
  private boolean moreParked;
  private long rotatedAt = System.nanoTime();
  private volatile long activeAt = System.nanoTime();
  private volatile boolean started;
  private volatile boolean assigned;
  private volatile boolean stopping;

  /**
   * @param fatal told in one sentence why the loop cannot go on
   */
  public RequestLoop(
      LoopSettings settings,
      RequestHandler handler,
      ParkedWindow parked,
      ParkedWindow.Readiness readiness,
      ReplySender replies,
      Sinks sinks,
      Observer observer,
      Consumer<String> fatal,
      Clock clock) {
    this.settings = settings;
    this.outputs = new OutputRecords(settings.kafka().topics(), sinks);
    this.letters = new DeadLetters(settings.kafka().topics(), "inference");
    this.handler = handler;
    this.parked = parked;
    this.readiness = readiness;
    this.replies = replies;
    this.observer = observer;
    this.fatal = fatal;
    this.clock = clock;
    this.thread = new Thread(this::run, "lift-requests");
  }

  public void start() {
    activeAt = System.nanoTime();
    thread.start();
    started = true;
  }

  public boolean started() {
    return started;
  }

  /** Whether the loop has not been started, or has made progress within this time. */
  public boolean alive(Duration timeout) {
    return !started || thread.isAlive() && System.nanoTime() - activeAt < timeout.toNanos();
  }

  /** Whether the loop gets on with the requests that it has read. */
  public LoopProgress progress() {
    return progress;
  }

  /** Whether the group has assigned its partitions to this replica, possibly none. */
  public boolean assigned() {
    return assigned;
  }

  /** Ends after the current batch. */
  public void stop() {
    stopping = true;
  }

  /** Ends after the current batch; waits for that, for ten seconds at most, and for its replies. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    replies.close();
  }

  private void run() {
    try (TransactionalProducer opened =
        new TransactionalProducer(
            settings.kafka().settings(), settings.transactionalId(), settings.producer())) {
      producer = opened;
      Topics topics = settings.kafka().topics();
      consumer = KafkaClients.consumer(settings.kafka().settings(), settings.consumer());
      consumer.subscribe(
          List.of(topics.requests().name(), topics.requestsParked().name()), new Rebalance());
      processBatches();
    } catch (FencedInstanceIdException e) {
      fatal.accept(
          "another inference service runs as instance %s: give each its own lift.inference.instance"
              .formatted(settings.instance()));
    } catch (RuntimeException e) {
      LOG.error("the request loop has ended", e);
      fatal.accept("the request loop cannot go on: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (consumer != null) {
        consumer.close(
            CloseOptions.groupMembershipOperation(
                CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
      }
    }
  }

  private void processBatches() throws InterruptedException {
    int failures = 0;
    boolean clean = false;
    while (!stopping) {
      activeAt = System.nanoTime();
      try {
        if (!clean) {
          producer.open();
          rewind();
          clean = true;
        }
        processBatch();
        failures = 0;
      } catch (FencedInstanceIdException e) {
        throw e;
      } catch (RuntimeException e) {
        failures = e instanceof KafkaException ? 0 : failures + 1;
        if (failures >= MAX_FAILURES) {
          throw e;
        }
        LOG.warnf(
            "a batch is aborted and repeated: %s",
            e.getCause() == null ? e : e + ": " + e.getCause());
        LOG.debug("the cause", e);
        observer.aborted(e);
        producer.abort(e);
        clean = false;
        Thread.sleep(failures == 0 ? 50 : 1000);
      }
    }
  }

  private void processBatch() throws InterruptedException {
    pauseFullPartitions();
    ConsumerRecords<byte[], byte[]> records =
        consumer.poll(moreParked ? Duration.ZERO : parked.isEmpty() ? IDLE : WATCHING);
    pace.begin();
    RequestBatch batch =
        new RequestBatch(settings, parked, outputs, letters, refused, refusedBySinks);
    progress.assigned(consumer.assignment());
    progress.read(records);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      batch.read(record);
    }
    // the offsets after the batch include transaction markers, so an idle group has no lag
    records.nextOffsets().forEach(batch::readTo);
    batch.add(parked.due(readiness, clock.millis(), settings.batch()));
    List<Outcome> outcomes = batch.handle(handler, clock.millis());
    outcomes.forEach(batch::conclude);
    moreParked = batch.answeredParked();
    rotation().forEach(batch::parkAgain);
    if (batch.isEmpty()) {
      if (!records.isEmpty()) {
        progress.committed(); // parked requests, which wait in the window
      }
      return;
    }
    batch.commit(producer, consumer.groupMetadata());
    progress.committed();
    replies.send(batch.replies());
    refused.clear();
    refusedBySinks.clear();
    observer.committed(outcomes, batch.deadLetters());
    pace.end(records.count());
  }

  /** Stops reading partitions whose window is full. */
  private void pauseFullPartitions() {
    Set<TopicPartition> full = parked.full();
    full.retainAll(consumer.assignment());
    Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
    resumed.removeAll(full);
    consumer.resume(resumed);
    consumer.pause(full);
  }

  private List<Request> rotation() {
    long waited = System.nanoTime() - rotatedAt;
    if (waited < ROTATE_NANOS) {
      return List.of();
    }
    // a lag of one or two may be transaction markers only, which are worth a rare rotation
    long marks = waited < ROTATE_IDLE_NANOS ? 2 : 0;
    List<Request> oldest =
        parked.rotate(
            partition -> consumer.currentLag(partition).orElse(0) > marks, settings.batch());
    if (!oldest.isEmpty()) {
      rotatedAt = System.nanoTime();
    }
    return oldest;
  }

  /** Goes back to the committed offsets. */
  private void rewind() {
    Set<TopicPartition> assignment = consumer.assignment();
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assignment);
    for (TopicPartition partition : assignment) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset != null) {
        consumer.seek(partition, offset.offset());
      } else {
        consumer.seekToBeginning(List.of(partition));
      }
      if (isParked(partition)) {
        parked.assign(partition, offset);
      }
    }
  }

  private boolean isParked(TopicPartition partition) {
    return partition.topic().equals(settings.kafka().topics().requestsParked().name());
  }

  /** Runs inside poll, between batches, so no records are in flight when partitions move. */
  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assigned = true;
      Set<TopicPartition> fresh = new HashSet<>(partitions);
      fresh.removeIf(partition -> !isParked(partition));
      if (!fresh.isEmpty()) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(fresh);
        fresh.forEach(partition -> parked.assign(partition, committed.get(partition)));
      }
      LOG.infof("assigned %s", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      parked.revoke(partitions);
      LOG.infof("revoked %s", partitions);
    }
  }
}
