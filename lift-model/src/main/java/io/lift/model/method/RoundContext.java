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
 * The rows in context that a round reads its own rows after, chosen among these.
 *
 * @param rows as its checkpoint carries them
 * @param places of each of the round's rows among them, below 0 if it is none of them
 */
public record RoundContext(ContextRows rows, int[] places) {

  /**
   * Chooses them.
   *
   * @param seed of the task
   * @param all rows of the round: fresh ones first, then rehearsed ones
   * @param fresh how many are fresh
   * @return null if the method has none
   */
  public static RoundContext of(
      TaskLanguage language, LearningMethod method, long seed, List<Example> all, int fresh) {
    if (method.context() == null) {
      return null;
    }
    boolean labelled = language.task().type() == TaskType.CLASSIFICATION;
    int[] labels = labelled ? Labels.of(all) : new int[all.size()];
    int[] newestFirst = StratifiedSample.of(labels, fresh, ContextRows.KEPT);
    int[] places = new int[all.size()];
    Arrays.fill(places, -1);
    for (int n = 0; n < newestFirst.length; n++) {
      places[newestFirst[n]] = newestFirst.length - 1 - n;
    }
    List<Example> oldestFirst =
        IntStream.rangeClosed(1, newestFirst.length)
            .mapToObj(n -> all.get(newestFirst[newestFirst.length - n]))
            .toList();
    return new RoundContext(
        new ContextRows(language.task(), method.context(), seed, oldestFirst), places);
  }

  /**
   * A row's sentence after its context, in which it is not itself.
   *
   * @param row its number in the round
   * @param random draws the context where no row is nearer than another
   */
  Prompt learn(int row, Prompt read, SeededRandom random) {
    return rows.learn(read, places[row], random);
  }
}
