package io.lift.core.task;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition that a record must meet to be a row, e.g. {@code op!=d} or {@code amount>=10}.
 *
 * <p>Two numbers are compared as numbers, anything else as text, so that dates in ISO 8601 are
 * compared as dates. A field that is missing equals the empty text and is neither less nor greater
 * than anything.
 *
 * @param field name of the field
 * @param sign how the two are compared
 * @param value what the field is compared with
 */
public record RowCondition(String field, Sign sign, String value) {
  private static final Pattern WRITTEN =
      Pattern.compile("\\s*([^=!<>]*[^=!<>\\s])\\s*(!=|<=|>=|=|<|>)\\s*(.*?)\\s*", Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  /** How a field is compared. */
  public enum Sign {
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">=");

    private final String text;

    Sign(String text) {
      this.text = text;
    }

    private static Sign of(String text) {
      for (Sign sign : values()) {
        if (sign.text.equals(text)) {
          return sign;
        }
      }
      throw new IllegalArgumentException(text);
    }
  }

  /**
   * Reads what users write.
   *
   * @throws IllegalArgumentException with one sentence without a full stop, if it is no condition
   */
  public static RowCondition parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new IllegalArgumentException(
          "A condition is a field, one of = != < <= > >=, and a value, as in op!=d, not '"
              + text
              + "'");
    }
    return new RowCondition(written.group(1), Sign.of(written.group(2)), written.group(3));
  }

  /**
   * Whether a record meets the condition.
   *
   * @param fields gives the text of a field; null if it is missing
   */
  public boolean holds(Function<String, String> fields) {
    String actual = fields.apply(field);
    if (sign == Sign.EQUAL || sign == Sign.NOT_EQUAL) {
      boolean equal = compare(actual == null ? "" : actual) == 0;
      return equal == (sign == Sign.EQUAL);
    }
    if (actual == null) {
      return false;
    }
    int order = compare(actual);
    return switch (sign) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private int compare(String actual) {
    if (NUMBER.matcher(actual).matches() && NUMBER.matcher(value).matches()) {
      return Double.compare(Double.parseDouble(actual), Double.parseDouble(value));
    }
    return actual.compareTo(value);
  }

  /** As users write it. */
  @Override
  public String toString() {
    return field + sign.text + value;
  }
}
