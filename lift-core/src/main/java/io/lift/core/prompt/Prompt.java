package io.lift.core.prompt;

import java.util.List;

/**
 * A row as the model reads it.
 *
 * @param text the sentence, ending in {@code ###}
 * @param grid where grid numbers (0..99) stand in the text: start and end offsets in turn, in
 *     characters, ascending; training may move these numbers a little (noise augmentation)
 * @param context labelled rows that the model reads before the sentence, in order; most often none.
 *     Their own prompts have no context
 */
public record Prompt(String text, int[] grid, List<Example> context) {

  public Prompt {
    context = List.copyOf(context);
  }

  /** A row by itself. */
  public Prompt(String text, int[] grid) {
    this(text, grid, List.of());
  }

  /** The same row after labelled ones. */
  public Prompt after(List<Example> rows) {
    return new Prompt(text, grid, rows);
  }

  /**
   * All that the model reads, as text: each row of the context with its completion, written as in
   * training ({@code prompt### answer@@@}) and followed by a blank, then the sentence.
   */
  public String written() {
    if (context.isEmpty()) {
      return text;
    }
    StringBuilder whole = new StringBuilder();
    for (Example row : context) {
      whole.append(row.prompt().text()).append(' ').append(row.completion()).append(' ');
    }
    return whole.append(text).toString();
  }
}
