package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Labelled rows in the prompt before the query row (in-context learning). A checkpoint carries the
 * rows to choose from: the newest rows of each label in the task's window.
 *
 * @param pick how the rows are chosen
 * @param rows number of rows, at most {@link #MAX_ROWS}; fewer if there are fewer, or if the
 *     model's input is too short
 */
public record ContextPolicy(Pick pick, int rows) {
  /** Most rows before the query row. */
  public static final int MAX_ROWS = 256;

  /** How the rows are chosen. */
  public enum Pick {
    /** The nearest neighbours of the query row, the nearest last. */
    @JsonProperty("nearest")
    NEAREST,
    /** A random sample by the task's seed, the same for every row that a checkpoint answers. */
    @JsonProperty("random")
    RANDOM
  }
}
