package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import java.util.Arrays;
import java.util.List;

/**
 * Tokenizes the sentences of a task for a published model, in the form of the paper: {@code
 * prompt###}, one blank, {@code answer}, {@code @@@}. Numbers are text in the task's notation. A
 * grid number is a short integer, which is one token in most tokenizers.
 */
public final class PublishedEncoder implements TaskEncoder {
  private static final int[] NONE = {};

  private final PublishedTokenizer tokenizer;
  private final int vocabulary;
  private final int[] end;
  private final int longest; // tokens of the longest answer with its end mark
  private final int maxPrompt;
  private final ColumnLanguage columns; // null unless the task learns to generate rows

  /**
   * @param vocabulary rows of the model's embedding table
   * @param maxLength longest sequence of the model, in tokens
   * @throws InvalidModelException if this is too short for the task's answers
   */
  public PublishedEncoder(
      PublishedTokenizer tokenizer, int vocabulary, TaskLanguage language, int maxLength) {
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.end = tokenizer.continuation(TaskLanguage.END_OF_COMPLETION);
    this.columns = language.columns();
    this.longest = longest(language) + end.length;
    this.maxPrompt = maxLength - longest;
    if (maxPrompt <= tokenizer.beginning().length) {
      throw new InvalidModelException(
          "Task %s has answers of %d tokens, but the model reads only %d."
              .formatted(language.task().name(), longest, maxLength));
    }
  }

  /** Tokens of the longest answer; at most one token per character of a decimal number. */
  private int longest(TaskLanguage language) {
    int longest =
        language.candidates().stream().mapToInt(answer -> answer(answer).length).max().orElse(0);
    for (int c = 0; columns != null && c < columns.count(); c++) {
      for (String cell : columns.longest(c)) {
        int length = columns.candidates(c).isEmpty() ? cell.length() + 1 : answer(cell).length;
        longest = Math.max(longest, length);
      }
    }
    return longest;
  }

  /** The number of tokens of the longest answer with its end mark. */
  public int longest() {
    return longest;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int answers() {
    return vocabulary();
  }

  @Override
  public int padding() {
    return 0;
  }

  @Override
  public int[] prompt(Prompt prompt) {
    int[] beginning = tokenizer.beginning();
    int room = maxPrompt - beginning.length;
    int[] text = tokenizer.start(prompt.fullText());
    Prompt shorter = prompt;
    while (text.length > room && !shorter.context().isEmpty()) {
      // drops as many of the first rows as the text is too long by
      List<Example> rows = shorter.context();
      int dropped = (int) Math.ceil((rows.size() + 1) * (1 - (double) room / text.length));
      int first = Math.min(Math.max(1, dropped), rows.size());
      shorter = prompt.withContext(rows.subList(first, rows.size()));
      text = tokenizer.start(shorter.fullText());
    }
    int kept = Math.min(text.length, room);
    int[] ids = Arrays.copyOf(beginning, beginning.length + kept);
    System.arraycopy(text, text.length - kept, ids, beginning.length, kept);
    return ids;
  }

  @Override
  public int[] answer(String answer) {
    return tokenizer.continuation(" " + answer);
  }

  @Override
  public int[] end() {
    return end.clone();
  }

  @Override
  public String decode(int[] ids) {
    return tokenizer.decodeContinuation(ids);
  }

  @Override
  public boolean isEndOfText(int id) {
    return tokenizer.isSpecial(id);
  }

  @Override
  public Sequence training(Example example, boolean withEnd) {
    String answer = example.completion();
    boolean ends = answer.endsWith(TaskLanguage.END_OF_COMPLETION);
    if (ends) {
      answer = answer.substring(0, answer.length() - TaskLanguage.END_OF_COMPLETION.length());
    }
    return Sequence.of(prompt(example.prompt()), answer(answer), ends && withEnd ? end : NONE);
  }

  @Override
  public int[] prompt(ColumnQuestion question) {
    return prompt(questions().prompt(question));
  }

  @Override
  public Sequence training(ColumnQuestion question, String cell, boolean withEnd) {
    return Sequence.of(prompt(question), answer(cell), withEnd ? end : NONE);
  }

  private ColumnLanguage questions() {
    if (columns == null) {
      throw new IllegalStateException("this task does not learn to generate rows");
    }
    return columns;
  }
}
