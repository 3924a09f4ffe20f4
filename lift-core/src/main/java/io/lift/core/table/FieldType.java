package io.lift.core.table;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a field of a table is taken for. */
public enum FieldType {
  /** A column of numbers. */
  NUMBER,
  /** A column of words out of a fixed set. */
  CATEGORY,
  /** A column of free text. */
  TEXT,
  /** Dates, whose parts are columns. */
  DATE,
  /** No feature. */
  LEAVE_OUT;

  /** The type in words, e.g. {@code leave out}. */
  @JsonValue
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * The type of that name.
   *
   * @throws IllegalArgumentException with one sentence, if there is none
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static FieldType of(String name) {
    for (FieldType type : values()) {
      if (type.words().equalsIgnoreCase(name.strip().replace('-', ' '))) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "A column can be number, category, text, date or leave out, not '" + name + "'.");
  }
}
