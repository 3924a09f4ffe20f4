package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a task asks for: one of a fixed set of labels, or a number. */
public enum TaskType {
  @JsonProperty("classification")
  CLASSIFICATION,
  @JsonProperty("regression")
  REGRESSION
}
