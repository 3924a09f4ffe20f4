package io.lift.inference.generation;

import io.lift.inference.generation.GenerationHandler.Outcome;
import io.lift.kafka.Backoff;
import io.lift.kafka.LoopProgress;
import io.lift.kafka.Progress;
import io.lift.kafka.RefusedRecords;
import io.lift.messages.RecordSize;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel of requests for rows, exactly once: the rows of a request and its offset are one
 * transaction, which begins when all rows have been sampled. A batch is one request, since {@code
 * max.poll.records} is 1. The channel is paused until {@link #start}.
 */
@ApplicationScoped
@Default
@Identifier(GenerationClients.REQUESTS)
public class GenerationChannel implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationChannel.class);
  private static final long CLOSE_SECONDS = 10;

  /** How long a request may be under way before the channel counts as stuck. */
  private static final Duration LONGEST_SAMPLING = GenerationHandler.TIMEOUT.plus(Progress.LIMIT);

  private final GenerationHandler handler;
  private final GenerationTransactions transactions;
  private final GenerationObserver observer;
  private final ChannelRegistry channels;
  private final Backoff backoff = new Backoff();
  private final RefusedRecords refused = new RefusedRecords();
  private final LoopProgress progress = new LoopProgress(LONGEST_SAMPLING);

  /** Sampling may take minutes, which is too long for a worker thread of Vert.x. */
  private final ExecutorService sampling =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lift-generation");
            thread.setDaemon(true);
            return thread;
          });

  private volatile boolean closing;

  GenerationChannel(
      GenerationHandler handler,
      GenerationTransactions transactions,
      GenerationObserver observer,
      ChannelRegistry channels) {
    this.handler = handler;
    this.transactions = transactions;
    this.observer = observer;
    this.channels = channels;
  }

  /** Whether the channel gets on with the requests that it has read. */
  public LoopProgress progress() {
    return progress;
  }

  /** Begins to read requests. */
  public void start() {
    transactions.open();
    channels.getPausable(GenerationClients.REQUESTS).resume();
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    progress.revoked(partitions);
  }

  @Incoming(GenerationClients.REQUESTS)
  CompletionStage<Void> consume(
      ConsumerRecords<byte[], byte[]> records,
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch) {
    if (closing) {
      return new CompletableFuture<>(); // never completes, so no further batch is delivered
    }
    return CompletableFuture.runAsync(() -> process(records, batch), sampling);
  }

  private void process(
      ConsumerRecords<byte[], byte[]> records,
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch) {
    List<Outcome> outcomes = new ArrayList<>();
    Exception failure = null;
    progress.read(records);
    try {
      List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        Optional<String> why = refused.why(record);
        Outcome outcome =
            why.isPresent() ? handler.setAside(record, why.get()) : handler.handle(record);
        outcomes.add(outcome);
        outputs.addAll(outcome.outputs());
      }
      transactions.commit(batch, outputs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } catch (RuntimeException e) {
      failure = e;
    }
    if (confirm(batch)) {
      outcomes.forEach(outcome -> outcome.report().accept(observer));
      refused.clear();
      progress.committed();
      backoff.reset();
    } else if (!closing) {
      if (RecordSize.isTooLarge(failure)) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
          refused.add(record, failure);
        }
      }
      observer.aborted(failure);
      backoff.failed(LOG, "a request for rows is repeated", failure);
    }
  }

  /** Whether the batch is committed; if not, it comes again. Repeats until Kafka answers. */
  private boolean confirm(IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch) {
    do {
      try {
        if (transactions.isCommitted(batch)) {
          return true;
        }
        transactions.rewind();
        return false;
      } catch (RuntimeException e) {
        backoff.failed(LOG, "the committed offsets cannot be read", e);
      }
    } while (!closing);
    return false;
  }

  /** Ends after the request under way, or during it if that takes long: it comes again then. */
  public void close() {
    closing = true;
    sampling.shutdown();
    try {
      if (!sampling.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        sampling.shutdownNow();
        sampling.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      sampling.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
