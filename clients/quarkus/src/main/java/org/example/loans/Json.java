package org.example.loans;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.kafka.client.serialization.ObjectMapperDeserializer;

/** Predictions as trees of JSON. */
public class Json extends ObjectMapperDeserializer<JsonNode> {
  public Json() {
    super(JsonNode.class);
  }
}
