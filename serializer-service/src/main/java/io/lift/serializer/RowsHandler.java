package io.lift.serializer;

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

/** Serializes batches of rows by the tasks that {@code lift.tasks} holds at that moment. */
final class RowsHandler implements TransactionalLoop.Handler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RowsHandler.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final Topics names;
  private final RowSerializer serializer;
  private final CompactedTable<TaskSpec> table;
  private final Consumer<Set<String>> topics;

  private volatile TaskDirectory directory;
  private volatile BatchOutput last;

  /**
   * @param kafka where the tasks are
   * @param topics is told the topics to read, each time that they may have changed
   */
  RowsHandler(KafkaConnection kafka, RowSerializer serializer, Consumer<Set<String>> topics) {
    this.names = kafka.topics();
    this.directory = TaskDirectory.empty(names);
    this.serializer = serializer;
    this.topics = topics;
    this.table = new CompactedTable<>(names.tasks(), kafka.settings(), this::taskChanged);
  }

  /** Starts to follow the tasks. */
  void start() {
    topics.accept(topics(directory));
    table.start();
  }

  CompactedTable<TaskSpec> tasks() {
    return table;
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
    topics.accept(topics(directory));
  }

  private Set<String> topics(TaskDirectory directory) {
    Set<String> topics = new HashSet<>(directory.sources());
    topics.add(names.rows().name());
    return topics;
  }

  @Override
  public void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
      throws Exception {
    learnNewTasks(batch);
    BatchOutput counted = new BatchOutput(output);
    TaskDirectory tasks = directory;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      serializer.serialize(record, tasks, counted);
    }
    last = counted;
  }

  /** A task may have been created a moment before its first rows were sent. */
  private void learnNewTasks(ConsumerRecords<byte[], byte[]> batch)
      throws IOException, InterruptedException {
    TaskDirectory known = directory;
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      if (!belongs(record, known)) {
        if (!table.refresh(REFRESH)) {
          throw new IOException("the tasks cannot be read from " + names.tasks().name());
        }
        return;
      }
    }
  }

  private boolean belongs(ConsumerRecord<byte[], byte[]> record, TaskDirectory directory) {
    String task = HeaderValues.string(record.headers(), Headers.TASK);
    if (task == null) {
      // without a task, lift.rows is refused whatever the tasks are
      return record.topic().equals(names.rows().name())
          || !directory.fedBy(record.topic()).isEmpty();
    }
    return directory.named(task) != null;
  }

  /** What the newest batch came to. */
  BatchOutput last() {
    return last;
  }

  @Override
  public void close() {
    table.close();
  }
}
