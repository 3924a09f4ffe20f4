package io.lift.serializer.rows;

import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TransactionalLoop;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serializes batches of rows with the tasks that are on {@code lift.tasks} at that time. */
public final class RowBatchHandler implements TransactionalLoop.Handler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowBatchHandler.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final Topics topics;
  private final RowSerializer serializer;
  private final CompactedTable<TaskSpec> tasks;

  private volatile Consumer<Set<String>> sourcesChanged = sources -> {};
  private volatile TaskDirectory directory;
  private volatile BatchOutput last;

  /**
   * @param kafka where the tasks are
   * @param serializer used by the thread of the loop alone
   */
  public RowBatchHandler(KafkaConnection kafka, RowSerializer serializer) {
    this.topics = kafka.topics();
    this.directory = TaskDirectory.empty(topics);
    this.serializer = serializer;
    this.tasks = new CompactedTable<>(topics.tasks(), kafka.settings(), this::taskChanged);
  }

  /**
   * Starts to follow the tasks.
   *
   * @param sourcesChanged called with the topics to read, at once and then each time that they may
   *     have changed
   */
  public void start(Consumer<Set<String>> sourcesChanged) {
    this.sourcesChanged = sourcesChanged;
    sourcesChanged.accept(sources(directory));
    tasks.start();
  }

  /** The tasks as they are published. */
  public CompactedTable<TaskSpec> tasks() {
    return tasks;
  }

  private void taskChanged(String name, TaskSpec spec) {
    directory = directory.with(name, spec);
    String why = directory.whyUnusable(name);
    if (spec == null) {
      LOG.atInfo().addKeyValue("task", name).log("task deleted");
    } else if (why == null) {
      LOG.atInfo()
          .addKeyValue("task", name)
          .addKeyValue("version", spec.version())
          .log("task known");
    } else {
      LOG.atWarn().addKeyValue("task", name).addKeyValue("error", why).log("task cannot be used");
    }
    sourcesChanged.accept(sources(directory));
  }

  private Set<String> sources(TaskDirectory directory) {
    Set<String> sources = new HashSet<>(directory.sources());
    sources.add(topics.rows().name());
    return sources;
  }

  @Override
  public void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
      throws Exception {
    refreshTasks(batch);
    BatchOutput counted = new BatchOutput(output);
    TaskDirectory known = directory;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      serializer.serialize(record, known, counted);
    }
    last = counted;
  }

  @Override
  public void setAside(
      ConsumerRecord<byte[], byte[]> record, Exception cause, TransactionalLoop.Output output) {
    BatchOutput counted = new BatchOutput(output);
    serializer.setAside(record, cause, directory, counted);
    last = counted;
  }

  /** A task may have been created a moment before its first rows were sent. */
  private void refreshTasks(ConsumerRecords<byte[], byte[]> batch)
      throws IOException, InterruptedException {
    TaskDirectory known = directory;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      if (!belongs(record, known)) {
        if (!tasks.refresh(REFRESH)) {
          throw new IOException("the tasks cannot be read from " + topics.tasks().name());
        }
        return;
      }
    }
  }

  private boolean belongs(ConsumerRecord<byte[], byte[]> record, TaskDirectory directory) {
    String task = HeaderValues.string(record.headers(), Headers.TASK);
    if (task == null) {
      // a record on lift.rows without a task is rejected, whatever the tasks are
      return record.topic().equals(topics.rows().name())
          || !directory.ofSource(record.topic()).isEmpty();
    }
    return directory.named(task) != null;
  }

  /** The counts of the newest batch; null before the first. */
  public BatchOutput last() {
    return last;
  }

  @Override
  public void close() {
    tasks.close();
  }
}
