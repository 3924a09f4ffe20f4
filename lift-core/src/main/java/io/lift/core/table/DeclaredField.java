package io.lift.core.table;

import java.util.List;

/**
 * What the schema of a row says about one of its fields.
 *
 * @param type how its values are read
 * @param words of an enumeration; otherwise empty
 */
public record DeclaredField(FieldType type, List<String> words) {
  /** A number. */
  public static final DeclaredField NUMBER = new DeclaredField(FieldType.NUMBER, List.of());

  /** A date, with or without a time. */
  public static final DeclaredField DATE = new DeclaredField(FieldType.DATE, List.of());

  /** True or false. */
  public static final DeclaredField BOOLEAN =
      new DeclaredField(FieldType.CATEGORY, List.of("false", "true"));

  public DeclaredField {
    words = List.copyOf(words);
  }

  /** One of these words. */
  public static DeclaredField words(List<String> words) {
    return new DeclaredField(FieldType.CATEGORY, words);
  }
}
