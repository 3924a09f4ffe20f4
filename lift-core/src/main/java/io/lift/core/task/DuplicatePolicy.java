package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a row means whose id is in the window already. */
public enum DuplicatePolicy {
  /** The last value of an id counts, once. The same value again is no new row. */
  @JsonProperty("last")
  LAST,

  /** Each is a training example of its own. */
  @JsonProperty("all")
  ALL
}
