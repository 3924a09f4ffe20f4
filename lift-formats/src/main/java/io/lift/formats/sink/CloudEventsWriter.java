package io.lift.formats.sink;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** CloudEvents whose data is the prediction as JSON. */
final class CloudEventsWriter implements PredictionWriter {
  /** The type of the events. */
  static final String TYPE = "io.lift.prediction";

  private static final String JSON = "application/json";

  private final String topic;
  private final boolean binary;
  private final String from;
  private final JsonFormat structured = new JsonFormat();

  /**
   * @param topic where the events go
   * @param binary whether attributes are headers
   * @param predictions the topic of all predictions, which the source of an event names
   */
  CloudEventsWriter(String topic, boolean binary, String predictions) {
    this.topic = topic;
    this.binary = binary;
    this.from = "/" + predictions + "/";
  }

  @Override
  public Written write(String id, PredictionMessage prediction) {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId(id)
            .withSource(URI.create(from + prediction.task()))
            .withType(TYPE)
            .withSubject(prediction.task())
            .withTime(OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS))
            .withData(JSON, Json.write(prediction))
            .build();
    var writer = KafkaMessageFactory.createWriter(topic);
    ProducerRecord<Void, byte[]> record =
        binary ? writer.writeBinary(event) : writer.writeStructured(event, structured);
    return new Written(record.value(), List.of(record.headers().toArray()));
  }
}
