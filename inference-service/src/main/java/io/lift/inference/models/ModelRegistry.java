package io.lift.inference.models;

import io.lift.core.row.RejectReason;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which model answers which task. Told of tasks and checkpoints as they are published, has new
 * versions loaded, and leases what answers to those who ask.
 *
 * <p><b>Versions of a task.</b> A model answers the prompts of one language (see {@code
 * TaskLanguage.hash}), whatever the version number. A request rendered by an older version of its
 * task is answered as long as the checkpoint in memory speaks that version's language; after that
 * it is unanswerable ({@code outdated-task}), since a prompt in another language would get a
 * confident and wrong answer. A request of the new version meets the task's policy for requests
 * before the first checkpoint, until a checkpoint of the new language comes.
 *
 * <p><b>Refusal.</b> A checkpoint that is damaged, made for another base model, or published twice
 * under one version with different bytes is refused with one sentence, and what answered before
 * goes on.
 *
 * <p><b>Memory.</b> Models that had to make room for others are loaded again when a request asks
 * for them, which waits meanwhile. A version never changes, so what comes back answers as before.
 *
 * <p>Thread-safe; {@link #resolve} never blocks on a load.
 */
public final class ModelRegistry implements AutoCloseable {
  private final ModelLoader models;
  private final RegistryListener listener;
  private final Map<String, TaskModels> tasks = new ConcurrentHashMap<>();
  private final ModelCache memory;
  private final ModelLoading loading;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /**
   * @param capacity bytes that models may take beside the base model; the least recently used make
   *     room, but one is always kept
   * @param loader runs one load at a time, off the threads that answer
   */
  public ModelRegistry(
      ModelLoader models, long capacity, Executor loader, RegistryListener listener) {
    this.models = models;
    this.listener = listener;
    this.memory = new ModelCache(tasks.values(), capacity, listener);
    this.loading = new ModelLoading(models, memory, loader, listener);
  }

  /** A task was published, or deleted if {@code spec} is null. */
  public void onTask(String name, TaskSpec spec) {
    if (spec == null) {
      TaskModels gone = tasks.remove(name);
      if (gone != null) {
        gone.drop();
        listener.forgotten(name);
      }
      return;
    }
    TaskModels task = tasks.computeIfAbsent(name, TaskModels::new);
    synchronized (task) {
      task.specify(spec);
      LoadedModel base = task.base.get();
      if (base != null
          && task.language(spec.version()).stream()
              .noneMatch(l -> l.hash().equals(base.languageHash()))) {
        TaskModels.retire(task.base, base);
      }
    }
    loading.soon(task);
  }

  /** A checkpoint was published, or withdrawn if {@code manifest} is null. */
  public void onCheckpoint(String name, CheckpointManifest manifest) {
    TaskModels task = tasks.computeIfAbsent(name, TaskModels::new);
    synchronized (task) {
      if (manifest == null) {
        task.newest = null;
        task.refused = null;
        task.trained = false;
        TaskModels.retire(task.current, task.current.get());
        return;
      }
      CheckpointManifest known = task.newest;
      if (known != null
          && known.version() == manifest.version()
          && !known.sha256().equals(manifest.sha256())) {
        loading.refuse(
            task,
            manifest,
            CheckpointRejection.PUBLISHED_TWICE,
            "version %d of task %s was published twice with different bytes; the first stays in use"
                .formatted(manifest.version(), name));
        return;
      }
      task.newest = manifest;
    }
    loading.soon(task);
  }

  /**
   * Who answers a request of a task's version. A model is leased to the caller, who must release
   * it.
   */
  public ModelLookup resolve(String name, int version) {
    ModelLookup resolution = find(name, version);
    if (resolution instanceof ModelLookup.Ready) {
      hits.increment();
    } else if (resolution instanceof ModelLookup.Wait wait && wait.loading()) {
      misses.increment();
    }
    return resolution;
  }

  /** Whether a request of a task's version would have to wait now. */
  public boolean waits(String name, int version) {
    ModelLookup resolution = find(name, version);
    if (resolution instanceof ModelLookup.Ready ready) {
      ready.model().release();
    }
    return resolution instanceof ModelLookup.Wait;
  }

  /** Requests so far that found their model in memory. */
  public long hits() {
    return hits.sum();
  }

  /** Requests so far that had to wait for their model. */
  public long misses() {
    return misses.sum();
  }

  /** Memory that all models take beside the base model. */
  public long bytes() {
    return memory.bytes();
  }

  /** Tasks whose newest checkpoint was made for another base model, by name. */
  public List<String> ofOtherBases() {
    return tasks.values().stream()
        .filter(task -> task.newest != null && task.newest.equals(task.refused))
        .filter(task -> task.refusal == CheckpointRejection.OTHER_BASE)
        .map(task -> task.task)
        .sorted()
        .toList();
  }

  /** Whether there are checkpoints, and the newest of every task is of another base model. */
  public boolean onlyOtherBases() {
    List<String> others = ofOtherBases();
    return !others.isEmpty()
        && tasks.values().stream()
            .filter(task -> task.newest != null)
            .allMatch(task -> others.contains(task.task));
  }

  private ModelLookup find(String name, int version) {
    TaskModels task = tasks.get(name);
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
      return new ModelLookup.Ready(loaded);
    }
    CheckpointManifest newest = task.newest;
    boolean coming = newest != null && newest.templateHash().equals(hash) && task.wantsLoading();
    if (coming) {
      task.asked = true;
      loading.soon(task);
      // the very first checkpoint: whoever answered until now goes on until it is loaded
      if (newest.parent() != 0 || loaded != null || task.trained) {
        return new ModelLookup.Wait(
            "checkpoint %d of task %s is being loaded".formatted(newest.version(), name), true);
      }
    }
    if (version < spec.version()
        && task.language(spec.version()).stream().noneMatch(l -> l.hash().equals(hash))) {
      return outdated(spec, version);
    }
    if (spec.beforeFirstCheckpoint() == BeforeFirstCheckpoint.WAIT) {
      return new ModelLookup.Wait("task %s has no checkpoint yet".formatted(name), false);
    }
    return new ModelLookup.Ready(base(task, language.get()));
  }

  /** Whether a task has a checkpoint that is neither in memory nor refused. */
  public boolean comes(String name) {
    TaskModels task = tasks.get(name);
    return task != null && task.wantsLoading();
  }

  /** The newest version of a task, if the task is known. */
  public Optional<TaskSpec> task(String name) {
    return Optional.ofNullable(tasks.get(name)).map(task -> task.spec);
  }

  /** What answers each known task now; a task whose model is not in memory is absent. */
  public Map<String, LoadedModel> loaded() {
    Map<String, LoadedModel> loaded = new java.util.TreeMap<>();
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

  /** Whether no task has a newer checkpoint than the one in memory that could be loaded now. */
  public boolean settled() {
    return tasks.values().stream().noneMatch(task -> task.queued.get() && task.wantsLoading());
  }

  @Override
  public void close() {
    loading.close();
    tasks.values().forEach(TaskModels::drop);
    tasks.clear();
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
          new LoadedModel(language.language(), null, models.base(language.language()));
      synchronized (task) {
        if (task.dropped) {
          return made; // closes with the caller's lease
        }
        LoadedModel other = task.base.get();
        if (other == base) {
          made.acquire(); // for the caller, before anybody can retire it
          task.base.set(made);
          if (other != null) {
            other.release();
          }
          listener.loaded(task.task, made, Duration.ZERO);
          memory.makeRoom(made);
          return made;
        }
      }
      made.release();
    }
  }
}
