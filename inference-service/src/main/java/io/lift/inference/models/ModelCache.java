package io.lift.inference.models;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The memory that models take beside the base model. They stay as long as all of them take no more
 * than {@code capacity} bytes, plus the one being loaded; then the least recently used make room.
 * One is always kept. Thread-safe.
 */
final class ModelCache {
  private final Collection<TaskModels> tasks;
  private final long capacity;
  private final RegistryListener listener;

  /**
   * @param tasks all that have models, read anew each time
   * @param capacity bytes
   */
  ModelCache(Collection<TaskModels> tasks, long capacity, RegistryListener listener) {
    this.tasks = tasks;
    this.capacity = capacity;
    this.listener = listener;
  }

  long bytes() {
    return slots().mapToLong(slot -> slot.model.bytes()).sum();
  }

  /** Whether a further model may be loaded though nobody asks for it. */
  boolean hasRoom() {
    return bytes() < capacity;
  }

  /** Takes the least recently used models out of service until the others fit. */
  void makeRoom(LoadedModel keep) {
    long excess = bytes() - capacity;
    if (excess <= 0) {
      return;
    }
    List<Slot> oldestFirst =
        slots()
            .filter(slot -> slot.model != keep)
            .sorted(Comparator.comparingLong(slot -> slot.model.lastUsed() - keep.lastUsed()))
            .toList();
    for (Slot slot : oldestFirst) {
      if (excess > 0 && TaskModels.retire(slot.holder, slot.model)) {
        excess -= slot.model.bytes();
        listener.evicted(slot.model.language().task().name(), slot.model);
      }
    }
  }

  private record Slot(AtomicReference<LoadedModel> holder, LoadedModel model) {}

  private Stream<Slot> slots() {
    return tasks.stream()
        .flatMap(task -> Stream.of(task.current, task.base))
        .map(holder -> new Slot(holder, holder.get()))
        .filter(slot -> slot.model != null);
  }
}
