package io.lift.evaluator;

import io.lift.core.row.RowRejected;
import io.lift.messages.Headers;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the input topics as bytes; what it cannot read becomes a dead letter and stops nothing. */
final class ReadInputs implements Processor<byte[], byte[], String, Read> {
  /** The {@link Headers#ERROR_STAGE} of the evaluator's dead letters. */
  static final String STAGE = "evaluator";

  private static final Logger LOG = LoggerFactory.getLogger(ReadInputs.class);

  private final InputParser parser;
  private ProcessorContext<String, Read> context;

  ReadInputs(InputParser parser) {
    this.parser = parser;
  }

  @Override
  public void init(ProcessorContext<String, Read> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> in) {
    RecordMetadata from = context.recordMetadata().orElseThrow();
    try {
      parser
          .parse(from.topic(), from.partition(), from.offset(), in.key(), in.value())
          .forEach(
              (read) -> context.forward(new Record<>(read.key(), read.value(), in.timestamp())));
    } catch (RowRejected e) {
      LOG.atWarn()
          .addKeyValue("topic", from.topic())
          .addKeyValue("partition", from.partition())
          .addKeyValue("offset", from.offset())
          .addKeyValue("reason", e.reason().code())
          .log("record rejected: {}", e.getMessage());
      context.forward(
          new Record<>(
              null,
              new DeadLetter(in.key(), in.value()),
              in.timestamp(),
              errorHeaders(e, from.topic(), from.partition(), from.offset())));
    }
  }

  static RecordHeaders errorHeaders(RowRejected error, String topic, int partition, long offset) {
    RecordHeaders headers = new RecordHeaders();
    add(headers, Headers.ERROR_REASON, error.reason().code());
    add(headers, Headers.ERROR_MESSAGE, error.getMessage());
    add(headers, Headers.ERROR_STAGE, STAGE);
    if (error.field() != null) {
      add(headers, Headers.ERROR_FIELD, error.field());
    }
    add(headers, Headers.ERROR_TOPIC, topic);
    add(headers, Headers.ERROR_PARTITION, Integer.toString(partition));
    add(headers, Headers.ERROR_OFFSET, Long.toString(offset));
    return headers;
  }

  private static void add(RecordHeaders headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
