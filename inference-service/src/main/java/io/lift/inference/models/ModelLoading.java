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
 * is loaded beside the old one and warmed with one forward pass, then swapped in; the old one
 * closes when the last batch that uses it is done. Of several versions that arrive during one load
 * only the newest is loaded next. Thread-safe.
 */
final class ModelLoading {
  private static final int READ_ATTEMPTS = 2;

  private final ModelLoader models;
  private final ModelCache memory;
  private final Executor loader;
  private final RegistryListener listener;
  private volatile boolean closed;

  /**
   * @param loader runs one load at a time
   */
  ModelLoading(ModelLoader models, ModelCache memory, Executor loader, RegistryListener listener) {
    this.models = models;
    this.memory = memory;
    this.loader = loader;
    this.listener = listener;
  }

  /** Loads a task's newest checkpoint when its turn comes, unless it is in memory or refused. */
  void soon(TaskModels task) {
    if (task.wantsLoading() && !closed && task.queued.compareAndSet(false, true)) {
      loader.execute(() -> load(task));
    }
  }

  /** Leaves a checkpoint alone from now on, and says why in one sentence. */
  void refuse(
      TaskModels task, CheckpointManifest manifest, CheckpointRejection refusal, String why) {
    task.refusal = refusal;
    task.refused = manifest;
    listener.refused(task.task, manifest.version(), refusal, why);
  }

  /** Nothing is loaded any more. */
  void close() {
    closed = true;
  }

  private void load(TaskModels task) {
    try {
      if (due(task)) {
        task.asked = false;
        loadNewest(task);
      }
    } finally {
      task.queued.set(false);
    }
    // what arrived meanwhile: the newest version is next, those between are skipped
    if (due(task)) {
      soon(task);
    }
  }

  /**
   * Whether to load now: nobody waits for a task that has not answered yet, so without room it is
   * loaded when a request asks. Decided between loads, since a model swapped in and those that make
   * room for it are in memory together for a moment.
   */
  private boolean due(TaskModels task) {
    return loadable(task) && (task.asked || task.current.get() != null || memory.hasRoom());
  }

  /** A checkpoint of a language not seen yet waits for the version of the task that speaks it. */
  private boolean loadable(TaskModels task) {
    CheckpointManifest manifest = task.newest;
    return !closed
        && !task.dropped
        && task.spec != null
        && task.wantsLoading()
        && manifest != null
        && task.language(manifest.templateHash()).isPresent();
  }

  private void loadNewest(TaskModels task) {
    CheckpointManifest manifest = task.newest;
    long began = System.nanoTime();
    if (!models.baseHash().equals(manifest.baseModel())) {
      refuse(
          task,
          manifest,
          CheckpointRejection.OTHER_BASE,
          "checkpoint %d of task %s was made for base model %s, but this service runs %s; give trainer and inference the same lift.model.path"
              .formatted(
                  manifest.version(), manifest.task(), manifest.baseModel(), models.baseHash()));
      return;
    }
    LoadedModel model;
    try {
      model = loadAndWarm(task.language(manifest.templateHash()).orElseThrow(), manifest);
    } catch (IOException | RuntimeException e) {
      refuse(task, manifest, CheckpointRejection.UNREADABLE, e.getMessage());
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
    memory.makeRoom(model);
  }

  private LoadedModel loadAndWarm(TaskModels.Language language, CheckpointManifest manifest)
      throws IOException {
    Model model = null;
    for (int attempt = 1; model == null; attempt++) {
      try {
        model = models.of(language.language(), manifest);
      } catch (IOException e) {
        // a broker that is away for a moment is no reason to refuse a sound checkpoint
        if (attempt == READ_ATTEMPTS || closed) {
          throw e;
        }
      }
    }
    try {
      Prompt allMissing = language.language().prompt(new Row(Map.of(), null, 0));
      model.score(List.of(allMissing));
      return new LoadedModel(language.language(), manifest, model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
