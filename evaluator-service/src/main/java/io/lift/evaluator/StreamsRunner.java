package io.lift.evaluator;

import io.lift.evaluator.scoring.EvaluatorSettings;
import io.lift.evaluator.scoring.EvaluatorTopology;
import io.lift.evaluator.scoring.FailedRecords;
import io.lift.kafka.Backoff;
import io.lift.kafka.GroupProtocol;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaFailures;
import io.lift.kafka.TopicAdmin;
import io.lift.kafka.Traces;
import io.lift.kafka.TransactionalProducer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the evaluator's topology on a broker. */
final class StreamsRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);

  /** A failure after this time has nothing to do with the one before. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final KafkaStreams streams;
  private final KafkaConnection kafka;
  private final Consumer<String> fatal;
  private final Backoff backoff = new Backoff();
  private long failedAt = System.nanoTime();

  /**
   * @param kafka where the topics are
   * @param traces where the span of each score goes
   * @param progress is told what the streams read
   * @param fatal called with one sentence if Kafka denies an access right that only an operator can
   *     grant
   */
  public StreamsRunner(
      EvaluatorConfig config,
      KafkaConnection kafka,
      Traces traces,
      StreamsProgress progress,
      Consumer<String> fatal) {
    this.kafka = kafka;
    this.fatal = fatal;
    EvaluatorSettings settings =
        new EvaluatorSettings(
            config.timeToLive(),
            config.window(),
            config.versions(),
            config.publishInterval(),
            config.autoRollback(),
            config.partitions());
    streams =
        new KafkaStreams(
            EvaluatorTopology.build(settings, kafka.topics(), traces),
            properties(config, kafka, progress),
            new BoundedClients(kafka.topics()));
    streams.setUncaughtExceptionHandler(this::failed);
  }

  public KafkaStreams streams() {
    return streams;
  }

  public void start() {
    streams.start();
  }

  /** Whether every stream thread works. */
  public boolean running() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Whether it has given up; only a new process helps. */
  public boolean failed() {
    return streams.state().hasStartedOrFinishedShuttingDown();
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(10));
  }

  /** The committed offset of each partition that is read here; empty while not all is assigned. */
  Map<TopicPartition, Long> committed() {
    if (!running()) {
      return Map.of();
    }
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
      for (TaskMetadata task : thread.activeTasks()) {
        task.topicPartitions().forEach(partition -> committed.put(partition, -1L));
        committed.putAll(task.committedOffsets());
      }
    }
    return committed;
  }

  private static Properties properties(
      EvaluatorConfig config, KafkaConnection kafka, StreamsProgress progress) {
    Properties properties = new Properties();
    // a protocol of plain consumers; streams assign their tasks themselves
    properties.putAll(GroupProtocol.ungrouped(kafka.settings()));
    properties.remove(TopicAdmin.REPLICATION);
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) TopicAdmin.replication(kafka.settings()));
    properties.put(
        StreamsConfig.APPLICATION_ID_CONFIG, kafka.topics().name(config.applicationId()));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // a store has committed writes only, so that it can be trusted after a kill
    properties.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.class);
    // a killed replica is replaced after 10 s, a stopped one at once
    properties.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    properties.put(consumer("internal.leave.group.on.close"), true);
    properties.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // scores are committed at intervals, so records may gather
    properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 32_768);
    properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        kafka.topics().deadLetters().maxMessageBytes());
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        EvaluatorTopology.INTERNAL_RECORD_BYTES);
    properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
    properties.put(FailedRecords.TOPICS, kafka.topics());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
        ReadRecords.class.getName());
    properties.put(StreamsConfig.mainConsumerPrefix(ReadRecords.PROGRESS), progress);
    // nothing can be read before the commit, which sends what is left
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        (int) config.commitInterval().toMillis());
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 131_072);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
        TransactionalProducer.RETRY_BACKOFF_MILLIS);
    return properties;
  }

  private static boolean isAuthorization(Throwable error) {
    return error != null
        && (error instanceof AuthorizationException || isAuthorization(error.getCause()));
  }

  private static String consumer(String name) {
    return StreamsConfig.consumerPrefix(name);
  }

  /** A thread is replaced, after a wait that grows while it fails again and again. */
  private synchronized StreamThreadExceptionResponse failed(Throwable error) {
    if (isAuthorization(error)) {
      fatal.accept(KafkaFailures.explain(kafka.settings(), error).getMessage());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    long now = System.nanoTime();
    if (now - failedAt > QUIET.toNanos()) {
      backoff.reset();
    }
    backoff.failed(LOG, "scoring cannot go on", error);
    failedAt = System.nanoTime();
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }
}
