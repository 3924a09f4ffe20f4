package io.lift.serializer.rows;

import io.lift.kafka.TransactionalLoop;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Serializes the batches of one loop with the tasks that are published at that time. */
final class RowBatchHandler implements TransactionalLoop.Handler {
  private final TaskTable tasks;
  private final RowSerializer serializer;
  private final String reader;
  private volatile BatchOutput last;

  /**
   * @param serializer used by the thread of the loop alone
   * @param reader the task whose source is read; null for {@code lift.rows}
   */
  RowBatchHandler(TaskTable tasks, RowSerializer serializer, String reader) {
    this.tasks = tasks;
    this.serializer = serializer;
    this.reader = reader;
  }

  @Override
  public void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
      throws Exception {
    refreshTasks(batch);
    BatchOutput counted = new BatchOutput(output);
    TaskDirectory known = tasks.directory();
    if (reader != null && known.named(reader) == null) {
      // no record's fault: the loop ends soon, and the rows wait
      throw new IOException("task " + reader + " is being deleted or cannot be used");
    }
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      serializer.serialize(record, known, reader, counted);
    }
    last = counted;
  }

  @Override
  public void setAside(
      ConsumerRecord<byte[], byte[]> record, Exception cause, TransactionalLoop.Output output) {
    BatchOutput counted = new BatchOutput(output);
    serializer.setAside(record, cause, tasks.directory(), reader, counted);
    last = counted;
  }

  /** A task may have been created a moment before its first rows were sent. */
  private void refreshTasks(ConsumerRecords<byte[], byte[]> batch)
      throws IOException, InterruptedException {
    TaskDirectory known = tasks.directory();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      String task = HeaderValues.string(record.headers(), Headers.TASK);
      if (task != null && known.named(task) == null) {
        tasks.refresh();
        return;
      }
    }
  }

  /** The counts of the newest batch; null before the first. */
  BatchOutput last() {
    return last;
  }
}
