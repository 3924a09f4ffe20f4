package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a request that arrives before its task has a checkpoint. */
public enum BeforeFirstCheckpoint {
  /** The base model answers, with checkpoint version 0. */
  @JsonProperty("base")
  BASE,
  /** The request waits for the first checkpoint, or for its deadline. */
  @JsonProperty("wait")
  WAIT
}
