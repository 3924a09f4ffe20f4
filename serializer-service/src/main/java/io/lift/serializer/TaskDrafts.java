package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.core.row.RowRejectedException;
import io.lift.core.table.TaskInference;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicSample;
import io.lift.messages.Json;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns drafts into tasks: infers the task from the first rows of the draft's topic once there are
 * enough, freezes it and publishes it. Every serializer tries; one succeeds, see {@link #publish}.
 */
final class TaskDrafts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDrafts.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaConnection kafka;
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<TaskDraft> drafts;
  private final int rows;
  private final Duration every;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "task-drafts"));

  /**
   * @param kafka where the tasks and drafts are
   * @param rows how many rows to infer from where a draft does not say
   * @param every how often topics with too few rows are looked at again
   */
  TaskDrafts(KafkaConnection kafka, CompactedTable<TaskSpec> tasks, int rows, Duration every) {
    this.kafka = kafka;
    this.tasks = tasks;
    this.rows = rows;
    this.every = every;
    this.drafts = new CompactedTable<>(kafka.topics().taskDrafts(), kafka.settings());
  }

  void start() {
    drafts.start();
    scheduler.scheduleWithFixedDelay(
        this::settleAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void settleAll() {
    for (Map.Entry<String, TaskDraft> draft : drafts.snapshot().entrySet()) {
      if (scheduler.isShutdown()) {
        return;
      }
      try {
        if (draft.getValue().error() == null) {
          settle(draft.getKey(), draft.getValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.atLevel(fenced(e) || fenced(e.getCause()) ? Level.DEBUG : Level.WARN)
            .addKeyValue("task", draft.getKey())
            .addKeyValue("error", e.getMessage())
            .log("draft not settled by this serializer");
      }
    }
  }

  /** Whether another serializer was quicker. */
  private static boolean fenced(Throwable e) {
    return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
  }

  private void settle(String name, TaskDraft draft) throws InterruptedException {
    TaskSpec task;
    try {
      task = infer(name, draft);
    } catch (IllegalArgumentException e) {
      publish(name, draft, null, draft.failed(e.getMessage()));
      return;
    }
    if (task != null) {
      publish(name, draft, task, null);
    }
  }

  /**
   * The task of a draft; null as long as there are too few rows.
   *
   * @throws IllegalArgumentException if none can come of it, with one sentence
   */
  private TaskSpec infer(String name, TaskDraft draft) {
    if (draft.topic() == null
        || kafka.topics().all().stream().anyMatch(own -> own.name().equals(draft.topic()))) {
      throw new IllegalArgumentException(
          "a task is inferred from a topic of your own, not from " + draft.topic());
    }
    int enough = draft.rows() == null ? rows : Math.max(1, draft.rows());
    List<ConsumerRecord<byte[], byte[]>> head =
        TopicSample.read(kafka.settings(), draft.topic(), enough);
    if (head.size() < enough) {
      return null;
    }
    TaskInference inference = new TaskInference();
    for (ConsumerRecord<byte[], byte[]> record : head) {
      try {
        if (record.value() != null) {
          inference.add(record.value());
        }
      } catch (RowRejectedException e) {
        // a dead letter once the task exists
      }
    }
    List<String> without = draft.without() == null ? List.of() : draft.without();
    TaskSpec task = inference.infer(name, draft.target(), draft.type(), Map.of(), without).task();
    TaskSpec.Builder wanted =
        task.toBuilder().sources(List.of(draft.topic())).calibration(draft.calibration());
    if (draft.template() != null) {
      wanted.template(draft.template());
    }
    if (draft.numbers() != null) {
      wanted.numbers(draft.numbers());
    }
    if (draft.training() != null) {
      wanted.training(draft.training());
    }
    return TaskSpecs.validate(wanted.build());
  }

  /**
   * Publishes a task and removes its draft, or marks the draft as failed, in one transaction. The
   * transactional id belongs to the draft: whoever asks for it fences all others that try the same,
   * and sees what they have committed. So a task is published once, and never over another one.
   */
  private void publish(String name, TaskDraft draft, TaskSpec task, TaskDraft failed)
      throws InterruptedException {
    String id = kafka.topics().groups().serializer() + "-draft-" + name;
    try (KafkaProducer<byte[], byte[]> producer =
        KafkaClients.producer(kafka.settings(), Map.of("transactional.id", id))) {
      producer.initTransactions();
      if (!drafts.refresh(REFRESH) || !tasks.refresh(REFRESH)) {
        return; // the next look tries again
      }
      if (!draft.equals(drafts.get(name).orElse(null))) {
        return; // settled by another serializer, or replaced by its owner
      }
      TaskDraft left = failed;
      producer.beginTransaction();
      if (left == null && tasks.get(name).isPresent()) {
        left = draft.failed("there is a task " + name + " already");
      }
      if (left == null) {
        producer.send(record(kafka.topics().tasks(), name, task));
      }
      producer.send(record(kafka.topics().taskDrafts(), name, left));
      producer.commitTransaction();
      LOG.atInfo()
          .addKeyValue("task", name)
          .addKeyValue("topic", draft.topic())
          .log(left == null ? "task inferred and published" : "draft refused: " + left.error());
    }
  }

  private static <V> ProducerRecord<byte[], byte[]> record(Topic<V> topic, String key, V value) {
    return new ProducerRecord<>(topic.name(), bytes(key), value == null ? null : Json.write(value));
  }

  @Override
  public void close() {
    scheduler.shutdown();
    try {
      if (!scheduler.awaitTermination(CLOSE.toSeconds(), TimeUnit.SECONDS)) {
        scheduler.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drafts.close();
  }
}
