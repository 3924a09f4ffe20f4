package io.lift.inference.models;

import io.lift.core.row.RejectReason;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the model that answers a request of one task, and makes the base model of a task on demand.
 * Thread-safe; never waits for a load.
 */
final class ModelResolver {
  private final ModelLoader loader;
  private final ModelCache cache;
  private final LoadQueue loads;
  private final RegistryListener listener;

  ModelResolver(ModelLoader loader, ModelCache cache, LoadQueue loads, RegistryListener listener) {
    this.loader = loader;
    this.cache = cache;
    this.loads = loads;
    this.listener = listener;
  }

  /**
   * @param task null if there is no such task
   * @param version the task's version that wrote the request
   */
  ModelLookup find(TaskModels task, String name, int version) {
    TaskSpec spec = task == null ? null : task.spec;
    if (spec == null) {
      return new ModelLookup.Unknown("there is no task " + name);
    }
    if (version > spec.version()) {
      return new ModelLookup.Unknown(
          "task %s has no version %d, the newest is %d".formatted(name, version, spec.version()));
    }
    Optional<TaskModels.Language> language = task.language(version);
    if (language.isEmpty()) {
      return outdated(spec, version);
    }
    String hash = language.get().hash();
    LoadedModel loaded = task.current.get();
    if (loaded != null && loaded.languageHash().equals(hash) && loaded.acquire()) {
      LoadedModel previous = task.previous.get();
      boolean there =
          previous != null && previous.languageHash().equals(hash) && previous.acquire();
      return new ModelLookup.Ready(loaded, there ? previous : null);
    }
    CheckpointManifest newest = task.newest;
    if (newest != null && newest.templateHash().equals(hash) && task.needsLoading()) {
      task.requested = true;
      loads.add(task);
      // while the very first checkpoint loads, the base model goes on answering
      if (newest.parent() != 0 || loaded != null || task.trained) {
        return new ModelLookup.Wait(
            "checkpoint %d of task %s is being loaded".formatted(newest.version(), name), true);
      }
    }
    if (version < spec.version() && !task.isNewestLanguage(hash)) {
      return outdated(spec, version);
    }
    if (spec.beforeFirstCheckpoint() == BeforeFirstCheckpoint.WAIT) {
      return new ModelLookup.Wait("task %s has no checkpoint yet".formatted(name), false);
    }
    return new ModelLookup.Ready(base(task, language.get()), null);
  }

  private static ModelLookup outdated(TaskSpec spec, int version) {
    return new ModelLookup.Unanswerable(
        RejectReason.OUTDATED_TASK,
        "the request was written by version %d of task %s, which is now at version %d; produce its row again"
            .formatted(version, spec.name(), spec.version()));
  }

  private LoadedModel base(TaskModels task, TaskModels.Language language) {
    while (true) {
      LoadedModel base = task.base.get();
      if (base != null && base.languageHash().equals(language.hash()) && base.acquire()) {
        return base;
      }
      LoadedModel made =
          new LoadedModel(language.language(), null, loader.base(language.language()));
      synchronized (task) {
        if (task.dropped) {
          return made; // closes with the caller's lease
        }
        LoadedModel other = task.base.get();
        if (other == base) {
          made.acquire(); // for the caller, before another thread can retire it
          task.base.set(made);
          if (other != null) {
            other.release();
          }
          listener.loaded(task.task, made, Duration.ZERO);
          cache.makeRoom(made);
          return made;
        }
      }
      made.release();
    }
  }
}
