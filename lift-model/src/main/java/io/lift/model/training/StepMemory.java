package io.lift.model.training;

import io.lift.checkpoint.published.DecoderConfig;

/**
 * How much memory a step's forward and backward may take beside weights and optimizer. A batch that
 * wants more is read in several micro-batches, whose gradients add up to the same.
 *
 * @param bytes bound of one micro-batch, roughly; a single row is always read as a whole
 * @param recompute whether only the inputs of layers are kept and layers are computed twice
 *     (gradient checkpointing): a fraction of the memory for a third more time
 */
public record StepMemory(long bytes, boolean recompute) {
  /** 1 GiB, nothing computed twice. */
  public static final StepMemory DEFAULT = new StepMemory(1L << 30, false);

  private static final int FLOAT = 4;

  /** Arrays of the stream's width that a layer keeps for its backward, norms included. */
  private static final int STREAM_ARRAYS = 24;

  /** The same of the MLP's inner width. */
  private static final int INNER_ARRAYS = 6;

  /** The same of attention scores, and of logits. */
  private static final int SCORE_ARRAYS = 4;

  /** An estimate for rows of one length. */
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
