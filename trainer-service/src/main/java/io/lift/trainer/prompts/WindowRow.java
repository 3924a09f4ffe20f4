package io.lift.trainer.prompts;

import io.lift.core.prompt.Example;

/**
 * A training example with its offset in the log.
 *
 * @param id the row's id; null if it has none
 * @param offset its offset on the task's partition of {@code lift.prompts}
 * @param example what the model learns
 * @param arrivedAt when this trainer read it, epoch milliseconds
 * @param trace the row's trace, see {@link io.lift.kafka.Traces}; null without one
 */
public record WindowRow(String id, long offset, Example example, long arrivedAt, String trace) {

  /** A row without an id and a trace. */
  public WindowRow(long offset, Example example, long arrivedAt) {
    this(null, offset, example, arrivedAt, null);
  }

  /** Whether another row teaches the same: the same sentence with the same completion. */
  boolean teachesAs(WindowRow other) {
    return example.prompt().text().equals(other.example.prompt().text())
        && example.completion().equals(other.example.completion());
  }
}
