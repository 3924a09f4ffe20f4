package io.lift.inference.models;

import io.lift.core.prompt.Prompt;
import io.lift.core.row.Row;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Loads the newest checkpoints of tasks, one at a time, off the threads that answer. A new version
 * is loaded beside the old one, warmed up with one forward pass and swapped in. The old version is
 * closed when the last batch that uses it is done. Of several versions that arrive during one load,
 * only the newest is loaded next. Thread-safe.
 */
final class LoadQueue {
  private static final int READ_ATTEMPTS = 2;

  private final ModelLoader loader;
  private final ModelCache cache;
  private final Executor executor;
  private final RegistryListener listener;
  private volatile boolean closed;

  /**
   * @param executor runs one load at a time
   */
  LoadQueue(ModelLoader loader, ModelCache cache, Executor executor, RegistryListener listener) {
    this.loader = loader;
    this.cache = cache;
    this.executor = executor;
    this.listener = listener;
  }

  /** Queues the load of a task's newest checkpoint, unless it is in memory or rejected. */
  void add(TaskModels task) {
    if (task.needsLoading() && !closed && task.queued.compareAndSet(false, true)) {
      executor.execute(() -> load(task));
    }
  }

  /**
   * Never loads this checkpoint.
   *
   * @param why one sentence
   */
  void reject(
      TaskModels task, CheckpointManifest manifest, CheckpointRejection rejection, String why) {
    task.rejection = rejection;
    task.rejected = manifest;
    listener.rejected(task.task, manifest.version(), rejection, why);
  }

  /** Loads nothing any more. */
  void close() {
    closed = true;
  }

  private void load(TaskModels task) {
    try {
      if (isDue(task)) {
        task.requested = false;
        loadNewest(task);
      }
    } finally {
      task.queued.set(false);
    }
    // a version that arrived meanwhile is next
    if (isDue(task)) {
      add(task);
    }
  }

  /**
   * Whether to load now. A task that has not answered yet is loaded when there is room or a request
   * needs it. This is decided between loads: during a swap, the new model and those that it evicts
   * are in memory together for a moment.
   */
  private boolean isDue(TaskModels task) {
    return isLoadable(task) && (task.requested || task.current.get() != null || cache.hasRoom());
  }

  /** A checkpoint of an unknown language waits for the version of the task with that language. */
  private boolean isLoadable(TaskModels task) {
    CheckpointManifest manifest = task.newest;
    return !closed
        && !task.dropped
        && task.spec != null
        && task.needsLoading()
        && manifest != null
        && task.language(manifest.templateHash()).isPresent();
  }

  private void loadNewest(TaskModels task) {
    CheckpointManifest manifest = task.newest;
    long began = System.nanoTime();
    if (!loader.baseHash().equals(manifest.baseModel())) {
      reject(
          task,
          manifest,
          CheckpointRejection.OTHER_BASE,
          "checkpoint %d of task %s was made for base model %s, but this service runs %s; give trainer and inference the same lift.model.path"
              .formatted(
                  manifest.version(), manifest.task(), manifest.baseModel(), loader.baseHash()));
      return;
    }
    LoadedModel model;
    try {
      model = loadAndWarmUp(task.language(manifest.templateHash()).orElseThrow(), manifest);
    } catch (IOException | RuntimeException e) {
      reject(task, manifest, CheckpointRejection.UNREADABLE, e.getMessage());
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    synchronized (task) {
      if (closed || task.dropped || task.newest == null) {
        model.release();
        return;
      }
      task.swapIn(model);
    }
    listener.loaded(task.task, model, took);
    cache.makeRoom(model);
  }

  private LoadedModel loadAndWarmUp(TaskModels.Language language, CheckpointManifest manifest)
      throws IOException {
    Model model = null;
    for (int attempt = 1; model == null; attempt++) {
      try {
        model = loader.of(language.language(), manifest);
      } catch (IOException e) {
        // a short outage of the broker is no reason to reject a sound checkpoint
        if (attempt == READ_ATTEMPTS || closed) {
          throw e;
        }
      }
    }
    try {
      Prompt allMissing = language.language().prompt(new Row(Map.of(), null));
      model.score(List.of(allMissing));
      return new LoadedModel(language.language(), manifest, model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
