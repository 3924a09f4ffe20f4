package io.lift.formats.registry;

import java.util.Map;

/**
 * A schema of a registry.
 *
 * @param id its number
 * @param type its language
 * @param text its text
 * @param references the texts of the schemas that it refers to, directly or not, by the names under
 *     which it does; those that others need come first
 */
record RegisteredSchema(int id, Type type, String text, Map<String, String> references) {

  /** The language of a schema. */
  enum Type {
    AVRO,
    PROTOBUF,
    JSON
  }
}
