package io.lift.inference.requests;

import io.lift.kafka.RefusedRecords;
import io.lift.messages.RecordSize;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortedException;

/**
 * Finds out which record of one batch Kafka did not take. The producer gives all other records of
 * the transaction up with the failure of the first, so only the first is to blame. Thread-safe.
 */
final class BatchFailures {
  private final OutputRecords outputs;
  private final RefusedRecords refused;
  private final RefusedRecords refusedBySinks;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param refused requests whose answers are too large
   * @param refusedBySinks those whose answers are too large for the topic of their task alone
   */
  BatchFailures(OutputRecords outputs, RefusedRecords refused, RefusedRecords refusedBySinks) {
    this.outputs = outputs;
    this.refused = refused;
    this.refusedBySinks = refusedBySinks;
  }

  /**
   * A record cannot be sent. Called by the producer's thread.
   *
   * @param source what the record is made of
   */
  void failed(
      ProducerRecord<byte[], byte[]> record,
      ConsumerRecord<byte[], byte[]> source,
      Exception failure) {
    if (!failed.compareAndSet(false, true)) {
      return;
    }
    boolean sink = outputs.isSink(record);
    if (RecordSize.isTooLarge(failure)) {
      (sink ? refusedBySinks : refused).add(source, failure);
    } else if (sink && isOfTopic(failure)) {
      outputs.sinkFailed(record.topic(), failure);
    }
  }

  /** Whether a topic is to blame, and not the producer or its transaction. */
  private static boolean isOfTopic(Exception failure) {
    return failure instanceof ApiException
        && !(failure instanceof TransactionAbortedException
            || failure instanceof OutOfOrderSequenceException
            || failure instanceof InvalidProducerEpochException
            || failure instanceof ProducerFencedException);
  }
}
