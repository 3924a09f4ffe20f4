package io.lift.trainer.training;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.PromptMessage;
import io.lift.trainer.training.PromptIntake.Added;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From prompts to checkpoints. Whoever polls the consumer of {@code lift.prompts} tells this of
 * assignments, revocations and records; everything else happens here.
 *
 * <p>The truth about progress is each task's manifest on {@code lift.checkpoints}. When partitions
 * are assigned, transactions of their previous owner are waited for, the manifests are read, and
 * reading begins at the smallest offset that any task on the partition still rehearses. Rows before
 * a manifest's end are rehearsed, the others are fresh: so no row is lost and none is new twice,
 * whoever trains and however often it is interrupted.
 */
public final class Trainer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final String prompts; // the topic
  private final Traces traces;
  private final TaskTables tables;
  private final Assignment workload;
  private final PromptIntake intake;
  private final TrainingLoop loop;
  private final DeadLetterSender deadLetters;
  private final CheckpointPublisher publisher;
  private final TrainingMeters meters;
  private final ProgressReporter progress;

  /**
   * @param kafka where the topics are
   * @param traces where the spans of rounds go
   * @param factory opens fine-tunings
   */
  public Trainer(
      KafkaConnection kafka,
      Traces traces,
      TrainerSettings settings,
      FineTuner.Factory factory,
      MeterRegistry registry) {
    prompts = kafka.topics().prompts().name();
    this.traces = traces;
    meters = new TrainingMeters(registry);
    tables =
        new TaskTables(
            kafka,
            (name, spec) -> workload().follow(name, spec),
            (name, wish) -> workload().wish(name, wish));
    workload = new Assignment(kafka.topics(), settings, factory, tables, meters);
    intake = workload.intake();
    publisher =
        new CheckpointPublisher(
            kafka, kafka.topics().groups().trainer() + "-" + settings.instance());
    deadLetters = new DeadLetterSender(kafka);
    progress = new ProgressReporter(kafka, settings.instance(), workload::status);
    loop =
        new TrainingLoop(
            settings.instance(),
            factory,
            workload,
            tables,
            new FineTunerCache(kafka, factory, settings.openTasks()),
            publisher,
            traces,
            meters);
  }

  private Assignment workload() {
    return workload;
  }

  /** Ends what a killed predecessor left open, follows the tables, starts the training thread. */
  public void start() {
    publisher.connect();
    tables.start();
    loop.start();
    progress.start();
  }

  /**
   * To be called in the consumer's rebalance callback: takes over partitions and seeks to where
   * their tasks go on. Returns once the tables are as new as the log, however long that takes.
   */
  public void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    workload.joined(consumer.groupMetadata());
    if (partitions.isEmpty()) {
      return;
    }
    // does not answer while a transaction of the previous owner is being committed
    Map<Integer, Long> committed = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = consumer.committed(Set.copyOf(partitions));
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            committed.put(partition.partition(), offset.offset());
          }
        });
    if (!refresh()) {
      return;
    }
    Map<Integer, Long> positions =
        workload.own(
            partitions.stream().map(TopicPartition::partition).toList(),
            committed,
            consumer.partitionsFor(prompts).size());
    positions.forEach(
        (partition, offset) -> consumer.seek(new TopicPartition(prompts, partition), offset));
    LOG.atInfo()
        .addKeyValue("topic", prompts)
        .addKeyValue("positions", positions)
        .log("partitions assigned");
  }

  private boolean refresh() {
    try {
      while (!workload.closed()) {
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
   * and stops a round on them after its step; the round is discarded and its rows are read again by
   * the next owner.
   */
  public void revoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    workload.joined(consumer.groupMetadata());
    try {
      if (!workload.disown(partitions.stream().map(TopicPartition::partition).toList())) {
        LOG.warn("a round is still running on a revoked partition; its checkpoint will be refused");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!partitions.isEmpty()) {
      LOG.atInfo().addKeyValue("partitions", partitions).log("partitions revoked");
    }
  }

  /**
   * Takes polled records, in order. Blocks while too many fresh rows wait, which stops consumption.
   *
   * @param generation of the consumer group when they were polled; records polled before their
   *     partition was assigned are dropped, they will come again
   */
  public void append(ConsumerRecords<byte[], byte[]> records, int generation)
      throws InterruptedException {
    intake.awaitSpace();
    boolean refreshed = false;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        PromptMessage prompt = PromptReader.read(record, intake.partitions());
        // a task is published before any of its rows, so one look at the log is enough for a poll
        if (!refreshed && !intake.knows(prompt)) {
          refreshed = tables.refreshTasks(REFRESH);
        }
        append(record, prompt, generation);
      } catch (PromptRejectedException e) {
        intake
            .advance(record.partition(), generation, record.offset())
            .filter(ownership -> record.offset() >= ownership.committed())
            .ifPresent(ownership -> reject(record, ownership, e));
      }
    }
    deadLetters.flush();
    intake.lettersArrived();
  }

  private void append(ConsumerRecord<byte[], byte[]> record, PromptMessage prompt, int generation) {
    Optional<PartitionAssignment> ownership =
        intake.advance(record.partition(), generation, record.offset());
    if (ownership.isEmpty()) {
      return;
    }
    try {
      String language = HeaderValues.string(record.headers(), Headers.LANGUAGE);
      Added added =
          intake.add(
              ownership.get(), prompt, language, record.offset(), traces.of(record.headers()));
      meters.read(prompt.task(), added);
    } catch (PromptRejectedException e) {
      if (record.offset() >= ownership.get().committed()) {
        reject(record, ownership.get(), e);
      }
    }
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> record,
      PartitionAssignment ownership,
      PromptRejectedException why) {
    meters.rejected(why.reason());
    LOG.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("reason", why.reason().code())
        .addKeyValue("error", why.getMessage())
        .log("prompt sent to the dead letters");
    intake.sendLetter(ownership);
    deadLetters.send(record, why);
  }

  /** How each task of this trainer stands, by name. */
  public List<TrainingStatus> status() {
    return workload.status();
  }

  /** Whether the tables have been read, so that assignments can be taken. */
  public boolean ready() {
    return tables.caughtUp() && loop.alive();
  }

  /** Whether the training thread has done a step, or turned idly, within the limit. */
  public boolean live(Duration limit) {
    return loop.alive() && loop.sinceProgress().compareTo(limit) < 0;
  }

  /** Stops the round after its step, discards it, and lets go of everything. */
  @Override
  public void close() {
    workload.close();
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
