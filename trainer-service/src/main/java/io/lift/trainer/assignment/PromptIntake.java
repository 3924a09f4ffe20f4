package io.lift.trainer.assignment;

import io.lift.core.prompt.Example;
import io.lift.kafka.LoopProgress;
import io.lift.kafka.Progress;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.PromptMessage;
import io.lift.trainer.prompts.PartitionAssignment;
import io.lift.trainer.prompts.PartitionPosition;
import io.lift.trainer.prompts.PromptReader;
import io.lift.trainer.prompts.PromptRejectedException;
import io.lift.trainer.prompts.WindowRow;
import io.lift.trainer.publish.DeadLetterSender;
import io.lift.trainer.publish.TaskTables;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the records of {@code lift.prompts}, in order, into the windows of their tasks, and holds
 * consumption back while too many rows wait. For the reading thread only.
 */
public final class PromptIntake {
  private static final Logger LOG = LoggerFactory.getLogger(PromptIntake.class);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration UNLIMITED = Duration.ofDays(10_000);

  private final Monitor<AssignmentState> monitor;
  private final TaskTables tables;
  private final DeadLetterSender deadLetters;
  private final Traces traces;
  private final MeterRegistry registry;
  private final LoopProgress progress = new LoopProgress();

  PromptIntake(
      Monitor<AssignmentState> monitor,
      TaskTables tables,
      DeadLetterSender deadLetters,
      Traces traces,
      MeterRegistry registry) {
    this.monitor = monitor;
    this.tables = tables;
    this.deadLetters = deadLetters;
    this.traces = traces;
    this.registry = registry;
  }

  /** Whether the intake gets on with the records that it has begun to take. */
  public Progress progress() {
    return progress;
  }

  /**
   * Takes polled records, in order. Blocks while too many fresh rows wait, which stops consumption.
   *
   * @param generation of the consumer group when they were polled; records polled before their
   *     partition was assigned are dropped, because they will come again
   */
  public void append(ConsumerRecords<byte[], byte[]> records, int generation)
      throws InterruptedException {
    monitor.await(state -> state.closed() || !state.tasks().full(), UNLIMITED);
    progress.read(records);
    boolean refreshed = false;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (!wants(record, generation)) {
        continue;
      }
      PromptMessage prompt = null;
      PromptRejectedException rejection = null;
      try {
        prompt = PromptReader.read(record, monitor.get(state -> state.partitions().count()));
        // a task is published before any of its rows, so one refresh is enough for a poll
        if (!refreshed && !knows(prompt)) {
          refreshed = tables.refreshTasks(REFRESH);
        }
      } catch (PromptRejectedException e) {
        rejection = e;
      }
      Optional<PartitionAssignment> partition = advance(record, generation);
      if (partition.isEmpty()) {
        continue;
      }
      if (rejection == null) {
        rejection = add(partition.get(), record, prompt);
      }
      if (rejection != null && record.offset() >= partition.get().handledTo()) {
        reject(record, partition.get(), rejection);
      }
    }
    deadLetters.flush();
    // the offsets after the batch include transaction markers, so an idle group has no lag
    monitor.change(
        state -> {
          records
              .nextOffsets()
              .forEach((partition, next) -> polledTo(state, partition, next, generation));
          state.partitions().allHandled();
        });
    progress.committed();
  }

  private static void polledTo(
      AssignmentState state, TopicPartition partition, OffsetAndMetadata next, int generation) {
    state
        .partitions()
        .position(partition.partition())
        .ifPresent(position -> position.polledTo(generation, next.offset()));
  }

  /** Whether a record is to be read; false if it is stale or was read before. */
  private boolean wants(ConsumerRecord<?, ?> record, int generation) {
    return monitor.get(
        state ->
            state
                .partitions()
                .position(record.partition())
                .filter(position -> position.wants(generation, record.offset()))
                .isPresent());
  }

  /** Whether a prompt's task is known in the version that rendered the prompt. */
  private boolean knows(PromptMessage prompt) {
    return monitor.get(
        state ->
            state
                .tasks()
                .training(prompt.task())
                .filter(task -> task.spec().version() >= prompt.taskVersion())
                .isPresent());
  }

  /** Moves past a record; empty if it is stale or was read before. */
  private Optional<PartitionAssignment> advance(ConsumerRecord<?, ?> record, int generation) {
    return monitor.get(
        state ->
            state
                .partitions()
                .position(record.partition())
                .filter(position -> position.advance(generation, record.offset()))
                .map(PartitionPosition::assignment));
  }

  /** Adds a prompt to the window of its task; returns why it is rejected, or null. */
  private PromptRejectedException add(
      PartitionAssignment partition, ConsumerRecord<byte[], byte[]> record, PromptMessage prompt) {
    String languageHash = HeaderValues.string(record.headers(), Headers.LANGUAGE);
    String trace = traces.of(record.headers());
    try {
      PromptResult result =
          monitor.changeAndGet(
              state -> add(state, partition, prompt, languageHash, record.offset(), trace));
      String outcome = result.name().toLowerCase(Locale.ROOT).replace('_', '-');
      registry.counter("lift.prompts", "task", prompt.task(), "outcome", outcome).increment();
      return null;
    } catch (PromptRejectedException e) {
      return e;
    }
  }

  private static PromptResult add(
      AssignmentState state,
      PartitionAssignment partition,
      PromptMessage prompt,
      String languageHash,
      long offset,
      String trace)
      throws PromptRejectedException {
    Optional<PartitionPosition> position = state.partitions().position(partition);
    if (position.isEmpty()) {
      return PromptResult.LOST;
    }
    TaskTraining task =
        state
            .tasks()
            .training(prompt.task())
            .orElseThrow(() -> PromptReader.unknownTask(prompt.task()));
    PromptResult result = PromptResult.OTHER_LANGUAGE;
    if (task.task().accepts(prompt, languageHash)) {
      Example example = PromptReader.example(prompt, task.task().language());
      result =
          PromptResult.of(
              task.add(
                  new WindowRow(prompt.row(), offset, example, System.currentTimeMillis(), trace)));
    }
    position.get().handled();
    return result;
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> record,
      PartitionAssignment partition,
      PromptRejectedException why) {
    registry
        .counter("lift.dead.letters", "stage", "trainer", "reason", why.reason().code())
        .increment();
    LOG.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("reason", why.reason().code())
        .addKeyValue("error", why.getMessage())
        .log("prompt sent to the dead letters");
    monitor.change(
        state -> state.partitions().position(partition).ifPresent(PartitionPosition::deadLetter));
    deadLetters.send(record, why);
  }
}
