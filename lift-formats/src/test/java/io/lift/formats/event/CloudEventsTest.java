package io.lift.formats.event;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.reader;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static io.lift.formats.Records.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import io.lift.core.row.RejectReason;
import io.lift.core.task.SourceFormat;
import io.lift.formats.Records;
import io.lift.formats.SourceReader;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the serializer of the CloudEvents SDK has written. */
class CloudEventsTest {
  private static final String LOAN = "{'income':1234.50,'home':{'city':'Graz'}}";

  private final SourceReader reader = reader(source(SourceFormat.CLOUDEVENTS, null));

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void theDataIsTheRowInBothModes(Encoding encoding) throws Exception {
    assertThat(values(reader, written(event("application/json", LOAN), encoding)))
        .isEqualTo(Map.of("income", "1234.50", "home.city", "Graz"));
  }

  @Test
  void aStructuredEventNeedsNoHeader() throws Exception {
    byte[] value = written(event("application/json", LOAN), Encoding.STRUCTURED).value();
    assertThat(values(reader, record(bytes("k"), value)))
        .isEqualTo(Map.of("income", "1234.50", "home.city", "Graz"));
  }

  @Test
  void conditionsNameAttributesOrFieldsOfTheRow() throws Exception {
    for (Encoding encoding : List.of(Encoding.BINARY, Encoding.STRUCTURED)) {
      ConsumerRecord<byte[], byte[]> record = written(event("application/json", LOAN), encoding);
      for (String held : List.of("type=loan", "source=/bank", "branch=north", "home.city=Graz")) {
        assertThat(values(reader(source(SourceFormat.CLOUDEVENTS, null, held)), record))
            .as(held)
            .isNotNull();
      }
      assertThat(values(reader(source(SourceFormat.CLOUDEVENTS, null, "type!=loan")), record))
          .isNull();
    }
  }

  @Test
  void whatIsNoCloudEventWithJsonIsRefusedWithWhatToDo() {
    refuses(
        reader, record("k", LOAN), RejectReason.INVALID_FORMAT, "no CloudEvent", "--format json");
    refuses(
        reader,
        written(event("text/plain", "hello"), Encoding.BINARY),
        RejectReason.INVALID_FORMAT,
        "text/plain");
    refuses(
        reader,
        written(event("application/json", "hello"), Encoding.BINARY),
        RejectReason.INVALID_JSON,
        "not JSON");
    refuses(
        reader,
        record("k", "{'specversion':'1.0','id':'1','data':{'a':1}}"),
        RejectReason.INVALID_FORMAT,
        "cannot be read");
    refuses(
        reader,
        record("k", "{'specversion':'1.0','id':'1','type':'loan','source':'/bank'}"),
        RejectReason.INVALID_FORMAT,
        "no data");
  }

  private static CloudEvent event(String type, String data) {
    return CloudEventBuilder.v1()
        .withId("1")
        .withType("loan")
        .withSource(URI.create("/bank"))
        .withExtension("branch", "north")
        .withData(type, bytes(data))
        .build();
  }

  private static ConsumerRecord<byte[], byte[]> written(CloudEvent event, Encoding encoding) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CloudEventSerializer.ENCODING_CONFIG, encoding);
    if (encoding == Encoding.STRUCTURED) {
      settings.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
    }
    Headers headers = new RecordHeaders();
    try (CloudEventSerializer serializer = new CloudEventSerializer()) {
      serializer.configure(settings, false);
      byte[] value = serializer.serialize(Records.TOPIC, headers, event);
      return new ConsumerRecord<>(
          Records.TOPIC,
          0,
          0,
          0,
          TimestampType.CREATE_TIME,
          1,
          value.length,
          bytes("k"),
          value,
          headers,
          Optional.empty());
    }
  }
}
