package io.lift.trainer.assignment;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PromptMessage;

/**
 * The newest version of a task.
 *
 * @param spec the task
 * @param language its language
 * @param languageSince the first version known to have this language
 */
record TaskVersion(TaskSpec spec, TaskLanguage language, int languageSince) {

  /**
   * The version in which a training begins.
   *
   * @param latest the task's current checkpoint, or null
   */
  static TaskVersion of(TaskSpec spec, CheckpointManifest latest) {
    TaskLanguage language = new TaskLanguage(spec);
    boolean same = latest != null && language.hash().equals(latest.templateHash());
    int since = same ? Math.min(spec.version(), latest.taskVersion()) : spec.version();
    return new TaskVersion(spec, language, since);
  }

  /** The version after this one. */
  TaskVersion next(TaskSpec newer) {
    TaskLanguage next = new TaskLanguage(newer);
    boolean same = next.hash().equals(language.hash());
    return new TaskVersion(newer, next, same ? languageSince : newer.version());
  }

  /** Whether another version has the same language. */
  boolean sameLanguage(TaskVersion other) {
    return language.hash().equals(other.language.hash());
  }

  /**
   * Whether a prompt is written in this language.
   *
   * @param languageHash what its header says, or null to decide by its task version
   */
  boolean accepts(PromptMessage prompt, String languageHash) {
    return languageHash != null
        ? languageHash.equals(language.hash())
        : prompt.taskVersion() >= languageSince && prompt.taskVersion() <= spec.version();
  }
}
