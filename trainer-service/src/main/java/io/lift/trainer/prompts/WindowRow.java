package io.lift.trainer.prompts;

import io.lift.core.prompt.Example;

/**
 * A training example with its offset in the log.
 *
 * @param offset its offset on the task's partition of {@code lift.prompts}
 * @param example what the model learns
 * @param arrivedAt when this trainer read it, epoch milliseconds
 * @param trace the row's trace, see {@link io.lift.kafka.Traces}; null without one
 */
public record WindowRow(long offset, Example example, long arrivedAt, String trace) {

  /** A row without a trace. */
  public WindowRow(long offset, Example example, long arrivedAt) {
    this(offset, example, arrivedAt, null);
  }
}
