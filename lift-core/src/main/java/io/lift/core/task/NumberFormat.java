package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The notation of the numbers in a prompt.
 *
 * @param style the notation
 * @param decimals for {@link Style#FIXED}: digits after the point, 0..12; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NumberFormat(Style style, Integer decimals) {

  /** The notation of a number. */
  public enum Style {
    /** A fixed number of digits after the point, as in the paper ({@code %.2f}). */
    @JsonProperty("fixed")
    FIXED,
    /** Per column, the fewest digits after the point that keep distinct values distinct. */
    @JsonProperty("adaptive")
    ADAPTIVE,
    /** An integer 0..99 on a grid of the standardised value: {@code clip(round(50 + 50 z / 3))}. */
    @JsonProperty("grid")
    GRID
  }

  public static NumberFormat grid() {
    return new NumberFormat(Style.GRID, null);
  }

  public static NumberFormat adaptive() {
    return new NumberFormat(Style.ADAPTIVE, null);
  }

  public static NumberFormat fixed(int decimals) {
    return new NumberFormat(Style.FIXED, decimals);
  }
}
