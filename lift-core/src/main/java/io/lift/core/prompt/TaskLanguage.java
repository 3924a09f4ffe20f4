package io.lift.core.prompt;

import io.lift.core.answer.Answer;
import io.lift.core.row.Row;
import io.lift.core.task.TaskSpec;
import java.util.List;

/**
 * The language of one task: how its rows become prompts and completions, and how a distribution
 * over candidate completions becomes an answer. Immutable and thread-safe.
 */
public final class TaskLanguage {
  /** Ends every prompt. */
  public static final String END_OF_PROMPT = "###";

  /** Ends every completion. */
  public static final String END_OF_COMPLETION = "@@@";

  /** Stands for a missing value. */
  public static final String MISSING = "?";

  private final TaskSpec task;

  public TaskLanguage(TaskSpec task) {
    this.task = task;
  }

  public TaskSpec task() {
    return task;
  }

  /** The sentence for a row's features. */
  public Prompt prompt(Row row) {
    throw new UnsupportedOperationException();
  }

  /** The completion for a target value (a String label or a Double), with its end mark. */
  public String completion(Object target) {
    throw new UnsupportedOperationException();
  }

  /**
   * The strings that a tokenizer should keep whole, in a fixed order: the literal pieces of the
   * sentence, the categories of the features and the labels, without duplicates.
   */
  public List<String> pieces() {
    throw new UnsupportedOperationException();
  }

  /** Every possible completion without its end mark: the labels, or the grid numbers 0..99. */
  public List<String> candidates() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads an answer from the probabilities of {@link #candidates()}.
   *
   * @param probabilities one per candidate, summing to 1
   */
  public Answer answer(double[] probabilities) {
    throw new UnsupportedOperationException();
  }

  /** A hash of everything above: equal for two tasks exactly if their prompts are the same. */
  public String hash() {
    throw new UnsupportedOperationException();
  }
}
