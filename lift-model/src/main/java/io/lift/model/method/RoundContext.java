package io.lift.model.method;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskType;
import io.lift.model.random.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The context rows of a round.
 *
 * @param rows the rows to choose from, which the round's checkpoint carries
 * @param indices index of each of the round's rows among them; negative if it is not among them
 */
public record RoundContext(ContextRows rows, int[] indices) {

  /**
   * Chooses the context rows of a round.
   *
   * @param seed seed of the task
   * @param all rows of the round: new rows first, then rehearsed rows
   * @param fresh number of new rows
   * @return null if the method has no context
   */
  public static RoundContext of(
      TaskLanguage language, LearningMethod method, long seed, List<Example> all, int fresh) {
    if (method.context() == null) {
      return null;
    }
    boolean labelled = language.task().type() == TaskType.CLASSIFICATION;
    int[] labels = labelled ? Labels.of(all) : new int[all.size()];
    int[] newestFirst = StratifiedSample.of(labels, fresh, ContextRows.MAX_ROWS);
    int[] indices = new int[all.size()];
    Arrays.fill(indices, -1);
    for (int n = 0; n < newestFirst.length; n++) {
      indices[newestFirst[n]] = newestFirst.length - 1 - n;
    }
    List<Example> oldestFirst =
        IntStream.rangeClosed(1, newestFirst.length)
            .mapToObj(n -> all.get(newestFirst[newestFirst.length - n]))
            .toList();
    return new RoundContext(
        new ContextRows(language.task(), method.context(), seed, oldestFirst), indices);
  }

  /**
   * A training prompt with its context, which never contains the row itself.
   *
   * @param row index of the row in the round
   * @param random draws a random context
   */
  Prompt trainingPrompt(int row, Prompt prompt, SeededRandom random) {
    return rows.trainingPrompt(prompt, indices[row], random);
  }
}
