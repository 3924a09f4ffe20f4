package io.lift.inference.models;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** What the registry knows and has loaded of one task. Written under its lock, read without. */
final class TaskModels {
  /** Versions of the task that are kept, since their requests may still be in flight. */
  private static final int LANGUAGES_KEPT = 8;

  final String task;

  /** The newest specification; null while only checkpoints of the task have been seen. */
  volatile TaskSpec spec;

  /** The newest manifest, loaded or not; null before the first checkpoint. */
  volatile CheckpointManifest newest;

  /** The manifest that was rejected last; null if none was. */
  volatile CheckpointManifest rejected;

  /** Why {@link #rejected} was rejected. */
  volatile CheckpointRejection rejection;

  /** Whether a checkpoint has answered; the base model does not answer after that. */
  volatile boolean trained;

  /** The checkpoint that answers; null if none is in memory. */
  final AtomicReference<LoadedModel> current = new AtomicReference<>();

  /** The checkpoint that answered before it; null if there was none, or no room. */
  final AtomicReference<LoadedModel> previous = new AtomicReference<>();

  /** The base model with this task's language; made on demand. */
  final AtomicReference<LoadedModel> base = new AtomicReference<>();

  /** Whether a load is queued or under way. */
  final AtomicBoolean queued = new AtomicBoolean();

  /** Whether a request has needed the newest checkpoint since the last load began. */
  volatile boolean requested;

  /** Whether the task was deleted or the service stops; nothing is loaded for it any more. */
  volatile boolean dropped;

  private final ConcurrentSkipListMap<Integer, Language> languages = new ConcurrentSkipListMap<>();

  /** A version's language with its hash. */
  record Language(int version, TaskLanguage language, String hash) {}

  TaskModels(String task) {
    this.task = task;
  }

  void specify(TaskSpec newSpec) {
    TaskLanguage language = new TaskLanguage(newSpec);
    languages.put(newSpec.version(), new Language(newSpec.version(), language, language.hash()));
    while (languages.size() > LANGUAGES_KEPT) {
      languages.pollFirstEntry();
    }
    spec = newSpec;
  }

  /** The language of a version of the task, if that version was seen. */
  Optional<Language> language(int version) {
    return Optional.ofNullable(languages.get(version));
  }

  /** A language by its hash, that of the newest version first. */
  Optional<Language> language(String hash) {
    return languages.descendingMap().values().stream()
        .filter(language -> language.hash().equals(hash))
        .findFirst();
  }

  /** Whether this is the language of the newest version of the task. */
  boolean isNewestLanguage(String hash) {
    return language(spec.version()).stream().anyMatch(newest -> newest.hash().equals(hash));
  }

  /** Whether the newest checkpoint is neither in memory nor rejected. */
  boolean needsLoading() {
    CheckpointManifest manifest = newest;
    LoadedModel loaded = current.get();
    return manifest != null
        && !manifest.equals(rejected)
        && (loaded == null || !loaded.is(manifest));
  }

  /** Answers with this model from now on, instead of the one before or the base model. */
  void swapIn(LoadedModel model) {
    LoadedModel old = current.getAndSet(model);
    trained = true;
    boolean comparable = old != null && old.languageHash().equals(model.languageHash());
    LoadedModel older = previous.getAndSet(comparable ? old : null);
    if (old != null && !comparable) {
      old.release();
    }
    if (older != null) {
      older.release();
    }
    retire(base, base.get());
  }

  /** Takes all models out of service for good. */
  synchronized void drop() {
    dropped = true;
    retire(current, current.get());
    retire(previous, previous.get());
    retire(base, base.get());
  }

  /** Takes a model out of service; false if it was not in service any more. */
  static boolean retire(AtomicReference<LoadedModel> slot, LoadedModel model) {
    boolean retired = model != null && slot.compareAndSet(model, null);
    if (retired) {
      model.release();
    }
    return retired;
  }
}
