package io.lift.inference.models;

import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which model answers which task. It follows the published tasks and checkpoints, loads new
 * versions, and leases models to callers.
 *
 * <p><b>Versions of a task.</b> A model answers the prompts of one language (see {@code
 * TaskLanguage.hash}), not of one version number. A request of an older version is answered while
 * the checkpoint in memory has that version's language. After that it is unanswerable ({@code
 * outdated-task}), since a prompt in another language would get a confident and wrong answer. A
 * request of the new version follows the task's policy for requests before the first checkpoint,
 * until a checkpoint of the new language arrives.
 *
 * <p><b>Rejection.</b> A checkpoint is rejected if it is damaged, made for another base model, or
 * published twice under one version with different bytes. The model that answered before stays.
 *
 * <p><b>Memory.</b> An evicted model is loaded again when a request needs it, and the request waits
 * meanwhile. A version never changes, so a reloaded model gives the same answers.
 *
 * <p>Thread-safe; {@link #resolve} never waits for a load.
 */
public final class ModelRegistry implements AutoCloseable {
  private final RegistryListener listener;
  private final Map<String, TaskModels> tasks = new ConcurrentHashMap<>();
  private final ModelCache cache;
  private final LoadQueue loads;
  private final ModelResolver resolver;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /**
   * @param capacity bytes that models may take beside the base model; the least recently used are
   *     evicted, but one model always stays
   * @param executor runs one load at a time, off the threads that answer
   */
  public ModelRegistry(
      ModelLoader loader, long capacity, Executor executor, RegistryListener listener) {
    this.listener = listener;
    this.cache = new ModelCache(tasks.values(), capacity, listener);
    this.loads = new LoadQueue(loader, cache, executor, listener);
    this.resolver = new ModelResolver(loader, cache, loads, listener);
  }

  /** A task was published, or deleted if {@code spec} is null. */
  public void onTask(String name, TaskSpec spec) {
    if (spec == null) {
      TaskModels gone = tasks.remove(name);
      if (gone != null) {
        gone.drop();
        listener.deleted(name);
      }
      return;
    }
    TaskModels task = tasks.computeIfAbsent(name, TaskModels::new);
    synchronized (task) {
      task.specify(spec);
      LoadedModel base = task.base.get();
      if (base != null && !task.isNewestLanguage(base.languageHash())) {
        TaskModels.retire(task.base, base);
      }
    }
    loads.add(task);
  }

  /** A checkpoint was published, or withdrawn if {@code manifest} is null. */
  public void onCheckpoint(String name, CheckpointManifest manifest) {
    TaskModels task = tasks.computeIfAbsent(name, TaskModels::new);
    synchronized (task) {
      if (manifest == null) {
        task.newest = null;
        task.rejected = null;
        task.trained = false;
        TaskModels.retire(task.current, task.current.get());
        TaskModels.retire(task.previous, task.previous.get());
        return;
      }
      CheckpointManifest known = task.newest;
      if (known != null
          && known.version() == manifest.version()
          && !known.sha256().equals(manifest.sha256())) {
        loads.reject(
            task,
            manifest,
            CheckpointRejection.PUBLISHED_TWICE,
            "version %d of task %s was published twice with different bytes; the first stays in use"
                .formatted(manifest.version(), name));
        return;
      }
      task.newest = manifest;
    }
    loads.add(task);
  }

  /**
   * Finds the model that answers a request of a task's version. A model is leased to the caller,
   * who must release it.
   */
  public ModelLookup resolve(String name, int version) {
    ModelLookup lookup = resolver.find(tasks.get(name), name, version);
    if (lookup instanceof ModelLookup.Ready) {
      hits.increment();
    } else if (lookup instanceof ModelLookup.Wait wait && wait.loading()) {
      misses.increment();
    }
    return lookup;
  }

  /** Whether a request of a task's version would have to wait now. */
  public boolean mustWait(String name, int version) {
    ModelLookup lookup = resolver.find(tasks.get(name), name, version);
    if (lookup instanceof ModelLookup.Ready ready) {
      ready.release();
    }
    return lookup instanceof ModelLookup.Wait;
  }

  /** Requests so far that found their model in memory. */
  public long hits() {
    return hits.sum();
  }

  /** Requests so far that had to wait for their model. */
  public long misses() {
    return misses.sum();
  }

  /** Bytes that all models take beside the base model. */
  public long bytes() {
    return cache.bytes();
  }

  /** Tasks whose newest checkpoint was made for another base model, by name. */
  public List<String> tasksOfOtherBases() {
    return tasks.values().stream()
        .filter(task -> task.newest != null && task.newest.equals(task.rejected))
        .filter(task -> task.rejection == CheckpointRejection.OTHER_BASE)
        .map(task -> task.task)
        .sorted()
        .toList();
  }

  /** Whether there are checkpoints and the newest of every task is of another base model. */
  public boolean onlyOtherBases() {
    List<String> others = tasksOfOtherBases();
    return !others.isEmpty()
        && tasks.values().stream()
            .filter(task -> task.newest != null)
            .allMatch(task -> others.contains(task.task));
  }

  /** Whether a task has a checkpoint that is neither in memory nor rejected. */
  public boolean hasPendingCheckpoint(String name) {
    TaskModels task = tasks.get(name);
    return task != null && task.needsLoading();
  }

  /** The newest version of a task, if the task is known. */
  public Optional<TaskSpec> task(String name) {
    return Optional.ofNullable(tasks.get(name)).map(task -> task.spec);
  }

  /** The newest version of each task, by name. */
  public Map<String, TaskSpec> specs() {
    Map<String, TaskSpec> specs = new TreeMap<>();
    tasks.forEach(
        (name, task) -> {
          TaskSpec spec = task.spec;
          if (spec != null) {
            specs.put(name, spec);
          }
        });
    return specs;
  }

  /** The model that answers each known task now; a task without a model in memory is absent. */
  public Map<String, LoadedModel> loaded() {
    Map<String, LoadedModel> loaded = new TreeMap<>();
    tasks.forEach(
        (name, task) -> {
          LoadedModel model = task.current.get();
          model = model == null ? task.base.get() : model;
          if (task.spec != null && model != null) {
            loaded.put(name, model);
          }
        });
    return loaded;
  }

  /** Whether no load of a newer checkpoint is queued or under way. */
  public boolean upToDate() {
    return tasks.values().stream().noneMatch(task -> task.queued.get() && task.needsLoading());
  }

  @Override
  public void close() {
    loads.close();
    tasks.values().forEach(TaskModels::drop);
    tasks.clear();
  }
}
