package io.lift.formats.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lift.core.table.DeclaredField;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Values of Kafka Connect as JSON, by the semantic types of Connect and of Debezium. */
final class ConnectValues {
  private ConnectValues() {}

  /**
   * A value as JSON.
   *
   * @param schema null for a value without one
   * @return null for binary data
   */
  static JsonNode json(Schema schema, Object value) {
    if (value == null) {
      return NullNode.getInstance();
    }
    String name = schema == null ? null : schema.name();
    if (value instanceof Struct struct) {
      return DebeziumTypes.VARIABLE_DECIMAL.equals(name) ? decimal(struct) : object(struct);
    }
    if (value instanceof Date date) { // of Connect's own types, in milliseconds since 1970
      Temporal type = Temporal.named(name);
      boolean days = type == Temporal.DAYS;
      return type == null
          ? LongNode.valueOf(date.getTime())
          : type.json(days ? Math.floorDiv(date.getTime(), 86_400_000L) : date.getTime());
    }
    if (value instanceof String text) {
      WrittenTime type = WrittenTime.named(name);
      return type == null ? TextNode.valueOf(text) : type.json(text);
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      Schema values = schema == null ? null : schema.valueSchema();
      map.forEach((key, each) -> put(object, String.valueOf(key), json(values, each)));
      return object;
    }
    if (value instanceof Collection<?> list) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      Schema values = schema == null ? null : schema.valueSchema();
      list.forEach(each -> array.add(json(values, each)));
      return array;
    }
    return scalar(name, value);
  }

  private static JsonNode scalar(String name, Object value) {
    if (value instanceof BigDecimal decimal) {
      return DecimalNode.valueOf(decimal);
    }
    if (value instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    if (value instanceof Double number) {
      return DoubleNode.valueOf(number);
    }
    if (value instanceof Float number) {
      return FloatNode.valueOf(number);
    }
    if (value instanceof Number number) {
      Temporal type = Temporal.named(name);
      return type == null ? LongNode.valueOf(number.longValue()) : type.json(number.longValue());
    }
    return null; // bytes
  }

  private static ObjectNode object(Struct struct) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Field field : struct.schema().fields()) {
      put(object, field.name(), json(field.schema(), struct.get(field)));
    }
    return object;
  }

  private static void put(ObjectNode object, String name, JsonNode value) {
    if (value != null) {
      object.set(name, value);
    }
  }

  private static JsonNode decimal(Struct struct) {
    Object bytes = struct.get("value");
    byte[] unscaled =
        bytes instanceof ByteBuffer buffer
            ? Arrays.copyOfRange(buffer.array(), buffer.position(), buffer.limit())
            : (byte[]) bytes;
    return DecimalNode.valueOf(new BigDecimal(new BigInteger(unscaled), struct.getInt32("scale")));
  }

  /** What a schema says about its fields. */
  static Map<String, DeclaredField> fields(Schema schema) {
    Map<String, DeclaredField> fields = new HashMap<>();
    if (schema != null && schema.type() == Schema.Type.STRUCT) {
      add(schema, "", fields);
    }
    return fields;
  }

  private static void add(Schema schema, String prefix, Map<String, DeclaredField> fields) {
    for (Field field : schema.fields()) {
      String name = prefix + field.name();
      Schema type = field.schema();
      DeclaredField declared = declared(type);
      if (declared != null) {
        fields.put(name, declared);
      } else if (type.type() == Schema.Type.STRUCT) {
        add(type, name + ".", fields);
      }
    }
  }

  private static DeclaredField declared(Schema schema) {
    Temporal stored = Temporal.named(schema.name());
    if (stored != null) {
      return stored.declared();
    }
    WrittenTime written = WrittenTime.named(schema.name());
    if (written != null) {
      return written.declared();
    }
    if (DebeziumTypes.ENUM.equals(schema.name()) && schema.parameters() != null) {
      String allowed = schema.parameters().get(DebeziumTypes.ALLOWED);
      return allowed == null ? null : DeclaredField.words(Arrays.asList(allowed.split(",")));
    }
    if (Decimal.LOGICAL_NAME.equals(schema.name())
        || DebeziumTypes.VARIABLE_DECIMAL.equals(schema.name())) {
      return DeclaredField.NUMBER;
    }
    return switch (schema.type()) {
      case BOOLEAN -> DeclaredField.BOOLEAN;
      case FLOAT32, FLOAT64 -> DeclaredField.NUMBER;
      default -> null; // whole numbers may be dates, and text may be anything: see their values
    };
  }
}
