package io.lift.inference.models;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The models in memory beside the base model. All of them may take {@code capacity} bytes, plus the
 * one that is being loaded. Above that, previous versions are evicted, and then the least recently
 * used models. One model always stays. Thread-safe.
 */
final class ModelCache {
  private final Collection<TaskModels> tasks;
  private final long capacity;
  private final RegistryListener listener;

  /**
   * @param tasks all tasks with models; a live view
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

  /** Whether a model may be loaded before a request needs it. */
  boolean hasRoom() {
    return slots().filter(slot -> !slot.previous).mapToLong(slot -> slot.model.bytes()).sum()
        < capacity;
  }

  /** Evicts the least recently used models until the others fit. */
  void makeRoom(LoadedModel keep) {
    long excess = bytes() - capacity;
    if (excess <= 0) {
      return;
    }
    List<Slot> dispensableFirst =
        slots()
            .filter(slot -> slot.model != keep)
            .sorted(
                Comparator.<Slot>comparingInt(slot -> slot.previous ? 0 : 1)
                    .thenComparingLong(slot -> slot.model.lastUsed() - keep.lastUsed()))
            .toList();
    for (Slot slot : dispensableFirst) {
      if (excess > 0 && TaskModels.retire(slot.holder, slot.model)) {
        excess -= slot.model.bytes();
        listener.evicted(slot.model.language().task().name(), slot.model);
      }
    }
  }

  private record Slot(AtomicReference<LoadedModel> holder, LoadedModel model, boolean previous) {}

  private Stream<Slot> slots() {
    return tasks.stream()
        .flatMap(
            task ->
                Stream.of(
                    new Slot(task.current, task.current.get(), false),
                    new Slot(task.previous, task.previous.get(), true),
                    new Slot(task.base, task.base.get(), false)))
        .filter(slot -> slot.model != null);
  }
}
