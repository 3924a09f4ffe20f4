package io.lift.model.text;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskType;
import java.util.Arrays;

/**
 * A prompt and its completion in tokens.
 *
 * @param ids prompt, then completion
 * @param grid whether a token is a grid number, which training may move
 * @param completion how many tokens at the end are completion, at least 1
 * @param marked whether the last token is the end mark
 */
public record Sequence(int[] ids, boolean[] grid, int completion, boolean marked) {

  public int length() {
    return ids.length;
  }

  /**
   * Text without grid numbers.
   *
   * @param end the end mark, or nothing
   */
  public static Sequence of(int[] prompt, int[] answer, int[] end) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + answer.length + end.length);
    System.arraycopy(answer, 0, ids, prompt.length, answer.length);
    System.arraycopy(end, 0, ids, prompt.length + answer.length, end.length);
    return new Sequence(ids, new boolean[ids.length], answer.length + end.length, end.length > 0);
  }

  /** Makes sequences of one task in the tokens of the embedded model. */
  public record Encoder(TableTokenizer tokenizer, TaskType type, int maxLength)
      implements TaskEncoder {
    /** Every answer of a task is one token. */
    private static final int ROOM = 1;

    @Override
    public int vocabulary() {
      return tokenizer.vocabulary();
    }

    @Override
    public int padding() {
      return tokenizer.padding();
    }

    @Override
    public int[] prompt(Prompt prompt) {
      return kept(tokenizer.prompt(prompt)).ids();
    }

    @Override
    public int[] answer(String answer) {
      return tokenizer.completion(answer, type == TaskType.REGRESSION).ids();
    }

    @Override
    public int[] end() {
      return tokenizer.completion(TaskLanguage.END_OF_COMPLETION, true).ids();
    }

    @Override
    public String spell(int[] ids) {
      return tokenizer.decode(ids);
    }

    @Override
    public boolean ends(int id) {
      return id == tokenizer.padding();
    }

    @Override
    public Sequence training(Example example, boolean withEnd) {
      String completion = example.completion();
      boolean ends = completion.endsWith(TaskLanguage.END_OF_COMPLETION);
      if (ends && !withEnd) {
        completion =
            completion.substring(0, completion.length() - TaskLanguage.END_OF_COMPLETION.length());
      }
      TableTokenizer.Tokens answer = tokenizer.completion(completion, type == TaskType.REGRESSION);
      if (answer.length() == 0) {
        throw new IllegalArgumentException("an example has no completion");
      }
      TableTokenizer.Tokens whole = joined(example.prompt(), answer);
      boolean[] grid = whole.grid();
      if (type == TaskType.REGRESSION) {
        for (int i = grid.length - answer.length(); i < grid.length; i++) {
          grid[i] = tokenizer.integer(whole.ids()[i]) >= 0;
        }
      }
      return new Sequence(whole.ids(), grid, answer.length(), ends && withEnd);
    }

    private TableTokenizer.Tokens joined(Prompt prompt, TableTokenizer.Tokens answer) {
      TableTokenizer.Tokens asked = kept(tokenizer.prompt(prompt));
      int total = asked.length() + answer.length();
      int[] ids = Arrays.copyOf(asked.ids(), total);
      boolean[] grid = Arrays.copyOf(asked.grid(), total);
      System.arraycopy(answer.ids(), 0, ids, asked.length(), answer.length());
      return new TableTokenizer.Tokens(ids, grid);
    }

    /** Keeps the end where a sentence is too long: the question stands there. */
    private TableTokenizer.Tokens kept(TableTokenizer.Tokens asked) {
      int skip = Math.max(0, asked.length() + ROOM - maxLength);
      return new TableTokenizer.Tokens(
          Arrays.copyOfRange(asked.ids(), skip, asked.length()),
          Arrays.copyOfRange(asked.grid(), skip, asked.length()));
    }
  }
}
