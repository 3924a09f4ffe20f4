package io.lift.trainer.training;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Progress;
import io.lift.kafka.Traces;
import io.lift.messages.TrainingProgress;
import io.lift.trainer.assignment.Assignment;
import io.lift.trainer.assignment.PromptIntake;
import io.lift.trainer.assignment.TrainingStatus;
import io.lift.trainer.prompts.ReadingPlan;
import io.lift.trainer.publish.CheckpointListener;
import io.lift.trainer.publish.CheckpointPublisher;
import io.lift.trainer.publish.DeadLetterSender;
import io.lift.trainer.publish.ProgressReporter;
import io.lift.trainer.publish.TaskTables;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.FineTunerCache;
import io.lift.trainer.round.RoundMeters;
import io.lift.trainer.round.TrainerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From prompts to checkpoints. The code that polls the consumer of {@code lift.prompts} passes on
 * assignments, revocations and records.
 *
 * <p>The progress of each task is in its manifest on {@code lift.checkpoints}: rows before a
 * manifest's end are rehearsed, the others are fresh. The metadata of the group's offset says in
 * which ranges of a partition the rows of all windows are, so a trainer that takes over reads these
 * ranges and what comes after them. The offset itself moves on without the rows of a task that
 * waits for more rows, because the ranges hold them. So no row is lost and none is fresh twice,
 * whichever trainer trains and however often it is interrupted.
 */
