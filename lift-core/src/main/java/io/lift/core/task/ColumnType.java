package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the values of a column are read and rendered. */
public enum ColumnType {
  /** A finite decimal number, rendered by the task's {@link NumberFormat}. */
  @JsonProperty("number")
  NUMBER,
  /**
   * One of a fixed set of words, rendered as the word. Booleans and integer codes are words too.
   */
  @JsonProperty("category")
  CATEGORY,
  /** Free text, rendered up to {@link Column#MAX_TEXT} characters. */
  @JsonProperty("text")
  TEXT
}
