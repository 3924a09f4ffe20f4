package io.lift.model.random;

/**
 * The independent random streams of a seed: the first number of a {@link SeededRandom} path. The
 * values are part of the results and must not change.
 */
public final class RandomStream {
  /** Initial embeddings of a task's own tokens. */
  public static final long TASK_TOKENS = 1;

  /** Order of the training rows. */
  public static final long ORDER = 2;

  /** Noise on grid numbers in training. */
  public static final long NOISE = 3;

  /** Dropout masks. */
  public static final long DROPOUT = 4;

  /** Weights of the embedded model. */
  public static final long EMBEDDED_MODEL = 5;

  /** Initial weights of low-rank adapters. */
  public static final long ADAPTER = 6;

  /** Generated rows. */
  public static final long GENERATION = 7;

  /** Weights and episodes of the pretrained in-context model. */
  public static final long PRETRAINING = 8;

  /** Order of columns and labels in the in-context model. */
  public static final long IN_CONTEXT = 9;

  /** Initial embeddings of number columns. */
  public static final long COLUMNS = 10;

  /** Choice of rows in context. */
  public static final long CONTEXT = 20;

  /** Augmentation of training rows. */
  public static final long AUGMENTATION = 21;

  /** Synthetic tasks of two-stage fine-tuning. */
  public static final long SYNTHETIC_TASKS = 22;

  /** Questions about columns in training. */
  public static final long QUESTIONS = 23;

  /** Order of the questions about columns in training. */
  public static final long QUESTION_ORDER = 24;

  private RandomStream() {}
}
