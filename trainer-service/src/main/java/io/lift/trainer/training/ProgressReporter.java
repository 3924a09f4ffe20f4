package io.lift.trainer.training;

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
 * Tells on {@code lift.training} how each task of this trainer stands: what has changed, twice a
 * second, and everything now and then as a sign of life. What is lost on the way is told again.
 */
final class ProgressReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);
  private static final long EVERY_MILLIS = 500;

  private final KafkaConnection kafka;
  private final String trainer;
  private final Supplier<List<TrainingStatus>> statuses;
  private final Map<String, TrainingProgress> told = new HashMap<>();
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
   * @param trainer this trainer's name
   * @param statuses how its tasks stand
   */
  ProgressReporter(KafkaConnection kafka, String trainer, Supplier<List<TrainingStatus>> statuses) {
    this.kafka = kafka;
    this.trainer = trainer;
    this.statuses = statuses;
  }

  void start() {
    producer =
        KafkaClients.producer(kafka.settings(), Map.of("linger.ms", 50, "max.block.ms", 1_000));
    clock.scheduleWithFixedDelay(this::report, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void report() {
    try {
      long now = System.currentTimeMillis();
      for (TrainingStatus status : statuses.get()) {
        TrainingProgress progress = status.progress(trainer, now);
        if (worthTelling(told.get(status.task()), progress)) {
          told.put(status.task(), progress);
          producer.send(
              new ProducerRecord<>(
                  kafka.topics().training().name(),
                  HeaderValues.bytes(status.task()),
                  Json.write(progress)));
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("progress not told", e);
    }
  }

  /** Whether it differs in more than its time, or enough time has passed. */
  static boolean worthTelling(TrainingProgress before, TrainingProgress now) {
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
