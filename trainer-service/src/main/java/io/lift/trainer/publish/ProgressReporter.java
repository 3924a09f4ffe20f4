package io.lift.trainer.publish;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.TrainingProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the progress of each task on {@code lift.training}: changes twice a second, and every
 * task at least once per {@link TrainingProgress#HEARTBEAT}. A lost record is followed by a newer
 * one.
 */
public final class ProgressReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);
  private static final long EVERY_MILLIS = 500;

  private final KafkaConnection kafka;
  private final Supplier<List<TrainingProgress>> source;
  private final Map<String, TrainingProgress> sent = new HashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "training-progress");
            thread.setDaemon(true);
            return thread;
          });
  private KafkaProducer<byte[], byte[]> producer;

  /**
   * @param kafka where the topics are
   * @param source the progress of all tasks of this trainer, now
   */
  public ProgressReporter(KafkaConnection kafka, Supplier<List<TrainingProgress>> source) {
    this.kafka = kafka;
    this.source = source;
  }

  /** Begins to publish. */
  public void start() {
    producer =
        KafkaClients.producer(kafka.settings(), Map.of("linger.ms", 50, "max.block.ms", 1_000));
    clock.scheduleWithFixedDelay(this::report, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void report() {
    try {
      for (TrainingProgress progress : source.get()) {
        if (worthSending(sent.get(progress.task()), progress)) {
          sent.put(progress.task(), progress);
          producer.send(
              new ProducerRecord<>(
                  kafka.topics().training().name(),
                  HeaderValues.bytes(progress.task()),
                  Json.write(progress)));
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("progress not published", e);
    }
  }

  /** Whether it differs in more than its time, or enough time has passed. */
  static boolean worthSending(TrainingProgress before, TrainingProgress now) {
    return before == null
        || now.at() - before.at() >= TrainingProgress.HEARTBEAT.toMillis()
        || !at(now, 0).equals(at(before, 0));
  }

  private static TrainingProgress at(TrainingProgress progress, long time) {
    return new TrainingProgress(
        progress.task(),
        progress.trainer(),
        progress.state(),
        progress.version(),
        progress.step(),
        progress.steps(),
        progress.loss(),
        progress.waitingRows(),
        progress.windowRows(),
        time);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
