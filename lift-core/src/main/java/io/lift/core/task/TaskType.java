package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The type of a task's answers: one of a fixed set of labels, or a number. */
public enum TaskType {
  @JsonProperty("classification")
  CLASSIFICATION,
  @JsonProperty("regression")
  REGRESSION
}
