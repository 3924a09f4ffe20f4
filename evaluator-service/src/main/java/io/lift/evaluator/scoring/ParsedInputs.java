package io.lift.evaluator.scoring;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses the input topics, which are read as bytes. A record that cannot be parsed becomes a dead
 * letter.
 */
final class ParsedInputs implements Processor<byte[], byte[], String, ParsedInput> {
  private static final Logger LOG = LoggerFactory.getLogger(ParsedInputs.class);

  private final InputParser parser;
  private final String deadLetters;
  private final RejectedRecords rejected;
  private final Traces traces;
  private ProcessorContext<String, ParsedInput> context;

  ParsedInputs(InputParser parser, Topics topics, Traces traces) {
    this.parser = parser;
    this.deadLetters = topics.deadLetters().name();
    this.rejected = new RejectedRecords(topics);
    this.traces = traces;
  }

  @Override
  public void init(ProcessorContext<String, ParsedInput> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> in) {
    RecordMetadata from = context.recordMetadata().orElseThrow();
    if (from.topic().equals(deadLetters)) {
      deadLetter(in);
      return;
    }
    try {
      List<InputParser.Keyed> inputs =
          parser.parse(
              from.topic(),
              from.partition(),
              from.offset(),
              in.key(),
              in.value(),
              HeaderValues.string(in.headers(), Headers.LANGUAGE));
      for (InputParser.Keyed input : inputs) {
        ParsedInput value = traced(input.value(), in);
        checkSize(value, in, from);
        context.forward(new Record<>(input.key(), value, in.timestamp()));
      }
    } catch (RowRejectedException e) {
      LOG.atWarn()
          .addKeyValue("topic", from.topic())
          .addKeyValue("partition", from.partition())
          .addKeyValue("offset", from.offset())
          .addKeyValue("reason", e.reason().code())
          .log("record rejected: {}", e.getMessage());
      context.forward(rejected.of(e, from.topic(), from.partition(), from.offset(), in));
    }
  }

  private ParsedInput traced(ParsedInput read, Record<byte[], byte[]> in) {
    return read instanceof JoinInput input ? input.in(traces.of(in.headers())) : read;
  }

  /** What is joined is a part of its record, so a small record needs no second look. */
  private static void checkSize(ParsedInput value, Record<byte[], byte[]> in, RecordMetadata from)
      throws RowRejectedException {
    if (in.value() == null || in.value().length <= JoinInput.MAX_BYTES / 4) {
      return;
    }
    int bytes = Json.write(value).length;
    if (bytes > JoinInput.MAX_BYTES) {
      throw new RowRejectedException(
          RejectReason.TOO_LARGE,
          null,
          ("The row's id and label with its probabilities or its prompt at %s, partition %d, offset"
                  + " %d take %d bytes, and a row can be joined with at most %d.")
              .formatted(
                  from.topic(), from.partition(), from.offset(), bytes, JoinInput.MAX_BYTES));
    }
  }

  private void deadLetter(Record<byte[], byte[]> in) {
    String task = HeaderValues.string(in.headers(), Headers.ERROR_TASK);
    if (task != null) {
      Outcome outcome = Outcome.of(Outcome.Kind.DEAD_LETTER);
      context.forward(new Record<>(task, outcome, in.timestamp()));
    }
  }
}
