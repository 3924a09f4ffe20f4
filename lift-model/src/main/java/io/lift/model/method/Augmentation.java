package io.lift.model.method;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.model.random.SeededRandom;

/**
 * Reads a row of a table a little otherwise each time (augmentation), before it is cut into tokens:
 *
 * <ul>
 *   <li>mixup, on a share of the rows: a second row is mixed in with a weight w, uniform in 0 to 1.
 *       Each number lies at (1 - w) a + w b between those of the two, each word is the second row's
 *       with probability w. The label is the second row's with probability w; the number to predict
 *       is mixed like the others. (Zhang et al. 2018 mix vectors and label distributions; text has
 *       one label, so the mixture is drawn.)
 *   <li>noise: each number moves by a Gaussian in standard deviations of its column.
 *   <li>shuffled columns: the pairs of name and value stand in a new order.
 * </ul>
 *
 * A row in which the task's sentence cannot be found again is read as it is. Immutable.
 */
public final class Augmentation {
  private final LearningMethod method;
  private final TaskType type;
  private final PromptCells cells;

  public Augmentation(TaskSpec task, LearningMethod method) {
    this.method = method;
    this.type = task.type();
    this.cells = new PromptCells(task);
  }

  /** Whether a row is to be mixed with another, this time. */
  public boolean mixes(SeededRandom random) {
    return method.mixup() != null && random.uniform() < method.mixup();
  }

  /** Two rows as one. */
  public Example mix(Example first, Example second, SeededRandom random) {
    String[] one = cells.read(first.prompt());
    String[] other = cells.read(second.prompt());
    if (one == null || other == null) {
      return first;
    }
    double weight = random.uniform(); // of the second
    for (int i = 0; i < one.length; i++) {
      double from = cells.standard(i, one[i]);
      double to = cells.standard(i, other[i]);
      if (one[i] == null) {
        continue; // the sentence has no place for it
      }
      if (Double.isNaN(from) || Double.isNaN(to)) {
        one[i] = random.uniform() < weight ? other[i] : one[i];
      } else {
        one[i] = cells.written(i, from + weight * (to - from));
      }
    }
    return new Example(
        cells.write(one), completion(first.completion(), second.completion(), weight, random));
  }

  private String completion(String first, String second, double weight, SeededRandom random) {
    if (type == TaskType.CLASSIFICATION) {
      return random.uniform() < weight ? second : first;
    }
    String end = TaskLanguage.END_OF_COMPLETION;
    int from = Integer.parseInt(first.substring(0, first.length() - end.length()));
    int to = Integer.parseInt(second.substring(0, second.length() - end.length()));
    return Math.round(from + weight * (to - from)) + end;
  }

  /** A row with noise on its numbers, its columns in a new order, as the method has it. */
  public Prompt vary(Prompt prompt, SeededRandom random) {
    if (method.noise() == null && !method.shuffles()) {
      return prompt;
    }
    String[] read = cells.read(prompt);
    if (read == null) {
      return prompt;
    }
    for (int i = 0; i < read.length && method.noise() != null; i++) {
      double number = cells.standard(i, read[i]);
      if (!Double.isNaN(number)) {
        read[i] = cells.written(i, number + method.noise() * random.gaussian());
      }
    }
    return method.shuffles()
        ? cells.write(read, random.permutation(read.length))
        : cells.write(read);
  }
}
