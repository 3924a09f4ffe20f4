package io.lift.formats.payload;

/** The names of Debezium's semantic types that are no dates or times. */
public final class DebeziumTypes {
  /** A decimal with a scale of its own: {@code scale} and {@code value}. */
  public static final String VARIABLE_DECIMAL = "io.debezium.data.VariableScaleDecimal";

  /** A text that is one of some words. */
  public static final String ENUM = "io.debezium.data.Enum";

  /** The parameter of {@link #ENUM} that holds the words, with commas between them. */
  public static final String ALLOWED = "allowed";

  private DebeziumTypes() {}
}
