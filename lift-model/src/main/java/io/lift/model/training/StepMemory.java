package io.lift.model.training;

import io.lift.checkpoint.published.DecoderConfig;

/**
 * The memory that a step's forward and backward pass may take beside weights and optimizer. A batch
 * that needs more is read in several micro-batches, whose gradients add up to the same.
 *
 * @param bytes approximate bound of one micro-batch; a single row is always read as a whole
 * @param recompute whether only the inputs of layers are stored and layers are computed a second
 *     time (gradient checkpointing): a fraction of the memory for a third more time
 */
public record StepMemory(long bytes, boolean recompute) {
  /** 1 GiB, without recomputation. */
  public static final StepMemory DEFAULT = new StepMemory(1L << 30, false);

  private static final int FLOAT = 4;

  /** Arrays of the residual stream's width that a layer stores for its backward pass. */
  private static final int STREAM_ARRAYS = 24;

  /** Arrays of the MLP's inner width. */
  private static final int INNER_ARRAYS = 6;

  /** Arrays of attention scores, and of logits. */
  private static final int SCORE_ARRAYS = 4;

  /** The estimated bytes of rows of one length. */
  long estimate(DecoderConfig config, long rows, long length, long want) {
    long tokens = rows * length;
    long layer =
        tokens
            * ((long) STREAM_ARRAYS * config.hiddenSize()
                + (long) INNER_ARRAYS * config.intermediateSize()
                + SCORE_ARRAYS * config.heads() * length);
    long layers =
        recompute
            ? layer + tokens * config.hiddenSize() * config.layers()
            : layer * config.layers();
    long head = rows * want * config.vocabSize() * SCORE_ARRAYS;
    return FLOAT * (layers + head);
  }
}
