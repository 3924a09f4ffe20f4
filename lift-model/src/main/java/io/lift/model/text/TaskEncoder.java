package io.lift.model.text;

import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;

/**
 * Tokenizes the sentences of one task. Prompt, answer and end mark are tokenized separately, so
 * that training and scoring see the same tokens: {@code training(example)} is always {@code
 * prompt}, {@code answer} and {@code end} in a row. Thread-safe.
 */
public interface TaskEncoder {

  /** The size of the vocabulary, the task's own tokens included, V. */
  int vocabulary();

  /** The number of tokens, from 0, that can be in an answer, A; the others are inputs only. */
  int answers();

  /** The padding token. */
  int padding();

  /**
   * The tokens of a prompt with its context. They leave room for the longest answer and the end
   * mark. A context that is too long loses its first rows. A sentence that is too long loses its
   * beginning, because the question is at its end.
   */
  int[] prompt(Prompt prompt);

  /** The tokens of an answer after any prompt, without end mark; at least one token. */
  int[] answer(String answer);

  /** The tokens of the end mark after any answer; at least one token. */
  int[] end();

  /** The text of tokens that follow a prompt. */
  String decode(int[] ids);

  /** Whether a token ends every text: a special token of the model. */
  boolean isEndOfText(int id);

  /**
   * The tokens of a question about one column. They leave room for the longest answer and the end
   * mark.
   *
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  int[] prompt(ColumnQuestion question);

  /**
   * A question about one column with its answer.
   *
   * @param cell the answer, as a cell of {@link io.lift.core.prompt.ColumnLanguage}
   * @param withEnd whether the end mark is trained
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  Sequence training(ColumnQuestion question, String cell, boolean withEnd);

  /**
   * A prompt with its completion.
   *
   * @param withEnd whether the end mark is trained
   */
  Sequence training(Example example, boolean withEnd);
}
