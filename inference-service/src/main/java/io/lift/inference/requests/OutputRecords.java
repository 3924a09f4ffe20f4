package io.lift.inference.requests;

import io.lift.messages.HeaderValues;
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

  OutputRecords(Topics topics) {
    this.topics = topics;
  }

  /** The prediction for {@code lift.predictions}, with the request's key and correlation ids. */
  ProducerRecord<byte[], byte[]> prediction(Request request, PredictionMessage prediction) {
    return new ProducerRecord<>(
        topics.predictions().name(),
        null,
        key(request),
        Json.write(prediction),
        correlation(request.record()));
  }

  /** The copy for the reply topic, if the request names one. */
  Optional<ReplySender.Reply> reply(Request request, PredictionMessage prediction) {
    return Optional.ofNullable(request.reply())
        .map(
            address ->
                new ReplySender.Reply(
                    address,
                    new ProducerRecord<>(
                        address.topic(),
                        address.partition(),
                        key(request),
                        Json.write(prediction),
                        correlation(request.record()))));
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

  private static RecordHeaders correlation(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders();
    HeaderValues.copyCorrelation(record.headers(), headers);
    return headers;
  }
}
