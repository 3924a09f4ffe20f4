package io.lift.serializer.rows;

import io.lift.core.task.TaskSpec;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tasks on {@code lift.tasks}, ready to read rows. Any thread may ask. */
public final class TaskTable implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskTable.class);
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final CompactedTable<TaskSpec> tasks;
  private volatile Consumer<TaskDirectory> changed = directory -> {};
  private volatile TaskDirectory directory;

  /**
   * @param kafka where the tasks are
   * @param registry where the schemas of their sources are
   */
  public TaskTable(KafkaConnection kafka, SchemaRegistry registry) {
    directory = TaskDirectory.empty(kafka.topics(), registry);
    tasks = new CompactedTable<>(kafka.topics().tasks(), kafka.settings(), this::changed);
  }

  /**
   * Starts to follow the tasks.
   *
   * @param changed called with all tasks each time that one has changed
   */
  void start(Consumer<TaskDirectory> changed) {
    this.changed = changed;
    tasks.start();
  }

  /** The tasks as they are published. */
  public CompactedTable<TaskSpec> published() {
    return tasks;
  }

  /** All tasks that are known now. */
  TaskDirectory directory() {
    return directory;
  }

  /**
   * Waits until all tasks published before this call are known.
   *
   * @throws IOException if they cannot be read in time
   */
  void refresh() throws IOException, InterruptedException {
    if (!tasks.refresh(REFRESH)) {
      throw new IOException("the tasks cannot be read from Kafka");
    }
  }

  private void changed(String name, TaskSpec spec) {
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
    changed.accept(directory);
  }

  @Override
  public void close() {
    tasks.close();
  }
}
