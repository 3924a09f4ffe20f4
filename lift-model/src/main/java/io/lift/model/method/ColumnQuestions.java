package io.lift.model.method;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.prompt.Example;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Training questions about single columns of a round's rows, so that the model can generate rows.
 * The columns of a row get a random order, and one is the answer given those before it. The model
 * learns every column given every subset of the others (Uria, Murray and Larochelle, A Deep and
 * Tractable Density Estimator, ICML 2014). Missing values are left out.
 */
public final class ColumnQuestions {
  private final TaskEncoder encoder;
  private final boolean withEnd;
  private final String[][] cells; // (rows, columns)

  /**
   * @param withEnd whether the end mark is trained
   */
  ColumnQuestions(
      ColumnLanguage columns, TaskEncoder encoder, boolean withEnd, List<Example> rows) {
    this.encoder = encoder;
    this.withEnd = withEnd;
    this.cells = rows.stream().map(columns::cells).toArray(String[][]::new);
  }

  /** A random question about a row. */
  public Sequence sample(int row, SeededRandom random) {
    String[] all = cells[row];
    int[] present = IntStream.range(0, all.length).filter(c -> all[c] != null).toArray();
    int[] order = random.permutation(present.length);
    int knownCount = (int) (random.uniform() * present.length);
    String[] known = new String[all.length];
    for (int column : Arrays.copyOf(order, knownCount)) {
      known[present[column]] = all[present[column]];
    }
    int target = present[order[knownCount]];
    return encoder.training(new ColumnQuestion(known, target), all[target], withEnd);
  }
}
