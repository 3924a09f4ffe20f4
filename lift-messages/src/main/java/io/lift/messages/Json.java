package io.lift.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Message values as UTF-8 JSON. Readers ignore unknown fields, so that old readers understand new
 * writers.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new SerializationException("cannot write " + value.getClass().getSimpleName(), e);
    }
  }

  /**
   * @throws UncheckedIOException if the bytes are not JSON of this type
   */
  public static <V> V read(byte[] json, Class<V> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static <V> Serializer<V> serializer() {
    return (topic, value) -> value == null ? null : write(value);
  }

  /** A deserializer for trusted topics; rows and requests are read as bytes instead. */
  public static <V> Deserializer<V> deserializer(Class<V> type) {
    return (topic, bytes) -> bytes == null ? null : read(bytes, type);
  }

  public static <V> Serde<V> serde(Class<V> type) {
    return Serdes.serdeFrom(serializer(), deserializer(type));
  }
}
