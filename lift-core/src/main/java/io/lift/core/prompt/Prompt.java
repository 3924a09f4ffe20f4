package io.lift.core.prompt;

import io.lift.core.task.Extrapolation;
import java.util.List;

/**
 * The prompt of a row.
 *
 * @param text the sentence, ending in {@code ###}
 * @param grid the spans of grid numbers (0..99) in the text: start and end offsets in turn, in
 *     characters, ascending. Training may add noise to these numbers
 * @param context labelled rows before the sentence, in order; often none. Their own prompts have no
 *     context
 * @param point regression: the linear part of the row's answer and the row's distance from what was
 *     seen; null for none
 */
public record Prompt(String text, int[] grid, List<Example> context, Extrapolation.Point point) {

  public Prompt {
    context = List.copyOf(context);
  }

  /** A prompt without context. */
  public Prompt(String text, int[] grid) {
    this(text, grid, List.of(), null);
  }

  /** This prompt with another linear part. */
  public Prompt withPoint(Extrapolation.Point newPoint) {
    return new Prompt(text, grid, context, newPoint);
  }

  /** This prompt with another context. */
  public Prompt withContext(List<Example> rows) {
    return new Prompt(text, grid, rows, point);
  }

  /**
   * The whole prompt as text: each row of the context as in training ({@code prompt### answer@@@}),
   * followed by a blank, then the sentence.
   */
  public String fullText() {
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
