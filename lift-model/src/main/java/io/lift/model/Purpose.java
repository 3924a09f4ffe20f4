package io.lift.model;

/** What random numbers are for: the first number of a {@link SeededRandom} path. */
final class Purpose {
  static final long TASK_TOKENS = 1;
  static final long ORDER = 2;
  static final long JITTER = 3;
  static final long DROPOUT = 4;
  static final long EMBEDDED_MODEL = 5;

  private Purpose() {}
}
