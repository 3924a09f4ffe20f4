package io.lift.core.row;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Recognises a message around a row by the names of its fields. For one message. */
final class Envelopes {

  /**
   * A kind of envelope.
   *
   * @param names fields that each such message has
   * @param sentence what it is and what to do
   */
  private record Kind(Set<String> names, String sentence) {}

  private static final String DEBEZIUM =
      "The value is a change event of Debezium: take the row out of it with the transform"
          + " ExtractNewRecordState.";

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              Set.of("schema", "payload"),
              "The value is JSON with a schema, as Kafka Connect writes it: set"
                  + " value.converter.schemas.enable=false there."),
          new Kind(Set.of("op", "after"), DEBEZIUM),
          new Kind(Set.of("op", "before"), DEBEZIUM),
          new Kind(
              Set.of("specversion", "type"),
              "The value is a CloudEvent: send its data alone as the value (binary mode)."));

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

  /** What kind of envelope the message is, in a sentence that says what to do; null if none. */
  String sentence() {
    if (seen == null) {
      return null;
    }
    for (Kind kind : KINDS) {
      if (seen.containsAll(kind.names())) {
        return kind.sentence();
      }
    }
    return null;
  }
}
