package io.lift.inference.requests;

import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.messages.DeadLetters;
import io.lift.messages.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Requests in, predictions out, exactly once. Each turn polls, scores what came (no transaction is
 * open meanwhile), then commits predictions, replies, parked requests, dead letters and offsets in
 * one transaction with the consumer group's generation, so that a replica that has lost its
 * partitions commits nothing. After any failure the turn is undone: the transaction aborts and the
 * partitions are read again from what the group committed.
 *
 * <p>This is neither a SmallRye channel with {@code KafkaTransactions} nor a {@code
 * TransactionalLoop}: both commit the end of the batch they were given, while parked requests need
 * a commit that lags behind what was read and carries what is done beyond it (see {@link
 * ParkedWindow}). And one thread that polls, scores and commits has no records in flight when
 * partitions move, and no hops between threads in its latency.
 *
 * <p>Parked requests that become answerable join the turns a batch at a time, so live requests
 * never wait for more than that batch.
 */
public final class RequestLoop implements Runnable {
  private static final Logger LOG = Logger.getLogger(RequestLoop.class);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration WATCHING = Duration.ofMillis(20); // while requests are parked
  private static final long ROTATE_NANOS = 200_000_000L;
  private static final long ROTATE_IDLE_NANOS = 5_000_000_000L;
  private static final int PATIENCE = 10; // failures in a row that are not Kafka's

  /**
   * @param kafka where the topics are
   * @param traces where the spans of batches and answers go
   * @param group the consumer group of all replicas
   * @param instance this replica, unique and the same after its restart
   * @param batch requests of one turn at most
   * @param parkedBytes bytes of parked requests in memory per partition
   * @param parkedWait how long a parked request without a deadline waits
   */
  public record Settings(
      KafkaConnection kafka,
      Traces traces,
      String group,
      String instance,
      int batch,
      long parkedBytes,
      Duration parkedWait) {}

  /** Follows the loop, for meters. */
  public interface Observer {
    /** These outcomes are committed. */
    void committed(List<Outcome> outcomes, int deadLetters);

    /** A turn was undone and will be repeated. */
    void undone(Throwable why);
  }

  private final Settings settings;
  private final Outgoing outgoing;
  private final DeadLetters letters;
  private final RequestHandler answerer;
  private final ParkedWindow parked;
  private final ParkedWindow.Readiness readiness;
  private final ReplyTopics replyTopics;
  private final Observer observer;
  private final Consumer<String> fatal;
  private final Clock clock;
  private KafkaConsumer<byte[], byte[]> consumer;
  private Transactions transactions;
  private boolean moreParked;
  private long rotatedAt = System.nanoTime();
  private volatile long turnedAt = System.nanoTime();
  private volatile boolean assigned;
  private volatile boolean stopping;

  /**
   * @param fatal told in one sentence why the loop cannot go on
   */
  public RequestLoop(
      Settings settings,
      RequestHandler answerer,
      ParkedWindow parked,
      ParkedWindow.Readiness readiness,
      ReplyTopics replyTopics,
      Observer observer,
      Consumer<String> fatal,
      Clock clock) {
    this.settings = settings;
    this.outgoing = new Outgoing(settings.kafka().topics());
    this.letters = new DeadLetters(settings.kafka().topics(), "inference");
    this.answerer = answerer;
    this.parked = parked;
    this.readiness = readiness;
    this.replyTopics = replyTopics;
    this.observer = observer;
    this.fatal = fatal;
    this.clock = clock;
  }

