package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Labelled rows that stand in the prompt before the row asked about (in-context learning). They are
 * taken from rows of the task's window, the newest of each label, which each checkpoint carries.
 *
 * @param pick which rows
 * @param rows how many, at most {@link #MAX_ROWS}; fewer where there are fewer, or where the model
 *     reads no more
 */
public record ContextPolicy(Pick pick, int rows) {
  /** Most rows before the one asked about. */
  public static final int MAX_ROWS = 256;

  /** Which rows stand in the prompt. */
  public enum Pick {
    /** The rows most like the one asked about, the most alike last. */
    @JsonProperty("nearest")
    NEAREST,
    /** Rows drawn by the task's seed: the same for every row that a checkpoint answers. */
    @JsonProperty("random")
    RANDOM
  }
}
