package io.lift.formats.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lift.core.table.DeclaredField;
import io.lift.formats.payload.DebeziumTypes;
import io.lift.formats.payload.Temporal;
import io.lift.formats.payload.WrittenTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The semantic types of Avro's fields: Avro's logical types, and those that the converters of Kafka
 * Connect write beside them.
 */
final class AvroFields {
  private static final String CONNECT_NAME = "connect.name";
  private static final String CONNECT_PARAMETERS = "connect.parameters";

  private AvroFields() {}

  static boolean isVariableDecimal(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getFullName().equals(DebeziumTypes.VARIABLE_DECIMAL)
        && schema.getField("scale") != null
        && schema.getField("value") != null;
  }

  /** A whole number as JSON; a date or time if the schema says so. */
  static JsonNode stored(Schema schema, long value) {
    Temporal type = temporal(schema);
    return type == null ? LongNode.valueOf(value) : type.json(value);
  }

  /** A text as JSON; a date or time if the schema says so. */
  static JsonNode written(Schema schema, String value) {
    WrittenTime type = WrittenTime.named(schema.getProp(CONNECT_NAME));
    return type == null ? TextNode.valueOf(value) : type.json(value);
  }

  private static Temporal temporal(Schema schema) {
    Temporal type = Temporal.named(schema.getProp(CONNECT_NAME));
    return type == null ? Temporal.named(schema.getProp("logicalType")) : type;
  }

  /** What a schema says about its fields. */
  static Map<String, DeclaredField> of(Schema schema) {
    Map<String, DeclaredField> fields = new HashMap<>();
    add(schema, "", fields, new HashSet<>());
    return fields;
  }

  private static void add(
      Schema schema, String prefix, Map<String, DeclaredField> fields, Set<String> outer) {
    if (schema.getType() != Schema.Type.RECORD || !outer.add(schema.getFullName())) {
      return; // a record in itself has no end
    }
    for (Schema.Field field : schema.getFields()) {
      Schema type = plain(field.schema());
      DeclaredField declared = declared(type);
      if (declared != null) {
        fields.put(prefix + field.name(), declared);
      } else {
        add(type, prefix + field.name() + ".", fields, outer);
      }
    }
    outer.remove(schema.getFullName());
  }

  /** The type of a field that may be null; of several types, the union. */
  private static Schema plain(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> types =
        schema.getTypes().stream().filter(type -> type.getType() != Schema.Type.NULL).toList();
    return types.size() == 1 ? types.get(0) : schema;
  }

  private static DeclaredField declared(Schema schema) {
    Temporal stored = temporal(schema);
    if (stored != null) {
      return stored.declared();
    }
    WrittenTime written = WrittenTime.named(schema.getProp(CONNECT_NAME));
    if (written != null) {
      return written.declared();
    }
    if (DebeziumTypes.ENUM.equals(schema.getProp(CONNECT_NAME))
        && schema.getObjectProp(CONNECT_PARAMETERS) instanceof Map<?, ?> parameters
        && parameters.get(DebeziumTypes.ALLOWED) instanceof String allowed) {
      return DeclaredField.words(Arrays.asList(allowed.split(",")));
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal || isVariableDecimal(schema)) {
      return DeclaredField.NUMBER;
    }
    return switch (schema.getType()) {
      case BOOLEAN -> DeclaredField.BOOLEAN;
      case FLOAT, DOUBLE -> DeclaredField.NUMBER;
      case ENUM -> DeclaredField.words(schema.getEnumSymbols());
      default -> null; // whole numbers may be dates, and text may be anything: see their values
    };
  }
}
