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
 * Data augmentation of training rows, before tokenization:
 *
 * <ul>
 *   <li>mixup of a share of the rows with a second row: w is uniform in 0..1. A number becomes (1 -
 *       w) a + w b of the two rows. A word or label is the second row's with probability w. A
 *       regression target is mixed like the numbers. (Zhang et al., mixup, ICLR 2018, mix vectors
 *       and label distributions. Text has one label, so it is drawn.)
 *   <li>noise: a Gaussian, in standard deviations of the column, is added to each number.
 *   <li>shuffled columns: the pairs of name and value get a random order.
 * </ul>
 *
 * <p>A prompt that does not follow the task's sentence is not changed. Immutable.
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

  /** Draws whether a row is mixed with another one. */
  public boolean drawsMixup(SeededRandom random) {
    return method.mixup() != null && random.uniform() < method.mixup();
  }

  /** The mixture of two rows. */
  public Example mix(Example first, Example second, SeededRandom random) {
    String[] one = cells.read(first.prompt());
    String[] other = cells.read(second.prompt());
    if (one == null || other == null) {
      return first;
    }
    double weight = random.uniform(); // of the second row
    for (int i = 0; i < one.length; i++) {
      double from = cells.standardised(i, one[i]);
      double to = cells.standardised(i, other[i]);
      if (one[i] == null) {
        continue; // the sentence has no slot for this feature
      }
      if (Double.isNaN(from) || Double.isNaN(to)) {
        one[i] = random.uniform() < weight ? other[i] : one[i];
      } else {
        one[i] = cells.cell(i, from + weight * (to - from));
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

  /** A prompt with noise on its numbers and shuffled columns, as far as the method has them. */
  public Prompt augment(Prompt prompt, SeededRandom random) {
    if (method.noise() == null && !method.shuffles()) {
      return prompt;
    }
    String[] values = cells.read(prompt);
    if (values == null) {
      return prompt;
    }
    for (int i = 0; i < values.length && method.noise() != null; i++) {
      double number = cells.standardised(i, values[i]);
      if (!Double.isNaN(number)) {
        values[i] = cells.cell(i, number + method.noise() * random.gaussian());
      }
    }
    return method.shuffles()
        ? cells.write(values, random.permutation(values.length))
        : cells.write(values);
  }
}
