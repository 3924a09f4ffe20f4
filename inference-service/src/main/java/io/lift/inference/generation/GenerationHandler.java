package io.lift.inference.generation;

import io.lift.core.row.RejectReason;
import io.lift.messages.DeadLetters;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

/** Turns a request for rows into its generated rows, or into a dead letter. */
public final class GenerationHandler {
  private static final Logger LOG = Logger.getLogger(GenerationHandler.class);
  static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final RowGenerator generator;
  private final Topics topics;
  private final DeadLetters letters;
  private final int maxRows;

  /**
   * The outcome of one request.
   *
   * @param outputs the records to send, in order
   * @param report tells an observer of them once they are committed
   */
  public record Outcome(
      List<ProducerRecord<byte[], byte[]>> outputs, Consumer<GenerationObserver> report) {}

  /**
   * @param maxRows rows of a request at most
   */
  public GenerationHandler(RowGenerator generator, Topics topics, int maxRows) {
    this.generator = generator;
    this.topics = topics;
    this.letters = new DeadLetters(topics, "inference");
    this.maxRows = maxRows;
  }

  /**
   * Samples the rows of a request. A request that cannot be met becomes a dead letter.
   *
   * @param record a record of {@code lift.generate}
   */
  public Outcome handle(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    String task = null;
    try {
      GenerateMessage request = read(record);
      task = request.task();
      List<GeneratedMessage> rows = generator.generate(request, maxRows, TIMEOUT);
      return new Outcome(
          rows.stream().map(row -> output(record, row)).toList(),
          observer -> observer.generated(request.task(), rows.size(), rows.get(0).rejected()));
    } catch (GenerationException e) {
      LOG.warnf(
          "dead letter topic=%s partition=%d offset=%d: %s",
          record.topic(), record.partition(), record.offset(), e.getMessage());
      return new Outcome(
          List.of(letters.of(record, task, e.reason(), null, e.getMessage())),
          observer -> observer.deadLetter(e.reason()));
    }
  }

  /** A request whose rows, or whose dead letter, the broker does not take. */
  Outcome setAside(ConsumerRecord<byte[], byte[]> record, String why) {
    return new Outcome(
        List.of(letters.cut(record, null, RejectReason.TOO_LARGE, null, why)),
        observer -> observer.deadLetter(RejectReason.TOO_LARGE));
  }

  private static GenerateMessage read(ConsumerRecord<byte[], byte[]> record)
      throws GenerationException {
    if (record.value() == null) {
      throw new GenerationException(RejectReason.NULL_VALUE, "the request for rows has no value");
    }
    String size = HeaderValues.string(record.headers(), DeadLetters.READ_SIZE);
    if (size != null) {
      throw new GenerationException(
          RejectReason.TOO_LARGE,
          "the request for rows has %s bytes, and %d are the most"
              .formatted(size, Topics.MAX_RECORD_BYTES));
    }
    GenerateMessage request;
    try {
      request = Json.read(record.value(), GenerateMessage.class);
    } catch (UncheckedIOException e) {
      throw new GenerationException(
          RejectReason.INVALID_JSON, "the request for rows is not JSON of one");
    }
    if (request == null || request.task() == null) {
      throw new GenerationException(RejectReason.NO_TASK, "the request for rows names no task");
    }
    String id = request.id() == null ? HeaderValues.text(record.key()) : request.id();
    if (id == null) {
      throw new GenerationException(RejectReason.NULL_KEY, "the request for rows has no id");
    }
    return new GenerateMessage(
        id, request.task(), request.rows(), request.given(), request.temperature(), request.seed());
  }

  private ProducerRecord<byte[], byte[]> output(
      ConsumerRecord<byte[], byte[]> request, GeneratedMessage row) {
    RecordHeaders headers = new RecordHeaders();
    HeaderValues.copyToAnswer(request.headers(), headers);
    return new ProducerRecord<>(
        topics.generated().name(), null, HeaderValues.bytes(row.id()), Json.write(row), headers);
  }
}
