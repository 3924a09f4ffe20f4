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
 * One open page: remembers the changes that it has been sent and finds the new ones. Changes of the
 * same part between two calls become one event, so a slow page misses intermediate states but
 * delays nothing and needs no buffer. For one thread at a time.
 */
final class PageSession {
  private static final long SECOND = 1_000;
  private static final long HALF_SECOND = 500;
  private static final long ALIVE_MILLIS = 10_000;
  private static final int MAX_PREDICTIONS = 50;

  private final LivePage page;
  private final String task; // or null
  private final Map<Part, Long> sent = new EnumMap<>(Part.class);
  private final Map<Part, Long> sentAt = new EnumMap<>(Part.class);
  private long aliveAt;
  private long actions;
  private boolean shown;

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
   * @param task the task that the page shows, or null
   */
  PageSession(LivePage page, String task) {
    this.page = page;
    this.task = task;
  }

  /** What is new since the last call. */
  List<Event> events(long now) {
    List<Event> events = new ArrayList<>();
    long cards = page.cardsChanged(now);
    if (due(Part.CARD, cards, now, SECOND)) {
      events.add(event("tasks", new Cards(now, page.isReady(), page.cards(now))));
    }
    if (page.actionsChanged() > actions) {
      actions = page.actionsChanged();
      events.add(event("actions", page.actions()));
    }
    if (task != null) {
      page.read(task, live -> addEvents(live, now, events));
    }
    if (now - aliveAt >= ALIVE_MILLIS) {
      events.add(event("alive", Map.of("now", now)));
      aliveAt = now;
    }
    return events;
  }

  private void addEvents(TaskState live, long now, List<Event> events) {
    if (live == null) {
      if (shown) {
        shown = false;
        sent.keySet().retainAll(List.of(Part.CARD));
        events.add(event("task", Map.of("gone", true)));
      }
      return;
    }
    shown = true;
    if (due(Part.SPEC, live.changed(Part.SPEC), now, 0)) {
      events.add(event("task", live.detail(now)));
      for (Part part : Part.values()) {
        if (part != Part.CARD) {
          sent.put(part, live.changed(part));
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
    if (due(Part.EVENTS, live.changed(Part.EVENTS), now, 0)) {
      events.add(event("events", live.events()));
    }
    long before = sent.getOrDefault(Part.PREDICTIONS, 0L);
    if (due(Part.PREDICTIONS, live.changed(Part.PREDICTIONS), now, 0)) {
      events.add(event("predictions", live.predictionsSince(before, MAX_PREDICTIONS)));
    }
  }

  /** Whether there is a change that is due; if so, it counts as sent. */
  private boolean due(Part part, long change, long now, long atMostEvery) {
    boolean due =
        change > sent.getOrDefault(part, 0L)
            && now - sentAt.getOrDefault(part, Long.MIN_VALUE / 2) >= atMostEvery;
    if (due) {
      sent.put(part, change);
      sentAt.put(part, now);
    }
    return due;
  }

  private static Event event(String name, Object data) {
    return new Event(name, Json.write(data));
  }
}
