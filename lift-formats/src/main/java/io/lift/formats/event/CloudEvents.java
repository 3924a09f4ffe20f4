package io.lift.formats.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.formats.payload.Cause;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * CloudEvents with JSON data. In binary mode the attributes are headers and the data is the value.
 * In structured mode the value has both, with or without the header that says so.
 */
final class CloudEvents implements RecordFormat {
  private static final String SPEC_VERSION = "ce_specversion";
  private static final String CONTENT_TYPE = "content-type";
  private static final String STRUCTURED = "application/cloudevents";

  private final JsonFormat structured = new JsonFormat();

  @Override
  public Unwrapped read(ConsumerRecord<byte[], byte[]> record) throws RowRejectedException {
    byte[] value = RecordFormat.value(record);
    String type = text(record.headers().lastHeader(CONTENT_TYPE));
    boolean named = type != null && type.strip().startsWith(STRUCTURED);
    boolean binary = record.headers().lastHeader(SPEC_VERSION) != null && !named;
    if (binary) {
      CloudEvent event = sdk(() -> KafkaMessageFactory.createReader(record).toEvent());
      return unwrapped(event, null);
    }
    ObjectNode object = FlatJson.object(value);
    if (!object.has("specversion")) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          "specversion",
          "The record is no CloudEvent: it has neither the header ce_specversion nor the field"
              + " specversion. If it is a row, create the source with --format json.");
    }
    // the data is taken as it was written: the SDK would round its decimals
    return unwrapped(sdk(() -> structured.deserialize(value)), object.get("data"));
  }

  private static Unwrapped unwrapped(CloudEvent event, JsonNode written)
      throws RowRejectedException {
    if (event.getData() == null) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT, "data", "The CloudEvent has no data.");
    }
    requireJson(event.getDataContentType());
    ObjectNode row =
        written instanceof ObjectNode object ? object : FlatJson.object(event.getData().toBytes());
    return new Unwrapped(row, name -> attribute(event, name), Map::of);
  }

  private static CloudEvent sdk(Supplier<CloudEvent> reading) throws RowRejectedException {
    try {
      return reading.get();
    } catch (RuntimeException e) { // an attribute that is missing or malformed
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT, null, "The CloudEvent cannot be read: " + Cause.of(e) + ".");
    }
  }

  private static String text(Header header) {
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static void requireJson(String type) throws RowRejectedException {
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean json = media.isEmpty() || media.endsWith("/json") || media.endsWith("+json");
    if (!json) {
      throw new RowRejectedException(
          RejectReason.INVALID_FORMAT,
          "datacontenttype",
          "The data of the CloudEvent is %s, and rows are read from JSON only.".formatted(media));
    }
  }

  private static String attribute(CloudEvent event, String name) {
    Object value =
        event.getAttributeNames().contains(name)
            ? event.getAttribute(name)
            : event.getExtension(name);
    return value == null ? null : value.toString();
  }
}
