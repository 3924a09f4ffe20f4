package io.lift.page.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Bounds how many refused attempts are recorded: some a minute for each caller, and some for all
 * together. Thread-safe, and in bounded memory.
 */
final class RefusalRate {
  static final int OF_CALLER = 5;
  static final int OF_ALL = 60;

  private static final int MOST_CALLERS = 1_000;
  private static final long MINUTE_MILLIS = 60_000;

  /** What a caller has tried since a moment. */
  private static final class Attempts {
    private long since;
    private int recorded;
    private int unrecorded;
  }

  private final LinkedHashMap<String, Attempts> callers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Attempts> eldest) {
          return size() > MOST_CALLERS;
        }
      };
  private final Attempts all = new Attempts();

  /**
   * Whether an attempt is to be recorded.
   *
   * @param now epoch milliseconds
   * @return how many earlier ones of the caller were not; empty if this one is not either
   */
  synchronized OptionalInt record(String caller, long now) {
    Attempts own = callers.computeIfAbsent(caller, any -> new Attempts());
    reset(own, now);
    reset(all, now);
    if (own.recorded >= OF_CALLER || all.recorded >= OF_ALL) {
      own.unrecorded++;
      return OptionalInt.empty();
    }
    own.recorded++;
    all.recorded++;
    int before = own.unrecorded;
    own.unrecorded = 0;
    return OptionalInt.of(before);
  }

  private static void reset(Attempts attempts, long now) {
    if (now - attempts.since >= MINUTE_MILLIS) {
      attempts.since = now;
      attempts.recorded = 0;
    }
  }
}