public final class Trainer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final String instance;
  private final String topic;
  private final TaskTables tables;
  private final Assignment assignment;
  private final PromptIntake intake;
  private final TrainingLoop loop;
  private final DeadLetterSender deadLetters;
  private final CheckpointPublisher publisher;
  private final ProgressReporter progress;
  private volatile Runnable rejected = () -> {};

  /**
   * @param kafka where the topics are
   * @param traces where the spans of rounds go
   * @param factory opens fine-tunings
   * @param listener is told of each checkpoint
   */
  public Trainer(
      KafkaConnection kafka,
      Traces traces,
      TrainerSettings settings,
      FineTuner.Factory factory,
      MeterRegistry registry,
      CheckpointListener listener) {
    instance = settings.instance();
    topic = kafka.topics().prompts().name();
    RoundMeters meters = new RoundMeters(registry);
    tables = new TaskTables(kafka);
    assignment =
        new Assignment(kafka.topics().prompts(), settings, factory, tables, meters, registry);
    deadLetters = new DeadLetterSender(kafka);
    intake = assignment.intake(deadLetters, traces);
    publisher =
        new CheckpointPublisher(
            kafka,
            kafka.topics().groups().trainer() + "-" + instance,
            assignment.work()::committed,
            made -> tables.task(made.task()).ifPresent(task -> listener.published(task, made)),
            () -> rejected.run());
    progress = new ProgressReporter(kafka, this::progress);
    loop =
        new TrainingLoop(
            instance,
            factory,
            assignment,
            tables,
            new FineTunerCache(tables, factory, settings.openTasks()),
            publisher,
            traces,
            meters);
  }

  private List<TrainingProgress> progress() {
    long now = System.currentTimeMillis();
    return assignment.status().stream().map(status -> status.progress(instance, now)).toList();
  }

  /** Aborts what a killed predecessor left open, reads the tables, starts the training thread. */
  public void start() {
    publisher.connect();
    tables.start(assignment);
    loop.start();
    progress.start();
  }

  /**
   * What is to be done when the broker has rejected the membership of a claim: {@link #rejoined} is
   * to be called on the polling thread. Without it, the membership is as old as the last rebalance
   * callback.
   */
  public void whenRejected(Runnable refresh) {
    rejected = refresh;
  }

  /**
   * Takes note of the membership as it is now. To be called on the polling thread. Where the broker
   * assigns the partitions, the membership gets a new epoch without a callback when the partitions
   * of other members change.
   */
  public void rejoined(Consumer<?, ?> consumer) {
    assignment.joined(consumer.groupMetadata());
  }

  /**
   * To be called in the consumer's rebalance callback: takes over partitions and seeks to where
   * their tasks continue. Returns once the tables are as new as the log, however long that takes.
   */
  public void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    assignment.joined(consumer.groupMetadata());
    if (partitions.isEmpty()) {
      return;
    }
    // does not return while a transaction of the previous trainer is being committed
    Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
    consumer
        .committed(Set.copyOf(partitions))
        .forEach((partition, offset) -> committed.put(partition.partition(), offset));
    if (!refresh()) {
      return;
    }
    assignment.assign(
        partitions.stream().map(TopicPartition::partition).toList(),
        committed,
        consumer.partitionsFor(topic).size());
    Map<TopicPartition, Long> positions = positions();
    positions.keySet().retainAll(partitions);
    positions.forEach((partition, offset) -> consumer.seek(partition, offset));
    LOG.atInfo()
        .addKeyValue("topic", topic)
        .addKeyValue("positions", positions)
        .log("partitions assigned");
  }

  private boolean refresh() {
    try {
      while (!assignment.closed()) {
        if (tables.refresh(REFRESH)) {
          return true;
        }
        LOG.warn("the tables of tasks and checkpoints lag behind the log; waiting for them");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /**
   * To be called in the consumer's rebalance callback, for lost partitions too: drops their rows
   * and stops a round on them after its step. The round is discarded, and the next trainer reads
   * its rows again.
   */
  public void revoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    assignment.joined(consumer.groupMetadata());
    try {
      if (!assignment.revoke(partitions.stream().map(TopicPartition::partition).toList())) {
        LOG.warn(
            "a round is still running on a revoked partition; its checkpoint will be rejected");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!partitions.isEmpty()) {
      LOG.atInfo().addKeyValue("partitions", partitions).log("partitions revoked");
    }
  }

  /** The next offset to read of each assigned partition. */
  private Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    assignment
        .positions()
        .forEach((partition, next) -> positions.put(new TopicPartition(topic, partition), next));
    return positions;
  }

  /**
   * Takes polled records; see {@link PromptIntake#append}.
   *
   * @return whether many records follow that no window needs, so that {@link #seek} should be
   *     called
   */
  public boolean append(ConsumerRecords<byte[], byte[]> records, int generation)
      throws InterruptedException {
    intake.append(records, generation);
    Map<TopicPartition, Long> positions = positions();
    return records.partitions().stream()
        .anyMatch(
            partition -> {
              List<? extends ConsumerRecord<?, ?>> polled = records.records(partition);
              long last = polled.get(polled.size() - 1).offset();
              return positions.getOrDefault(partition, 0L) > last + ReadingPlan.MIN_GAP;
            });
  }

  /**
   * Seeks past records that no window needs. To be called on the polling thread, where no partition
   * is assigned or revoked meanwhile.
   */
  public void seek(Consumer<?, ?> consumer) {
    Map<TopicPartition, Long> positions = positions();
    positions.keySet().retainAll(consumer.assignment());
    positions.forEach(
        (partition, next) -> {
          if (next > consumer.position(partition) + ReadingPlan.MIN_GAP) {
            consumer.seek(partition, next);
          }
        });
  }

  /** Whether the trainer gets on with the prompts that it has begun to take. */
  public Progress promptProgress() {
    return intake.progress();
  }

  /** The status of each task of this trainer, by name. */
  public List<TrainingStatus> status() {
    return assignment.status();
  }

  /** Whether the tables have been read, so that partitions can be taken over. */
  public boolean ready() {
    return tables.caughtUp() && loop.alive();
  }

  /** Whether the training thread has taken work or done a step within the limit. */
  public boolean live(Duration limit) {
    return loop.alive() && loop.sinceProgress().compareTo(limit) < 0;
  }

  /** Stops the running round after its step, discards it, and closes everything. */
  @Override
  public void close() {
    assignment.close();
    progress.close();
    try {
      loop.join(STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deadLetters.close();
    tables.close();
  }
}
