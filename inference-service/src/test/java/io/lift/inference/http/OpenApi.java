package io.lift.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The document that the service has at {@code /q/openapi}, and what it says of JSON. */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;

  /**
   * A method of a path.
   *
   * @param node as it stands in the document
   */
  public record Operation(String path, String method, JsonNode node) {}

  private OpenApi(JsonNode document) {
    this.document = document;
  }

  public static OpenApi served() throws Exception {
    String text = RestAssured.given().queryParam("format", "json").get("/q/openapi").asString();
    return new OpenApi(JSON.readTree(text));
  }

  public JsonNode document() {
    return document;
  }

  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(new Operation(path.getKey(), method.getKey(), method.getValue()));
      }
    }
    return operations;
  }

  /** What a reference refers to; anything else is itself. */
  public JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** What is wrong with a value under a schema. */
  public List<String> errors(JsonNode schema, String value) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("allOf").add(schema);
    root.set("components", document.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(root.toString(), InputFormat.JSON)
        .validate(value, InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }

  /** What is wrong with a value under one of the document's schemas. */
  public List<String> errors(String schema, String value) {
    return errors(document.at("/components/schemas/" + schema), value);
  }
}
