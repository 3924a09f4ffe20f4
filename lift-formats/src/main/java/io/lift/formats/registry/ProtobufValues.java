package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.lift.core.table.DeclaredField;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Messages of Protobuf as JSON, with the types that are known by their names. */
final class ProtobufValues {
  private static final String TIMESTAMP = "google.protobuf.Timestamp";
  private static final String DURATION = "google.protobuf.Duration";
  private static final String DATE = "google.type.Date";
  private static final String TIME = "google.type.TimeOfDay";
  private static final String DECIMAL = "confluent.type.Decimal";
  private static final String WRAPPERS = "google.protobuf.";
  private static final double NANO = 1e-9;
  private static final double SECONDS_OF_HOUR = 3600;

  private ProtobufValues() {}

  static ObjectNode json(Message message) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        object.set(field.getName(), repeated(field, message));
      } else if (!field.hasPresence() || message.hasField(field)) {
        JsonNode value = value(field, message.getField(field));
        if (value != null) {
          object.set(field.getName(), value);
        }
      }
    }
    return object;
  }

  private static JsonNode repeated(FieldDescriptor field, Message message) {
    List<?> values = (List<?>) message.getField(field);
    if (!field.isMapField()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      values.forEach(each -> array.add(value(field, each)));
      return array;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    FieldDescriptor keys = field.getMessageType().findFieldByName("key");
    FieldDescriptor inner = field.getMessageType().findFieldByName("value");
    for (Object each : values) {
      Message entry = (Message) each;
      JsonNode value = value(inner, entry.getField(inner));
      if (value != null) {
        object.set(String.valueOf(entry.getField(keys)), value);
      }
    }
    return object;
  }

  /** Null for binary data. */
  private static JsonNode value(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case INT, LONG -> whole(field, ((Number) value).longValue());
      case FLOAT -> FloatNode.valueOf((Float) value);
      case DOUBLE -> DoubleNode.valueOf((Double) value);
      case BOOLEAN -> BooleanNode.valueOf((Boolean) value);
      case STRING -> TextNode.valueOf((String) value);
      case ENUM -> {
        EnumValueDescriptor word = (EnumValueDescriptor) value;
        yield word.getIndex() < 0
            ? TextNode.valueOf(Integer.toString(word.getNumber()))
            : TextNode.valueOf(word.getName());
      }
      case MESSAGE -> message((Message) value);
      case BYTE_STRING -> null;
    };
  }

  private static JsonNode whole(FieldDescriptor field, long value) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> LongNode.valueOf(value & 0xFFFFFFFFL);
      case UINT64, FIXED64 ->
          value >= 0
              ? LongNode.valueOf(value)
              : BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(value)));
      default -> LongNode.valueOf(value);
    };
  }

  private static JsonNode message(Message message) {
    Descriptor type = message.getDescriptorForType();
    return switch (type.getFullName()) {
      case TIMESTAMP ->
          TextNode.valueOf(
              Instant.ofEpochSecond(number(message, "seconds"), number(message, "nanos"))
                  .toString());
      case DURATION ->
          DoubleNode.valueOf(number(message, "seconds") + NANO * number(message, "nanos"));
      case DATE -> date(message);
      case TIME ->
          DoubleNode.valueOf(
              number(message, "hours")
                  + number(message, "minutes") / 60.0
                  + (number(message, "seconds") + NANO * number(message, "nanos"))
                      / SECONDS_OF_HOUR);
      case DECIMAL -> decimal(message);
      default -> isWrapper(type) ? value(only(type), message.getField(only(type))) : json(message);
    };
  }

  /** A date whose year, month or day is left open is none. */
  private static JsonNode date(Message message) {
    int year = (int) number(message, "year");
    int month = (int) number(message, "month");
    int day = (int) number(message, "day");
    return year == 0 || month == 0 || day == 0
        ? NullNode.getInstance()
        : TextNode.valueOf(LocalDate.of(year, month, day).toString());
  }

  private static JsonNode decimal(Message message) {
    Descriptor type = message.getDescriptorForType();
    ByteString unscaled = (ByteString) message.getField(type.findFieldByName("value"));
    return unscaled.isEmpty()
        ? NullNode.getInstance()
        : DecimalNode.valueOf(
            new BigDecimal(new BigInteger(unscaled.toByteArray()), (int) number(message, "scale")));
  }

  private static long number(Message message, String field) {
    FieldDescriptor found = message.getDescriptorForType().findFieldByName(field);
    return ((Number) message.getField(found)).longValue();
  }

  /** Whether a message is one of those that hold a value which may be missing. */
  private static boolean isWrapper(Descriptor type) {
    return type.getFullName().startsWith(WRAPPERS)
        && type.getName().endsWith("Value")
        && type.getFields().size() == 1
        && type.getFields().get(0).getName().equals("value");
  }

  private static FieldDescriptor only(Descriptor type) {
    return type.getFields().get(0);
  }

  /** What a message type says about its fields. */
  static Map<String, DeclaredField> fields(Descriptor type) {
    Map<String, DeclaredField> fields = new HashMap<>();
    add(type, "", fields, new HashSet<>());
    return fields;
  }

  private static void add(
      Descriptor type, String prefix, Map<String, DeclaredField> fields, Set<String> outer) {
    if (!outer.add(type.getFullName())) {
      return; // a message in itself has no end
    }
    for (FieldDescriptor field : type.getFields()) {
      DeclaredField declared = field.isRepeated() ? null : declared(field);
      if (declared != null) {
        fields.put(prefix + field.getName(), declared);
      } else if (!field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        add(field.getMessageType(), prefix + field.getName() + ".", fields, outer);
      }
    }
    outer.remove(type.getFullName());
  }

  private static DeclaredField declared(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> DeclaredField.BOOLEAN;
      case FLOAT, DOUBLE -> DeclaredField.NUMBER;
      case ENUM ->
          DeclaredField.words(
              field.getEnumType().getValues().stream().map(EnumValueDescriptor::getName).toList());
      case MESSAGE ->
          switch (field.getMessageType().getFullName()) {
            case TIMESTAMP, DATE -> DeclaredField.DATE;
            case DURATION, TIME, DECIMAL -> DeclaredField.NUMBER;
            default ->
                isWrapper(field.getMessageType()) ? declared(only(field.getMessageType())) : null;
          };
      default -> null; // whole numbers may be dates, and text may be anything: see their values
    };
  }
}
