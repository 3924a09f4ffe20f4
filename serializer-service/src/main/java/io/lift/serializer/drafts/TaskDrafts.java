package io.lift.serializer.drafts;

import static io.lift.messages.HeaderValues.bytes;

import io.lift.core.task.TaskSpec;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TransactionalProducer;
import io.lift.messages.Json;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Replaces drafts by tasks as soon as their topics have enough rows. Every serializer tries to
 * publish the task, and one succeeds, see {@link #publish}.
 */
public final class TaskDrafts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDrafts.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaConnection kafka;
  private final CompactedTable<TaskSpec> tasks;
  private final CompactedTable<TaskDraft> drafts;
  private final DraftInference inference;
  private final Duration every;
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "task-drafts"));

  /**
   * @param kafka where the tasks and drafts are
   * @param registry where the schemas of topics are
   * @param rows how many rows to infer from if a draft does not say
   * @param every how often topics with too few rows are read again
   */
  public TaskDrafts(
      KafkaConnection kafka,
      CompactedTable<TaskSpec> tasks,
      SchemaRegistry registry,
      int rows,
      Duration every) {
    this.kafka = kafka;
    this.tasks = tasks;
    this.every = every;
    this.inference = new DraftInference(kafka, registry, rows);
    this.drafts = new CompactedTable<>(kafka.topics().taskDrafts(), kafka.settings());
  }

  public void start() {
    drafts.start();
    scheduler.scheduleWithFixedDelay(
        this::resolveAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void resolveAll() {
    for (Map.Entry<String, TaskDraft> draft : drafts.snapshot().entrySet()) {
      if (scheduler.isShutdown()) {
        return;
      }
      try {
        if (!draft.getValue().isResolved()) {
          resolve(draft.getKey(), draft.getValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.atLevel(fenced(e) || fenced(e.getCause()) ? Level.DEBUG : Level.WARN)
            .addKeyValue("task", draft.getKey())
            .addKeyValue("error", e.getMessage())
            .log("draft not resolved by this serializer");
      }
    }
  }

  /** Whether another serializer was quicker. */
  private static boolean fenced(Throwable e) {
    return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
  }

  private void resolve(String name, TaskDraft draft) throws InterruptedException {
    DraftInference.Result result;
    try {
      result = inference.infer(name, draft);
    } catch (IllegalArgumentException e) {
      publish(name, draft, null, draft.failed(e.getMessage()));
      return;
    }
    if (result.task() != null) {
      publish(name, draft, result.task(), draft.inferred(result.remarks()));
    } else if (!result.waiting().equals(draft.waiting())) {
      publish(name, draft, null, draft.waitingFor(result.waiting()));
    }
  }

  /**
   * Publishes a task, if there is one, and what became of its draft, in one transaction. The
   * transactional id belongs to the draft. A serializer that opens a producer with it fences all
   * others that resolve the same draft, and sees what they have committed. So a task is published
   * once, and never over another one.
   *
   * @param task null if there is none
   * @param outcome the draft with its outcome
   */
  private void publish(String name, TaskDraft draft, TaskSpec task, TaskDraft outcome)
      throws InterruptedException {
    String id = kafka.topics().groups().serializer() + "-draft-" + name;
    try (TransactionalProducer producer =
        new TransactionalProducer(kafka.settings(), id, Map.of())) {
      producer.open();
      if (!drafts.refresh(REFRESH) || !tasks.refresh(REFRESH)) {
        return; // tried again later
      }
      if (!draft.equals(drafts.get(name).orElse(null))) {
        return; // resolved by another serializer, or replaced by its sender
      }
      TaskDraft left = outcome;
      if (task != null && tasks.get(name).isPresent()) {
        left = draft.failed("there is a task " + name + " already");
      } else if (task != null) {
        producer.send(record(kafka.topics().tasks(), name, task));
      }
      producer.send(record(kafka.topics().taskDrafts(), name, left));
      producer.commit();
      log(left);
    }
  }

  private static void log(TaskDraft draft) {
    String what =
        draft.error() != null
            ? "draft rejected: " + draft.error()
            : draft.waiting() != null
                ? "draft waits: " + draft.waiting()
                : "task inferred and published";
    LOG.atInfo().addKeyValue("task", draft.name()).addKeyValue("topic", draft.topic()).log(what);
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
