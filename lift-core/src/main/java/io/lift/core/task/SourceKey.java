package io.lift.core.task;

import java.util.Locale;

/**
 * Where the id of a row is in a record of a source, and how it is written there.
 *
 * @param form what holds the id
 * @param field the field of it that is the id, with dots between nested names; null for the whole.
 *     An object with one field is that field; with several it is compact JSON
 */
public record SourceKey(Form form, String field) {

  /** What holds the id of a row. */
  public enum Form {
    /** The key, as UTF-8 text. */
    TEXT,
    /** The key, as a number of 8 bytes. */
    LONG,
    /** The key, as a number of 4 bytes. */
    INT,
    /** The key, as JSON, with or without the schema of Kafka Connect. */
    JSON,
    /** The key, written with a schema of the registry. */
    REGISTRY,
    /** A field of the row itself. */
    VALUE
  }

  /** The key of a row is of this type. */
  public static SourceKey of(KeyType type) {
    return new SourceKey(
        switch (type) {
          case TEXT -> Form.TEXT;
          case LONG -> Form.LONG;
          case INT -> Form.INT;
        },
        null);
  }

  /**
   * Reads what users write: {@code text}, {@code long}, {@code int}, {@code json}, {@code
   * json:FIELD}, {@code registry}, {@code registry:FIELD} or {@code value:FIELD}.
   *
   * @throws IllegalArgumentException with one sentence without a full stop, if it is none of these
   */
  public static SourceKey parse(String text) {
    int colon = text.indexOf(':');
    String form = (colon < 0 ? text : text.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
    String field = colon < 0 ? null : text.substring(colon + 1).strip();
    SourceKey key =
        switch (form) {
          case "text" -> new SourceKey(Form.TEXT, field);
          case "long" -> new SourceKey(Form.LONG, field);
          case "int" -> new SourceKey(Form.INT, field);
          case "json" -> new SourceKey(Form.JSON, field);
          case "registry" -> new SourceKey(Form.REGISTRY, field);
          case "value" -> new SourceKey(Form.VALUE, field);
          default -> null;
        };
    boolean plain = key != null && key.keyType() != null;
    boolean valid =
        key != null && (field == null ? key.form != Form.VALUE : !plain && !field.isEmpty());
    if (!valid) {
      throw new IllegalArgumentException(
          "A key is text, long, int, json, json:FIELD, registry, registry:FIELD or value:FIELD,"
              + " not '"
              + text
              + "'");
    }
    return key;
  }

  /** What the whole key is, if it is no object; otherwise null. */
  public KeyType keyType() {
    return switch (form) {
      case TEXT -> KeyType.TEXT;
      case LONG -> KeyType.LONG;
      case INT -> KeyType.INT;
      default -> null;
    };
  }

  /** As users write it. */
  @Override
  public String toString() {
    String word = form.name().toLowerCase(Locale.ROOT);
    return field == null ? word : word + ":" + field;
  }
}
