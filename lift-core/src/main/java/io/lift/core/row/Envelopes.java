package io.lift.core.row;

import io.lift.core.task.SourceFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Recognises a message around a row by the names of its fields. For one message. */
final class Envelopes {

  /**
   * A kind of envelope.
   *
   * @param names fields that each such message has
   * @param format how a source with such messages is read
   * @param sentence what it is and what to do
   */
  private record Kind(Set<String> names, SourceFormat format, String sentence) {}

  private static final String DEBEZIUM =
      "This is a Debezium change event: create the source with --format debezium.";

  static final String REGISTRY =
      "This begins with the number of a schema in a schema registry: create the source with --format"
          + " avro, protobuf or json-schema.";

  /** Bytes before a value that names its schema: a zero and the number of the schema. */
  private static final int SCHEMA_BYTES = 5;

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Set.of("schema", "payload"),
              SourceFormat.CONNECT,
              "This is JSON with a schema, as Kafka Connect writes it: create the source with"
                  + " --format connect, or with --format debezium if it is a change event."),
          new Kind(Set.of("op", "after"), SourceFormat.DEBEZIUM, DEBEZIUM),
          new Kind(Set.of("op", "before"), SourceFormat.DEBEZIUM, DEBEZIUM),
          new Kind(
              Set.of("specversion", "type"),
              SourceFormat.CLOUDEVENTS,
              "This is a CloudEvent: create the source with --format cloudevents."));

  private static final Set<String> NAMES = new HashSet<>();

  static {
    KINDS.forEach(kind -> NAMES.addAll(kind.names()));
  }

  private Set<String> seen; // null until the first of these names, which few rows have

  /** A field of the message. */
  void field(String name) {
    if (NAMES.contains(name)) {
      if (seen == null) {
        seen = new HashSet<>();
      }
      seen.add(name);
    }
  }

  /**
   * Whether bytes begin with the number of a schema. Numbers above 16 million are left out: text of
   * 16 bits a character would be one.
   */
  static boolean namesSchema(byte[] bytes) {
    return bytes.length > SCHEMA_BYTES && bytes[0] == 0 && bytes[1] == 0;
  }

  /** What kind of envelope the message is, in a sentence that says what to do; null if none. */
  String sentence() {
    Kind kind = kind();
    return kind == null ? null : kind.sentence();
  }

  /** How a source with such messages is read; null if the message is no envelope. */
  SourceFormat format() {
    Kind kind = kind();
    return kind == null ? null : kind.format();
  }

  private Kind kind() {
    if (seen == null) {
      return null;
    }
    return KINDS.stream().filter(kind -> seen.containsAll(kind.names())).findFirst().orElse(null);
  }
}
