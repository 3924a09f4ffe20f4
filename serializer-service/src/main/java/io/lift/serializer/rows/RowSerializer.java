package io.lift.serializer.rows;

import io.lift.core.prompt.Prompt;
import io.lift.core.row.RejectReason;
import io.lift.core.row.Row;
import io.lift.core.row.RowRejectedException;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.kafka.Traces;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.Origin;
import io.lift.messages.RecordSize;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import io.lift.serializer.rows.Envelope.Use;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serializes the row in a record: it becomes a training example on {@code lift.prompts}, a request
 * on {@code lift.requests}, a label on {@code lift.labels}, or a dead letter.
 *
 * <ul>
 *   <li>A row with its target is a training example and a request. With {@code lift.use=train} it
 *       is a training example only. With {@code lift.use=test} it is a request and a label, and it
 *       is not trained on.
 *   <li>A row without its target is a request, and a row with its target alone is the label of
 *       another row. The two wait for each other, to become a training example, unless one of them
 *       has {@code lift.use=test}.
 *   <li>A row with {@code lift.use=try} is a request. Its target is ignored.
 * </ul>
 *
 * A record on {@code lift.rows} belongs to the task that its header names. A record on a source
 * belongs to the task that reads the source, unless its header names another one. Not thread-safe.
 */
public final class RowSerializer {
  private static final Logger LOG = LoggerFactory.getLogger(RowSerializer.class);
  static final String STAGE = "serializer";
  private static final String NO_TASK = "none"; // in replies to rows of no known task

  /** The reply for a record that was set aside must not be what the broker does not take. */
  private static final int MAX_REPLY_ASIDE = 64 * 1024;

  private final Topics topics;
  private final Traces traces;
  private final DeadLetters letters;
  private final int maxBytes;
  private final MessageWriter writer = new MessageWriter();

  /**
   * @param topics names the topics of the outputs
   * @param traces where the spans of rows go
   * @param maxBytes largest key and value of a row together
   */
  public RowSerializer(Topics topics, Traces traces, int maxBytes) {
    this.topics = topics;
    this.traces = traces;
    this.letters = new DeadLetters(topics, STAGE);
    this.maxBytes = maxBytes;
  }

  /**
   * @param reader the task whose source the record is from; null for {@code lift.rows}
   * @throws SchemaUnavailableException if a schema cannot be asked for now: the record waits
   */
  void serialize(
      ConsumerRecord<byte[], byte[]> record,
      TaskDirectory directory,
      String reader,
      BatchOutput output)
      throws SchemaUnavailableException {
    String named = HeaderValues.string(record.headers(), Headers.TASK);
    if (reader != null && named != null && !named.equals(reader)) {
      if (!isOrphan(record.topic(), named, reader, directory)) {
        return; // the other task reads it on its own
      }
    }
    Span span = traces.begin("serialize", record);
    try {
      serialize(record, directory, named == null ? reader : named, reader, output, span);
    } finally {
      span.end();
    }
  }

  /**
   * Whether a record on a source names a task that does not read that source. The first task that
   * does makes it a dead letter.
   */
  private static boolean isOrphan(
      String topic, String named, String reader, TaskDirectory directory) {
    List<String> readers = directory.readers(topic);
    return !readers.contains(named) && readers.indexOf(reader) == 0;
  }

  private void serialize(
      ConsumerRecord<byte[], byte[]> record,
      TaskDirectory directory,
      String name,
      String reader,
      BatchOutput output,
      Span span)
      throws SchemaUnavailableException {
    boolean known = name != null && directory.named(name) != null;
    List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>(2);
    SerializerTask task;
    Envelope envelope;
    Row row;
    try {
      task = task(name, reader, record.topic(), directory);
      SourceReader source = reader == null ? task.rows() : task.sources().get(record.topic());
      Envelope.checkSize(record, maxBytes);
      SourceRow read = source.read(record);
      if (read == null) {
        output.skipped(name);
        return;
      }
      envelope = Envelope.open(record, source, read);
      row = read.parse(task.parser());
      render(record, envelope, task, row, outputs);
      outputs.forEach(each -> Traces.inject(span, each.headers()));
      checkSizes(outputs);
    } catch (RowRejectedException e) {
      reject(record, name, known, e, output, span);
      return;
    } catch (RuntimeException e) {
      reject(record, name, known, internal(e), output, span);
      return;
    }
    span.setAttribute("lift.task", name).setAttribute("lift.row", envelope.id());
    output.row(name, row, row.labelOnly() ? 0 : task.parser().fields());
    outputs.forEach(each -> output.send(name, each));
  }

