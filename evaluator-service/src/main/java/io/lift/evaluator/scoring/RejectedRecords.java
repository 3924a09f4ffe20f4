package io.lift.evaluator.scoring;

import io.lift.core.row.RowRejectedException;
import io.lift.messages.DeadLetters;
import io.lift.messages.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.Record;

/** Makes dead letters of the records that the evaluator cannot use. */
final class RejectedRecords {
  private final DeadLetters letters;

  RejectedRecords(Topics topics) {
    letters = new DeadLetters(topics, "evaluator");
  }

  /** A dead letter of a record that came from the given place. */
  Record<String, ParsedInput> of(
      RowRejectedException error,
      String topic,
      int partition,
      long offset,
      Record<byte[], byte[]> record) {
    ConsumerRecord<byte[], byte[]> source =
        new ConsumerRecord<>(topic, partition, offset, record.key(), record.value());
    record.headers().forEach(source.headers()::add);
    ProducerRecord<byte[], byte[]> letter =
        letters.of(source, null, error.reason(), error.field(), error.getMessage());
    return new Record<>(
        null, new DeadLetter(letter.key(), letter.value()), record.timestamp(), letter.headers());
  }
}
