package io.lift.serializer.rows;

import io.lift.core.row.RejectReason;
import io.lift.core.row.Row;
import io.lift.kafka.TransactionalLoop;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends the outputs of one batch and counts them, for the meters once they are committed. */
public final class BatchOutput {
  /** The counts of one task in a batch. {@code outputs} is by topic. */
  static final class Counts {
    int rows;
    int skipped;
    int unseen;
    int columns;
    int missing;
    final Map<String, Integer> outputs = new HashMap<>();
  }

  /**
   * Dead letters of one kind.
   *
   * @param task the task, or null if there is none of that name
   * @param reason why the record was rejected
   */
  record Rejection(String task, RejectReason reason) {}

  private final TransactionalLoop.Output output;
  private final Map<String, Counts> tasks = new HashMap<>();
  private final Map<Rejection, Integer> rejections = new HashMap<>();

  BatchOutput(TransactionalLoop.Output output) {
    this.output = output;
  }

  /**
   * @param columns features that the row could name
   */
  void row(String task, Row row, int columns) {
    Counts counts = tasks.computeIfAbsent(task, name -> new Counts());
    counts.rows++;
    counts.unseen += row.unseen().size();
    counts.columns += columns;
    counts.missing += columns == 0 ? 0 : row.absent().size();
  }

  /** A record that is no row of its task and no error either. */
  void skipped(String task) {
    tasks.computeIfAbsent(task, name -> new Counts()).skipped++;
  }

  void send(String task, ProducerRecord<byte[], byte[]> record) {
    tasks.get(task).outputs.merge(record.topic(), 1, Integer::sum);
    output.send(record);
  }

  void deadLetter(String task, RejectReason reason, ProducerRecord<byte[], byte[]> letter) {
    rejections.merge(new Rejection(task, reason), 1, Integer::sum);
    output.send(letter);
  }

  /** A reply to a row that was rejected; it is no request of a task. */
  void reply(ProducerRecord<byte[], byte[]> record) {
    output.send(record);
  }

  Map<String, Counts> tasks() {
    return tasks;
  }

  Map<Rejection, Integer> rejections() {
    return rejections;
  }
}