  private static SerializerTask task(
      String name, String reader, String topic, TaskDirectory directory)
      throws RowRejectedException {
    if (name == null) {
      throw new RowRejectedException(
          RejectReason.NO_TASK,
          Headers.TASK,
          "Header %s is missing, and topic %s is not the source of a task."
              .formatted(Headers.TASK, topic));
    }
    if (reader != null && !name.equals(reader)) {
      throw new RowRejectedException(
          RejectReason.UNKNOWN_TASK,
          Headers.TASK,
          "Header %s names %s, which does not read topic %s.".formatted(Headers.TASK, name, topic));
    }
    SerializerTask task = directory.named(name);
    if (task == null) {
      String why = directory.whyUnusable(name);
      throw new RowRejectedException(
          RejectReason.UNKNOWN_TASK,
          Headers.TASK,
          why == null
              ? "There is no task " + name + "."
              : "Task " + name + " cannot be used: " + why);
    }
    return task;
  }

  private void render(
      ConsumerRecord<byte[], byte[]> record,
      Envelope envelope,
      SerializerTask task,
      Row row,
      List<ProducerRecord<byte[], byte[]>> outputs)
      throws RowRejectedException {
    Origin origin =
        new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    String name = task.name();
    boolean tried = envelope.use() == Use.TRY;
    String label = tried || row.target() == null ? null : row.target().toString();
    boolean truth = label != null && (envelope.use() == Use.TEST || row.labelOnly());
    long wait = envelope.use() == Use.TEST || tried ? 0 : task.labelWait();
    if (truth) {
      outputs.add(label(envelope, task, row, origin, row.labelOnly() ? wait : 0));
    }
    if (row.labelOnly() && !tried) {
      return;
    }
    if (label == null && envelope.use() == Use.TRAIN) {
      throw new RowRejectedException(
          RejectReason.MISSING_TARGET,
          task.spec().target().name(),
          "The row is for training only and has no " + task.spec().target().name() + ".");
    }
    Prompt prompt = task.language().prompt(row);
    writer.begin(name, task.spec().version(), envelope.id(), prompt, origin);
    boolean learned = label != null && !truth;
    if (learned) {
      String completion = task.language().completion(prompt, row.target());
      ProducerRecord<byte[], byte[]> example =
          new ProducerRecord<>(
              topics.prompts().name(), task.key(), writer.example(completion, label));
      example.headers().add(task.languageHeader());
      outputs.add(example);
    }
    if (envelope.use() != Use.TRAIN) {
      boolean waits = label == null && wait > 0;
      ProducerRecord<byte[], byte[]> request =
          new ProducerRecord<>(
              topics.requests().name(),
              envelope.key(),
              writer.request(
                  row.unknown(),
                  prompt.point(),
                  task.language().extrapolated(row),
                  waits ? wait : 0,
                  learned,
                  HeaderValues.explains(record.headers()) ? row.values() : Map.of()));
      if (waits) {
        request.headers().add(task.languageHeader());
      }
      HeaderValues.copyToRequest(record.headers(), request.headers());
      HeaderValues.add(request.headers(), Headers.USE, tried ? Headers.TRY : null);
      outputs.add(request);
    }
  }

