package io.lift.trainer.training;

import io.lift.core.prompt.Example;

/**
 * A training example with its place in the log.
 *
 * @param offset its offset on the task's partition of {@code lift.prompts}
 * @param example what the model learns
 * @param arrivedAt when this trainer read it, epoch milliseconds
 */
record WindowRow(long offset, Example example, long arrivedAt) {}
