package io.lift.evaluator;

import io.lift.evaluator.scoring.EvaluatorSettings;
import io.lift.evaluator.scoring.EvaluatorTopology;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaFailures;
import io.lift.kafka.TopicAdmin;
import io.lift.kafka.Traces;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the evaluator's topology on a broker. */
public final class StreamsRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
  private static final int MAX_RESTARTS = 5;
  private static final Duration RESTARTS_WITHIN = Duration.ofMinutes(1);

  private final KafkaStreams streams;
  private final KafkaConnection kafka;
  private final Consumer<String> fatal;
  private final Deque<Long> restarts = new ArrayDeque<>();

  /**
   * @param kafka where the topics are
   * @param traces where the span of each score goes
   * @param fatal called with one sentence if Kafka denies an access right that only an operator can
   *     grant
   */
  public StreamsRunner(
      EvaluatorConfig config, KafkaConnection kafka, Traces traces, Consumer<String> fatal) {
    this.kafka = kafka;
    this.fatal = fatal;
    EvaluatorSettings settings =
        new EvaluatorSettings(
            config.timeToLive(),
            config.window(),
            config.versions(),
            config.publishInterval(),
            config.partitions());
    streams =
        new KafkaStreams(
            EvaluatorTopology.build(settings, kafka.topics(), traces), properties(config, kafka));
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

  static Properties properties(EvaluatorConfig config, KafkaConnection kafka) {
    Properties properties = new Properties();
    properties.putAll(kafka.settings());
    properties.remove(TopicAdmin.REPLICATION);
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) TopicAdmin.replication(kafka.settings()));
    properties.put(
        StreamsConfig.APPLICATION_ID_CONFIG, kafka.topics().name(config.applicationId()));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    // a killed replica is replaced after 10 s, a stopped one at once
    properties.put(consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    properties.put(consumer("internal.leave.group.on.close"), true);
    properties.put(consumer(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // a dead letter is as large as its original
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Integer.parseInt(kafka.topics().deadLetters().configs().get("max.message.bytes")));
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
    return properties;
  }

  private static boolean isAuthorization(Throwable error) {
    return error != null
        && (error instanceof AuthorizationException || isAuthorization(error.getCause()));
  }

  private static String consumer(String name) {
    return StreamsConfig.consumerPrefix(name);
  }

  /**
   * Faults of the broker or network pass, so a thread is replaced, unless it fails again and again.
   */
  private synchronized StreamThreadExceptionResponse failed(Throwable error) {
    if (isAuthorization(error)) {
      fatal.accept(KafkaFailures.explain(kafka.settings(), error).getMessage());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    long now = System.nanoTime();
    restarts.addLast(now);
    restarts.removeIf(then -> now - then > RESTARTS_WITHIN.toNanos());
    if (restarts.size() > MAX_RESTARTS) {
      LOG.error("the evaluator gives up after {} failures within a minute", MAX_RESTARTS, error);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.warn("a stream thread failed and is replaced", error);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }
}