  /**
   * @param wait how long it waits for its row, in milliseconds; 0 for a label that is not learned
   */
  private ProducerRecord<byte[], byte[]> label(
      Envelope envelope, SerializerTask task, Row row, Origin origin, long wait) {
    LabelMessage message =
        new LabelMessage(
            task.name(),
            envelope.id(),
            row.target().toString(),
            origin,
            wait > 0 ? task.language().completion(row.target()) : null,
            wait > 0 ? wait : null);
    ProducerRecord<byte[], byte[]> label =
        new ProducerRecord<>(topics.labels().name(), envelope.key(), Json.write(message));
    if (wait > 0) {
      label.headers().add(task.languageHeader());
    }
    return label;
  }

  /** A row can be larger as a sentence, and its headers may be of any size. */
  private void checkSizes(List<ProducerRecord<byte[], byte[]>> outputs)
      throws RowRejectedException {
    for (ProducerRecord<byte[], byte[]> each : outputs) {
      long size = RecordSize.of(each.key(), each.value(), each.headers());
      if (size > topics.maxRecordBytes()) {
        throw new RowRejectedException(
            RejectReason.TOO_LARGE,
            null,
            "The row becomes a record of %d bytes on %s, and the limit is %d."
                .formatted(size, each.topic(), topics.maxRecordBytes()));
      }
    }
  }

  /** Makes a dead letter of a record that cannot be committed with its outputs. */
  void setAside(
      ConsumerRecord<byte[], byte[]> record,
      Exception cause,
      TaskDirectory directory,
      String reader,
      BatchOutput output) {
    String named = HeaderValues.string(record.headers(), Headers.TASK);
    String task = named == null ? reader : named;
    RejectReason reason =
        RecordSize.isTooLarge(cause) ? RejectReason.TOO_LARGE : RejectReason.INTERNAL;
    String message =
        RecordSize.isTooLarge(cause)
            ? "Kafka did not take what the row becomes: " + cause.getMessage()
            : "The row could not be serialized: " + cause.getMessage();
    boolean known = task != null && directory.named(task) != null;
    output.deadLetter(
        known ? task : null, reason, letters.cut(record, task, reason, null, message));
    if (HeaderValues.wantsReply(record.headers())) {
      RowRejectedException why = new RowRejectedException(reason, null, message);
      reply(record, known ? task : NO_TASK, why, Span.getInvalid(), MAX_REPLY_ASIDE, output);
    }
  }

  private static RowRejectedException internal(RuntimeException e) {
    LOG.warn("a row could not be rendered", e);
    return new RowRejectedException(
        RejectReason.INTERNAL,
        null,
        "The row could not be rendered, by a fault of Lift; the log of the serializer has it.");
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> record,
      String task,
      boolean knownTask,
      RowRejectedException why,
      BatchOutput output,
      Span span) {
    span.setStatus(StatusCode.ERROR, why.getMessage());
    output.deadLetter(
        knownTask ? task : null,
        why.reason(),
        letters.of(record, task, why.reason(), why.field(), why.getMessage()));
    if (HeaderValues.wantsReply(record.headers())) {
      reply(record, knownTask ? task : NO_TASK, why, span, topics.maxRecordBytes(), output);
    }
  }

  /**
   * A requester learns why its row is not answered, from the inference service as ever.
   *
   * @param maxBytes a larger reply is not sent
   */
  private void reply(
      ConsumerRecord<byte[], byte[]> record,
      String task,
      RowRejectedException why,
      Span span,
      int maxBytes,
      BatchOutput output) {
    RequestMessage message =
        new RequestMessage(
            task,
            0,
            Objects.requireNonNullElse(HeaderValues.text(record.key()), ""),
            null,
            null,
            new Origin(record.topic(), record.partition(), record.offset(), record.timestamp()),
            why.reason().code() + ": " + why.getMessage(),
            null,
            null,
            null,
            null,
            null,
            null);
    ProducerRecord<byte[], byte[]> request =
        new ProducerRecord<>(topics.requests().name(), record.key(), Json.write(message));
    HeaderValues.copyToRequest(record.headers(), request.headers());
    HeaderValues.add(request.headers(), Headers.USE, Headers.TRY); // the reply topic alone
    Traces.inject(span, request.headers());
    if (RecordSize.of(request.key(), request.value(), request.headers()) <= maxBytes) {
      output.reply(request);
    }
  }
}
