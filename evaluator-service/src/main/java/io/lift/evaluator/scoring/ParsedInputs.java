package io.lift.evaluator.scoring;

import io.lift.core.row.RowRejectedException;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
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
      parser
          .parse(from.topic(), from.partition(), from.offset(), in.key(), in.value())
          .forEach(
              (read) ->
                  context.forward(
                      new Record<>(read.key(), traced(read.value(), in), in.timestamp())));
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

  private void deadLetter(Record<byte[], byte[]> in) {
    String task = HeaderValues.string(in.headers(), Headers.ERROR_TASK);
    if (task != null) {
      Outcome outcome = Outcome.of(Outcome.Kind.DEAD_LETTER);
      context.forward(new Record<>(task, outcome, in.timestamp()));
    }
  }
}
