package io.lift.inference.requests;

import io.lift.formats.sink.PredictionWriter;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes the records that a request leads to. */
final class OutputRecords {
  private final Topics topics;
  private final Sinks sinks;

  OutputRecords(Topics topics, Sinks sinks) {
    this.topics = topics;
    this.sinks = sinks;
  }

  /**
   * The prediction for {@code lift.predictions}, with the request's key and its sender's headers.
   */
  ProducerRecord<byte[], byte[]> prediction(Request request, PredictionMessage prediction) {
    return record(topics.predictions().name(), null, request, prediction);
  }

  /** Whether a request waits until it is known how its prediction is written to its topic. */
  boolean waits(Request request) {
    return !request.replyOnly() && sinks.waits(request.message().task());
  }

  /** Where the copy for the task's own topic goes. */
  Sinks.Target target(Request request) {
    return request.replyOnly() ? new Sinks.Nowhere() : sinks.target(request.message().task());
  }

  /** There is no copy for the task's own topic. */
  void dropped() {
    sinks.dropped();
  }

  /** The copy for the task's own topic, with the same key and headers. */
  ProducerRecord<byte[], byte[]> sink(
      Sinks.Open target, Request request, PredictionMessage prediction) {
    ConsumerRecord<byte[], byte[]> asked = request.record();
    // the place of a request is unique, also where a row is read again
    String id = "%s-%d-%d".formatted(asked.topic(), asked.partition(), asked.offset());
    PredictionWriter.Written written = target.writer().write(id, prediction);
    RecordHeaders headers = headers(request, prediction);
    written.headers().forEach(headers::add);
    return new ProducerRecord<>(target.topic(), null, key(request), written.value(), headers);
  }

  /** Whether a record is the copy for a task's own topic. */
  boolean isSink(ProducerRecord<byte[], byte[]> record) {
    return topics.all().stream().noneMatch(topic -> topic.name().equals(record.topic()));
  }

  /** The copy for a task's own topic could not be written. */
  void sinkFailed(String topic, Exception e) {
    sinks.failed(topic, e.getMessage());
  }

  /** The copy for the reply topic, if the request names one. */
  Optional<ReplySender.Reply> reply(Request request, PredictionMessage prediction) {
    return Optional.ofNullable(request.reply())
        .map(
            address ->
                new ReplySender.Reply(
                    address, record(address.topic(), address.partition(), request, prediction)));
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, Integer partition, Request request, PredictionMessage prediction) {
    return new ProducerRecord<>(
        topic, partition, key(request), Json.write(prediction), headers(request, prediction));
  }

  private static RecordHeaders headers(Request request, PredictionMessage prediction) {
    RecordHeaders headers = new RecordHeaders();
    HeaderValues.add(headers, Headers.TASK, prediction.task());
    HeaderValues.copyToAnswer(request.record().headers(), headers);
    return headers;
  }

  /** The request itself, for {@code lift.requests.parked}. */
  ProducerRecord<byte[], byte[]> parked(Request request) {
    ConsumerRecord<byte[], byte[]> record = request.record();
    return new ProducerRecord<>(
        topics.requestsParked().name(),
        null,
        Math.max(0, record.timestamp()),
        key(request),
        record.value(),
        record.headers());
  }

  private static byte[] key(Request request) {
    byte[] key = request.record().key();
    return key != null ? key : request.message().row().getBytes(StandardCharsets.UTF_8);
  }
}
