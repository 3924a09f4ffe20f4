package io.lift.inference.models;

import io.lift.core.prompt.Prompt;
import io.lift.core.row.RejectReason;
import io.lift.core.row.Row;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Which model answers which task. Told of tasks and checkpoints as they are published; loads a new
 * version beside the old one on the loader's thread, warms it with one forward pass, then swaps it
 * in; the old version closes when the last batch that uses it is done. If several versions arrive
 * during one load, only the newest is loaded next.
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
 * <p><b>Memory.</b> Models stay loaded as long as all of them take no more than {@code capacity}
 * bytes beside the base model, plus the one being loaded; the least recently used are dropped and
 * loaded again when a request asks for them, which waits meanwhile. A version never changes, so
 * what comes back answers as before.
 *
 * <p>Thread-safe; {@link #resolve} never blocks on a load.
 */
public final class ModelRegistry implements AutoCloseable {
  private static final int READ_ATTEMPTS = 2;

  private final Models models;
  private final long capacity;
  private final Executor loader;
  private final RegistryListener listener;
  private final Map<String, TaskModels> tasks = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile boolean closed;

  /**
   * @param capacity bytes that models may take beside the base model; one is always kept
   * @param loader runs one load at a time, off the threads that answer
   */
  public ModelRegistry(Models models, long capacity, Executor loader, RegistryListener listener) {
    this.models = models;
    this.capacity = capacity;
    this.loader = loader;
    this.listener = listener;
  }

  /** A task was published, or deleted if {@code spec} is null. */
  public void onTask(String name, TaskSpec spec) {
    if (spec == null) {
      TaskModels gone = tasks.remove(name);
      if (gone != null) {
        drop(gone);
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
    loadSoon(task);
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
        refuse(
            task,
            manifest,
            Refusal.PUBLISHED_TWICE,
            "version %d of task %s was published twice with different bytes; the first stays in use"
                .formatted(manifest.version(), name));
        return;
      }
      task.newest = manifest;
    }
    loadSoon(task);
  }

  /**
   * Who answers a request of a task's version. A model is leased to the caller, who must release
   * it.
   */
  public Resolution resolve(String name, int version) {
    Resolution resolution = find(name, version);
    if (resolution instanceof Resolution.Ready) {
      hits.increment();
    } else if (resolution instanceof Resolution.Wait wait && wait.loading()) {
      misses.increment();
    }
    return resolution;
  }

  /** Whether a request of a task's version would have to wait now. */
  public boolean waits(String name, int version) {
    Resolution resolution = find(name, version);
    if (resolution instanceof Resolution.Ready ready) {
      ready.model().release();
    }
    return resolution instanceof Resolution.Wait;
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
    return slots().mapToLong(slot -> slot.model.bytes()).sum();
  }

  /** Tasks whose newest checkpoint was made for another base model, by name. */
  public List<String> ofOtherBases() {
    return tasks.values().stream()
        .filter(task -> task.newest != null && task.newest.equals(task.refused))
        .filter(task -> task.refusal == Refusal.OTHER_BASE)
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

  private Resolution find(String name, int version) {
    TaskModels task = tasks.get(name);
    TaskSpec spec = task == null ? null : task.spec;
    if (spec == null) {
      return new Resolution.Unknown("there is no task " + name);
    }
    if (version > spec.version()) {
      return new Resolution.Unknown(
          "task %s has no version %d, the newest is %d".formatted(name, version, spec.version()));
    }
    Optional<TaskModels.Language> language = task.language(version);
    if (language.isEmpty()) {
      return outdated(spec, version);
    }
    String hash = language.get().hash();
    LoadedModel loaded = task.current.get();
    if (loaded != null && loaded.languageHash().equals(hash) && loaded.acquire()) {
      return new Resolution.Ready(loaded);
    }
    CheckpointManifest newest = task.newest;
    boolean coming = newest != null && newest.templateHash().equals(hash) && task.wantsLoading();
    if (coming) {
      task.asked = true;
      loadSoon(task);
      // the very first checkpoint: whoever answered until now goes on until it is loaded
      if (newest.parent() != 0 || loaded != null || task.trained) {
        return new Resolution.Wait(
            "checkpoint %d of task %s is being loaded".formatted(newest.version(), name), true);
      }
    }
    if (version < spec.version()
        && task.language(spec.version()).stream().noneMatch(l -> l.hash().equals(hash))) {
      return outdated(spec, version);
    }
    if (spec.beforeFirstCheckpoint() == BeforeFirstCheckpoint.WAIT) {
      return new Resolution.Wait("task %s has no checkpoint yet".formatted(name), false);
    }
    return new Resolution.Ready(base(task, language.get()));
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
    closed = true;
    tasks.values().forEach(this::drop);
    tasks.clear();
  }

  private static Resolution outdated(TaskSpec spec, int version) {
    return new Resolution.Unanswerable(
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
        LoadedModel other = task.base.get();
        if (other == base) {
          made.acquire(); // for the caller, before anybody can retire it
          task.base.set(made);
          if (other != null) {
            other.release();
          }
          listener.loaded(task.task, made, Duration.ZERO);
          evict(made);
          return made;
        }
      }
      made.release();
    }
  }

  private void loadSoon(TaskModels task) {
    if (task.wantsLoading() && !closed && task.queued.compareAndSet(false, true)) {
      loader.execute(() -> load(task));
    }
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
      loadSoon(task);
    }
  }

  /**
   * Whether to load now: nobody waits for a task that has not answered yet, so without room it is
   * loaded when a request asks. Decided between loads, since a model swapped in and those that make
   * room for it are in memory together for a moment.
   */
  private boolean due(TaskModels task) {
    return loadable(task) && (task.asked || task.current.get() != null || bytes() < capacity);
  }

  /** A checkpoint of a language not seen yet waits for the version of the task that speaks it. */
  private boolean loadable(TaskModels task) {
    CheckpointManifest manifest = task.newest;
    return !closed
        && tasks.get(task.task) == task
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
          Refusal.OTHER_BASE,
          "checkpoint %d of task %s was made for base model %s, but this service runs %s; give trainer and inference the same lift.model.path"
              .formatted(
                  manifest.version(), manifest.task(), manifest.baseModel(), models.baseHash()));
      return;
    }
    LoadedModel model;
    try {
      model = loadAndWarm(task.language(manifest.templateHash()).orElseThrow(), manifest);
    } catch (IOException | RuntimeException e) {
      refuse(task, manifest, Refusal.UNREADABLE, e.getMessage());
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    synchronized (task) {
      if (closed || tasks.get(task.task) != task || task.newest == null) {
        model.release();
        return;
      }
      LoadedModel old = task.current.getAndSet(model);
      task.trained = true;
      if (old != null) {
        old.release();
      }
      TaskModels.retire(task.base, task.base.get());
    }
    listener.loaded(task.task, model, took);
    evict(model);
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

  private void refuse(TaskModels task, CheckpointManifest manifest, Refusal refusal, String why) {
    task.refusal = refusal;
    task.refused = manifest;
    listener.refused(task.task, manifest.version(), refusal, why);
  }

  private void evict(LoadedModel keep) {
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
    return tasks.values().stream()
        .flatMap(task -> Stream.of(task.current, task.base))
        .map(holder -> new Slot(holder, holder.get()))
        .filter(slot -> slot.model != null);
  }

  private void drop(TaskModels task) {
    synchronized (task) {
      TaskModels.retire(task.current, task.current.get());
      TaskModels.retire(task.base, task.base.get());
    }
  }
}
