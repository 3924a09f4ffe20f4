package io.lift.page.live;

import io.lift.messages.ChartsMessage;
import io.lift.messages.Json;
import io.lift.messages.MetricsMessage;
import io.lift.page.live.TaskState.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One open page: knows what it has been told and says what is new to it. Between two looks, changes
 * of the same thing become one, so a watcher that looks rarely misses moments but holds nothing up
 * and needs no memory. For one thread at a time.
 */
final class PageSession {
  private static final long SECOND = 1_000;
  private static final long HALF_SECOND = 500;
  private static final long ALIVE_MILLIS = 10_000;
  private static final int MOST_PREDICTIONS = 50;

  private final LivePage page;
  private final String task; // or null
  private final Map<Part, Long> told = new EnumMap<>(Part.class);
  private final Map<Part, Long> toldAt = new EnumMap<>(Part.class);
  private long aliveAt;
  private boolean there;

  /**
   * What to send.
   *
   * @param name of the event
   * @param json its data
   */
  record Event(String name, byte[] json) {}

  /** What {@code GET /api/tasks} answers. */
  record Cards(long now, boolean ready, List<TaskCard> tasks) {}

  private record Measured(MetricsMessage metrics, ChartsMessage charts) {}

  /**
   * @param task the task that is watched, or null
   */
  PageSession(LivePage page, String task) {
    this.page = page;
    this.task = task;
  }

  /** What is new since the last call. */
  List<Event> look(long now) {
    List<Event> events = new ArrayList<>();
    long cards = page.cardsChanged(now);
    if (due(Part.CARD, cards, now, SECOND)) {
      events.add(event("tasks", new Cards(now, page.isReady(), page.cards(now))));
    }
    if (task != null) {
      page.look(task, live -> look(live, now, events));
    }
    if (now - aliveAt >= ALIVE_MILLIS) {
      events.add(event("alive", Map.of("now", now)));
      aliveAt = now;
    }
    return events;
  }

  private void look(TaskState live, long now, List<Event> events) {
    if (live == null) {
      if (there) {
        there = false;
        told.keySet().retainAll(List.of(Part.CARD));
        events.add(event("task", Map.of("gone", true)));
      }
      return;
    }
    there = true;
    if (due(Part.SPEC, live.changed(Part.SPEC), now, 0)) {
      events.add(event("task", live.detail(now)));
      for (Part part : Part.values()) {
        if (part != Part.CARD) {
          told.put(part, live.changed(part));
        }
      }
      return;
    }
    if (due(Part.METRICS, live.changed(Part.METRICS), now, SECOND)) {
      events.add(event("metrics", new Measured(live.metrics(), live.charts())));
    }
    if (due(Part.ROUND, live.changed(Part.ROUND), now, HALF_SECOND)) {
      events.add(event("round", live.round()));
    }
    if (due(Part.LINEAGE, live.changed(Part.LINEAGE), now, SECOND)) {
      events.add(event("lineage", live.lineage()));
    }
    long before = told.getOrDefault(Part.PREDICTIONS, 0L);
    if (due(Part.PREDICTIONS, live.changed(Part.PREDICTIONS), now, 0)) {
      events.add(event("predictions", live.predictionsSince(before, MOST_PREDICTIONS)));
    }
  }

  /** Whether there is something new and it is time to tell; remembers it as told. */
  private boolean due(Part part, long change, long now, long atMostEvery) {
    boolean due =
        change > told.getOrDefault(part, 0L)
            && now - toldAt.getOrDefault(part, Long.MIN_VALUE / 2) >= atMostEvery;
    if (due) {
      told.put(part, change);
      toldAt.put(part, now);
    }
    return due;
  }

  private static Event event(String name, Object data) {
    return new Event(name, Json.write(data));
  }
}
