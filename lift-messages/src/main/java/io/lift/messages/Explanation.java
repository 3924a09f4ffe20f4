package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * How much each column contributes to an answer. The contributions and {@code base} add up to the
 * answer's own probability or number.
 *
 * @param columns the columns, those that contribute most first; null if there is no explanation
 * @param base the mean answer where the explained columns are replaced
 * @param replacement what takes the place of a column's value
 * @param draws how often each column was replaced
 * @param variants changed rows that were answered for this
 * @param millis time that they took, in milliseconds
 * @param leftOut columns that are not explained, because the row has too many; null for none
 * @param message why there is no explanation, in one sentence; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Explanation(
    List<Contribution> columns,
    Double base,
    Replacement replacement,
    Integer draws,
    Integer variants,
    Double millis,
    List<String> leftOut,
    String message) {

  /** An answer that could not be explained. */
  public static Explanation none(String why) {
    return new Explanation(null, null, null, null, null, null, null, why);
  }

  /** What takes the place of a column's value. */
  public enum Replacement {
    /** The values of labelled rows before the row. */
    @JsonProperty("labelled-rows")
    LABELLED_ROWS,
    /** A missing value, where there are no such rows. */
    @JsonProperty("missing")
    MISSING
  }

  /**
   * One column.
   *
   * @param column its name: the field of the rows
   * @param value of the row; null for a missing value
   * @param contribution classification: change of the probability of the answered label;
   *     regression: change of the number, in the target's unit
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Contribution(String column, Object value, double contribution) {}
}
