package io.lift.evaluator.scoring;

import io.lift.core.row.RejectReason;
import io.lift.messages.DeadLetters;
import io.lift.messages.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record to the dead letters when it makes a stage of the topology fail, so that the
 * records after it go on.
 */
public final class FailedRecords
    implements ProcessingExceptionHandler, DeserializationExceptionHandler {
  /** Setting of the streams that holds the {@link Topics}. */
  public static final String TOPICS = "lift.evaluator.topics";

  private static final Logger LOG = LoggerFactory.getLogger(FailedRecords.class);

  private DeadLetters letters;

  @Override
  public void configure(Map<String, ?> settings) {
    letters = new DeadLetters((Topics) settings.get(TOPICS), "evaluator");
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception failure) {
    return ProcessingExceptionHandler.Response.resume(
        List.of(letter(context, context.sourceRawKey(), context.sourceRawValue(), failure)));
  }

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
    return DeserializationExceptionHandler.Response.resume(
        List.of(letter(context, record.key(), record.value(), failure)));
  }

  private ProducerRecord<byte[], byte[]> letter(
      ErrorHandlerContext context, byte[] key, byte[] value, Exception failure) {
    LOG.atError()
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .setCause(failure)
        .log("record sent to the dead letters: the evaluator failed on it");
    ConsumerRecord<byte[], byte[]> source =
        new ConsumerRecord<>(context.topic(), context.partition(), context.offset(), key, value);
    context.headers().forEach(source.headers()::add);
    String message =
        "The evaluator failed on the record at %s, partition %d, offset %d; its log says why."
            .formatted(context.topic(), context.partition(), context.offset());
    return letters.of(source, null, RejectReason.INTERNAL, null, message);
  }
}
