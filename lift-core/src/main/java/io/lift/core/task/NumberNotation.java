package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the texts of a number column write their numbers, where they are more than digits with a
 * point. Thousands may be separated by the other one of point and comma, by spaces or apostrophes.
 *
 * @param decimal the sign before the decimals
 * @param unit text before or after the number, such as {@code $} or {@code %}, which a row may
 *     leave out; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NumberNotation(Decimal decimal, String unit) {

  /** The sign before the decimals. */
  public enum Decimal {
    @JsonProperty("point")
    POINT('.', ','),
    @JsonProperty("comma")
    COMMA(',', '.');

    private final char sign;
    private final char grouping;

    Decimal(char sign, char grouping) {
      this.sign = sign;
      this.grouping = grouping;
    }

    /** The sign before the decimals. */
    public char sign() {
      return sign;
    }

    /** The sign between thousands, besides spaces and apostrophes. */
    public char grouping() {
      return grouping;
    }
  }
}
