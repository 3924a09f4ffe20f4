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

  /** Makes sequences of one task. */
  public record Encoder(TableTokenizer tokenizer, TaskType type, int maxLength) {

    /** With the end mark only if it is to be learnt. */
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

    /** A prompt with a candidate answer. */
    public Sequence scoring(Prompt prompt, TableTokenizer.Tokens answer) {
      TableTokenizer.Tokens whole = joined(prompt, answer);
      return new Sequence(whole.ids(), whole.grid(), answer.length(), false);
    }

    /** The answer's tokens. */
    public TableTokenizer.Tokens answer(String candidate) {
      return tokenizer.completion(candidate, type == TaskType.REGRESSION);
    }

    /** Keeps the end where a sentence is too long: the question and the answer stand there. */
    private TableTokenizer.Tokens joined(Prompt prompt, TableTokenizer.Tokens answer) {
      TableTokenizer.Tokens asked = tokenizer.prompt(prompt);
      int total = asked.length() + answer.length();
      int skip = Math.max(0, Math.min(asked.length() - 1, total - maxLength - 1));
      int[] ids = Arrays.copyOfRange(asked.ids(), skip, total);
      boolean[] grid = Arrays.copyOfRange(asked.grid(), skip, total);
      System.arraycopy(answer.ids(), 0, ids, asked.length() - skip, answer.length());
      return new TableTokenizer.Tokens(ids, grid);
    }
  }
}
