package io.lift.formats.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flat fields as JSON, behind the number of their schema. */
final class JsonSchemaWriter implements PredictionWriter {
  private static final String DRAFT = "http://json-schema.org/draft-07/schema#";

  private final List<PredictionField> fields;
  private final byte[] prefix;

  /**
   * @param prefix what each value begins with
   */
  JsonSchemaWriter(boolean probabilities, byte[] prefix) {
    this.fields = PredictionField.all(probabilities);
    this.prefix = prefix;
  }

  /**
   * The schema of predictions. It allows no other fields: registries then let a later version add
   * some.
   */
  static ObjectNode schema(boolean probabilities) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", DRAFT);
    schema.put("title", PredictionField.NAMESPACE + "." + PredictionField.RECORD);
    schema.put("description", PredictionField.ABOUT);
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (PredictionField field : PredictionField.all(probabilities)) {
      ObjectNode property = properties.putObject(field.name());
      property.put("description", field.description());
      if (field.required()) {
        property.setAll(type(field.type()));
        required.add(field.name());
      } else {
        ArrayNode either = property.putArray("oneOf");
        either.addObject().put("type", "null");
        either.add(type(field.type()));
      }
    }
    schema.set("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  /** With what Kafka Connect's converter of Confluent says about types that JSON has not. */
  private static ObjectNode type(PredictionField.Type type) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return switch (type) {
      case TEXT -> node.put("type", "string");
      case INT -> node.put("type", "integer").put("connect.type", "int32");
      case LONG -> node.put("type", "integer").put("connect.type", "int64");
      case MOMENT ->
          node.put("type", "integer")
              .put("title", "org.apache.kafka.connect.data.Timestamp")
              .put("connect.version", 1)
              .put("connect.type", "int64");
      case DOUBLE -> node.put("type", "number").put("connect.type", "float64");
      case BOOLEAN -> node.put("type", "boolean");
      case MAP -> {
        node.put("type", "object").put("connect.type", "map");
        node.putObject("additionalProperties").put("type", "number").put("connect.type", "float64");
        yield node;
      }
    };
  }

  @Override
  public Written write(String id, PredictionMessage prediction) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (PredictionField field : fields) {
      Object value = field.of(prediction);
      if (value != null) {
        values.put(field.name(), value);
      }
    }
    byte[] json = Json.write(values);
    byte[] both = new byte[prefix.length + json.length];
    System.arraycopy(prefix, 0, both, 0, prefix.length);
    System.arraycopy(json, 0, both, prefix.length, json.length);
    return Written.of(both);
  }
}
