package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import java.util.Arrays;

/**
 * Tokenizes the sentences of a task for an encoder. An answer is one token: the number of a label,
 * whose sentence is compared with that of the row.
 */
public final class SentenceEncoder implements TaskEncoder {
  private final EncoderTokenizer tokenizer;
  private final TaskLanguage language;
  private final int vocabulary;

  /**
   * @param vocabulary rows of the model's embedding table
   * @throws InvalidModelException if the task has no labels, or learns to generate rows
   */
  public SentenceEncoder(EncoderTokenizer tokenizer, int vocabulary, TaskLanguage language) {
    if (language.task().labels().isEmpty() || language.columns() != null) {
      throw new InvalidModelException(
          "Task %s needs a decoder: an encoder tells labels, and neither predicts numbers nor generates rows."
              .formatted(language.task().name()));
    }
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.language = language;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int answers() {
    return language.candidates().size();
  }

  @Override
  public int padding() {
    return 0;
  }

  /** The tokens of a row's sentence without the mark at its end, and without rows in context. */
  @Override
  public int[] prompt(Prompt prompt) {
    String text = prompt.text();
    String end = TaskLanguage.END_OF_PROMPT;
    return tokenizer.ids(
        text.endsWith(end) ? text.substring(0, text.length() - end.length()).strip() : text);
  }

  @Override
  public int[] answer(String answer) {
    int label = language.candidates().indexOf(answer);
    if (label < 0) {
      throw new IllegalArgumentException("no label of the task: " + answer);
    }
    return new int[] {label};
  }

  @Override
  public int[] end() {
    return new int[0];
  }

  @Override
  public Sequence training(Example example, boolean withEnd) {
    String answer = example.completion().replace(TaskLanguage.END_OF_COMPLETION, "");
    int[] prompt = prompt(example.prompt());
    int[] ids = Arrays.copyOf(prompt, prompt.length + 1);
    ids[prompt.length] = answer(answer)[0];
    return new Sequence(ids, Sequence.noGrid(ids.length), 1, false);
  }

  @Override
  public String decode(int[] ids) {
    throw writesNothing();
  }

  @Override
  public boolean isEndOfText(int id) {
    throw writesNothing();
  }

  @Override
  public int[] prompt(ColumnQuestion question) {
    throw writesNothing();
  }

  @Override
  public Sequence training(ColumnQuestion question, String cell, boolean withEnd) {
    throw writesNothing();
  }

  private static IllegalStateException writesNothing() {
    return new IllegalStateException("an encoder writes no text");
  }
}
