package io.lift.model.text;

import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;

/**
 * Writes the sentences of one task in tokens. Prompt, answer and end mark are each cut by
 * themselves, so that training and scoring read the same tokens: {@code training(example)} is
 * {@code prompt}, then {@code answer}, then {@code end}, whatever the answer is. Thread-safe.
 */
public interface TaskEncoder {

  /** The number of tokens, those of the task included, V. */
  int vocabulary();

  /** How many tokens, the first ones, can be answered; the others are only read. At most V. */
  int answers();

  /** A token for places that nobody reads. */
  int padding();

  /**
   * A prompt after its context: never longer than leaves room for the longest answer and the end
   * mark. Of a context that is too long the last rows stay, of a sentence that is too long the end,
   * where the question stands.
   */
  int[] prompt(Prompt prompt);

  /** An answer without its end mark, as it follows any prompt; at least one token. */
  int[] answer(String answer);

  /** The end mark, as it follows any answer; at least one token. */
  int[] end();

  /** The text of tokens that follow a prompt. */
  String spell(int[] ids);

  /** Whether a token ends every text: a special token of the model. */
  boolean ends(int id);

  /**
   * A question about one column, which leaves room for the longest answer and the end mark.
   *
   * @throws IllegalStateException if the task does not learn such questions
   */
  int[] prompt(ColumnQuestion question);

  /**
   * A question about one column with its answer; the end mark only if it is to be learnt.
   *
   * @param cell the answer, as the language of the columns writes it
   * @throws IllegalStateException if the task does not learn such questions
   */
  Sequence training(ColumnQuestion question, String cell, boolean withEnd);

  /** A prompt with its completion; the end mark only if it is to be learnt. */
  Sequence training(Example example, boolean withEnd);
}
