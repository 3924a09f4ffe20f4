package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the values of a column are read and rendered. */
public enum ColumnType {
  /** A finite decimal number, rendered by the task's {@link NumberFormat}. */
  @JsonProperty("number")
  NUMBER,
  /** One of a fixed set of words (booleans and integer codes too), rendered as the word. */
  @JsonProperty("category")
  CATEGORY,
  /** Free text, rendered as it stands up to {@link Column#MAX_TEXT} characters. */
  @JsonProperty("text")
  TEXT
}
