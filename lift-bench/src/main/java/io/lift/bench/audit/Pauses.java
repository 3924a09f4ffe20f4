package io.lift.bench.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The times in which a topic got no record, and the kills that may explain them. All times are
 * milliseconds of one clock. Thread-safe.
 */
final class Pauses {
  /** Shorter ones are no more than the time between two batches. */
  private static final long SHORTEST = 1_000;

  private final Map<String, Long> newest = new TreeMap<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final List<Kill> kills = new ArrayList<>();

  /** A time without a record, between two records. */
  record Pause(String topic, long begin, long end) {
    long length() {
      return end - begin;
    }
  }

  private record Kill(String process, long at) {}

  /** A topic has a new record, or is watched from now on. */
  synchronized void moved(String topic, long now) {
    Long before = newest.put(topic, now);
    if (before != null && now - before >= SHORTEST) {
      pauses.add(new Pause(topic, before, now));
    }
  }

  /** A process was killed; kills come in the order of time. */
  synchronized void killed(String process, long now) {
    kills.add(new Kill(process, now));
  }

  /** The longest pause of each topic that was watched; empty if it never paused. */
  synchronized Map<String, Optional<Pause>> longest() {
    Map<String, Optional<Pause>> longest = new TreeMap<>();
    newest.keySet().forEach(topic -> longest.put(topic, Optional.empty()));
    for (Pause pause : pauses) {
      Optional<Pause> before = longest.get(pause.topic());
      if (before.isEmpty() || before.get().length() < pause.length()) {
        longest.put(pause.topic(), Optional.of(pause));
      }
    }
    return longest;
  }

  /**
   * For each process that was killed, the longest pause of each topic that paused after it. A pause
   * belongs to the first kill during it, or to the newest one before it.
   */
  synchronized Map<String, Map<String, Pause>> longestByKill() {
    Map<String, Map<String, Pause>> longest = new TreeMap<>();
    kills.forEach(kill -> longest.computeIfAbsent(kill.process(), any -> new TreeMap<>()));
    for (Pause pause : pauses) {
      cause(pause)
          .ifPresent(
              process ->
                  longest
                      .get(process)
                      .merge(pause.topic(), pause, (a, b) -> a.length() < b.length() ? b : a));
    }
    return longest;
  }

  private Optional<String> cause(Pause pause) {
    Optional<Kill> during =
        kills.stream()
            .filter(kill -> pause.begin() <= kill.at() && kill.at() <= pause.end())
            .findFirst();
    return during
        .or(
            () ->
                kills.stream()
                    .filter(kill -> kill.at() < pause.begin())
                    .reduce((older, newer) -> newer))
        .map(Kill::process);
  }
}
