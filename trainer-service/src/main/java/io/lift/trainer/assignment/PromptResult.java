package io.lift.trainer.assignment;

/** What became of a prompt. */
enum PromptResult {
  /** It is in the window of its task. */
  TAKEN,
  /** Its task's window begins later, or holds it already. */
  OUT_OF_WINDOW,
  /** It is not written in the language of its task. */
  OTHER_LANGUAGE,
  /** Its partition was lost in the meantime. */
  LOST
}
