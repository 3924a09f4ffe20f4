package io.lift.kafka;

import org.slf4j.Logger;

/**
 * Waits between the attempts of something that fails: 0.1 s at first, then twice as long each time,
 * 10 s at most. Logs the first failure, and another one each time that the wait has grown. Not
 * thread-safe.
 */
public final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 10_000;

  private long next = FIRST_MILLIS;
  private long logged; // the wait of the newest failure in the log

  /** Logs and sleeps; an interrupt ends the sleep and stays set. */
  public void failed(Logger log, String what, Throwable cause) {
    if (next > logged) {
      log.warn("{}{}; trying again", what, cause == null ? "" : ": " + cause.getMessage());
      log.debug("{}", what, cause);
      logged = next;
    }
    try {
      Thread.sleep(next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    next = Math.min(LONGEST_MILLIS, next * 2);
  }

  /** It works again. */
  public void reset() {
    next = FIRST_MILLIS;
    logged = 0;
  }
}