  @Override
  public void run() {
    try (Transactions opened =
        new Transactions(
            settings.kafka().settings(), settings.group() + "-" + settings.instance())) {
      transactions = opened;
      Topics topics = settings.kafka().topics();
      consumer = KafkaClients.consumer(settings.kafka().settings(), consumerSettings());
      consumer.subscribe(
          List.of(topics.requests().name(), topics.requestsParked().name()), new Rebalance());
      turns();
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

  /** Ends after the current turn. */
  public void stop() {
    stopping = true;
  }

  /** Nanoseconds since the last sign of life. */
  public long silentNanos() {
    return System.nanoTime() - turnedAt;
  }

  /** Whether the group has given this replica its share of the partitions, perhaps none. */
  public boolean assigned() {
    return assigned;
  }

  private void turns() throws InterruptedException {
    int failures = 0;
    boolean sound = false;
    while (!stopping) {
      turnedAt = System.nanoTime();
      try {
        if (!sound) {
          transactions.abort();
          rewind();
          sound = true;
        }
        turn();
        failures = 0;
      } catch (FencedInstanceIdException e) {
        throw e;
      } catch (RuntimeException e) {
        failures = e instanceof KafkaException ? 0 : failures + 1;
        if (failures >= PATIENCE) {
          throw e;
        }
        LOG.warnf("a turn is undone and repeated: %s", e.toString());
        LOG.debug("why", e);
        observer.undone(e);
        sound = false;
        Thread.sleep(failures == 0 ? 50 : 1000);
      }
    }
  }

  private void turn() throws InterruptedException {
    throttle();
    ConsumerRecords<byte[], byte[]> records =
        consumer.poll(moreParked ? Duration.ZERO : parked.isEmpty() ? IDLE : WATCHING);
    Turn turn = new Turn();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      turn.read(record);
    }
    // what follows the batch, marks of transactions included, so that an idle group has no lag
    records.nextOffsets().forEach(turn::readTo);
    List<Request> due = parked.due(readiness, clock.millis(), settings.batch());
    turn.requests.addAll(due);
    List<Outcome> outcomes = turn.requests.isEmpty() ? List.of() : turn.answer();
    moreParked = false;
    outcomes.forEach(turn::conclude);
    rotation().forEach(turn::rotate);
    if (turn.offsets.isEmpty()) {
      return;
    }
    transactions.commit(turn.records, turn.offsets, consumer.groupMetadata(), turn::failed);
    observer.committed(outcomes, turn.deadLetters);
  }

  /** Reads no more of partitions whose window is full. */
  private void throttle() {
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
    // a lag of one or two may be the marks of transactions only: then seldom
    long marks = waited < ROTATE_IDLE_NANOS ? 2 : 0;
    List<Request> oldest =
        parked.rotate(
            partition -> consumer.currentLag(partition).orElse(0) > marks, settings.batch());
    if (!oldest.isEmpty()) {
      rotatedAt = System.nanoTime();
    }
    return oldest;
  }

  /** Back to what the group has committed. */
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
      if (isParked(partition.topic())) {
        parked.assign(partition, offset);
      }
    }
  }

  private Map<String, Object> consumerSettings() {
    return Map.of(
        ConsumerConfig.GROUP_ID_CONFIG,
        settings.group(),
        // a replica that restarts at once takes its partitions back without a rebalance
        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
        settings.instance(),
        ConsumerConfig.CLIENT_ID_CONFIG,
        "lift-inference-" + settings.instance(),
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        10_000,
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName(),
        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
        1,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        settings.batch());
  }

  private boolean isParked(String topic) {
    return topic.equals(settings.kafka().topics().requestsParked().name());
  }

  /** What one turn has read and will commit. */
  private final class Turn {
    final List<Request> requests = new ArrayList<>();
    final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    final Map<ProducerRecord<byte[], byte[]>, ReplyAddress> replies = new IdentityHashMap<>();
    final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    int deadLetters;
    AnswerTrace batch;

    void read(ConsumerRecord<byte[], byte[]> record) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      boolean waited = isParked(record.topic());
      try {
        Request request = Request.of(record);
        if (waited) {
          parked.add(request.withDeadline(record.timestamp() + settings.parkedWait().toMillis()));
        } else {
          requests.add(request);
        }
      } catch (Request.Undecodable e) {
        LOG.warnf("dead letter: %s", e.getMessage());
        records.add(letters.of(record, null, e.reason(), null, e.getMessage()));
        deadLetters++;
        if (waited) {
          parked.pass(partition, record.offset());
          offsets.put(partition, parked.commit(partition));
        }
      }
    }

    void readTo(TopicPartition partition, OffsetAndMetadata next) {
      if (!isParked(partition.topic())) {
        offsets.put(partition, next);
      }
    }

    List<Outcome> answer() throws InterruptedException {
      batch = AnswerTrace.begin(settings.traces(), requests);
      try {
        return answerer.handle(requests);
      } finally {
        batch.end();
      }
    }

    void conclude(Outcome outcome) {
      Request request = outcome.request();
      boolean wasParked = isParked(request.record().topic());
      if (outcome.waits()) {
        if (!wasParked) {
          records.add(outgoing.parked(request));
        }
        return;
      }
      List<ProducerRecord<byte[], byte[]>> answers = new ArrayList<>(2);
      if (!request.replyOnly()) {
        answers.add(outgoing.prediction(request, outcome.prediction()));
      }
      outgoing
          .reply(request, outcome.prediction(), replyTopics)
          .ifPresent(
              reply -> {
                answers.add(reply);
                replies.put(reply, request.reply());
              });
      batch.answered(outcome, answers);
      records.addAll(answers);
      if (wasParked) {
        moreParked = true;
        leave(request);
      }
    }

    void rotate(Request request) {
      records.add(outgoing.parked(request));
      leave(request);
    }

    /** Called by the producer's thread for each record that cannot be sent. */
    void failed(ProducerRecord<byte[], byte[]> record, Exception e) {
      ReplyAddress address = replies.get(record);
      boolean itsOwnFault =
          e instanceof UnknownTopicOrPartitionException
              || e instanceof InvalidTopicException
              || e instanceof TopicAuthorizationException
              || e instanceof RecordTooLargeException
              || e instanceof TimeoutException;
      if (address != null && itsOwnFault) {
        replyTopics.failed(address, e.getMessage());
      }
    }

    private void leave(Request request) {
      parked.done(request);
      offsets.put(request.topicPartition(), parked.commit(request.topicPartition()));
    }
  }

  /** Runs inside poll, between turns: nothing is in flight when partitions come or go. */
  private final class Rebalance implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assigned = true;
      Set<TopicPartition> fresh = new HashSet<>(partitions);
      fresh.removeIf(partition -> !isParked(partition.topic()));
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
