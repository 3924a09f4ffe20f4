package io.lift.trainer.assignment;

import io.lift.trainer.prompts.TaskWindow;

/** What became of a prompt. */
enum PromptResult {
  /** It is in the window of its task. */
  TAKEN,
  /** It has taken the place of an earlier value of its row. */
  REPLACED,
  /** The window of its task has the same row already. */
  DUPLICATE,
  /** Its task's window begins later, or holds it already. */
  OUT_OF_WINDOW,
  /** It is not written in the language of its task. */
  OTHER_LANGUAGE,
  /** Its partition was lost in the meantime. */
  LOST;

  static PromptResult of(TaskWindow.Added added) {
    return switch (added) {
      case NEW -> TAKEN;
      case REPLACED -> REPLACED;
      case DUPLICATE -> DUPLICATE;
      case OUTSIDE -> OUT_OF_WINDOW;
    };
  }
}
