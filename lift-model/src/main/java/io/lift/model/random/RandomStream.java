package io.lift.model.random;

/** What random numbers are for: the first number of a {@link SeededRandom} path. */
public final class RandomStream {
  public static final long TASK_TOKENS = 1;
  public static final long ORDER = 2;
  public static final long JITTER = 3;
  public static final long DROPOUT = 4;
  public static final long EMBEDDED_MODEL = 5;
  public static final long ADAPTER = 6;
  public static final long GENERATION = 7;
  public static final long PRETRAINING = 8;
  public static final long READING = 9;
  public static final long COLUMNS = 10;
  public static final long CONTEXT = 20;
  public static final long VARIATION = 21;
  public static final long PRETEXT = 22;
  public static final long QUESTIONS = 23;
  public static final long QUESTION_ORDER = 24;

  private RandomStream() {}
}
