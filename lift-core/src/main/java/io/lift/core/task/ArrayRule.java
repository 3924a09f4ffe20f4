package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of an array in a row. */
public enum ArrayRule {
  /** An array in a column of the task makes the row a dead letter; other arrays are ignored. */
  @JsonProperty("refuse")
  REFUSE,

  /** The number of its elements is the value of the column. */
  @JsonProperty("count")
  COUNT
}
