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
 * Questions about single columns of the rows of a round, from which rows can be sampled later: of a
 * row, the columns come in a random order, and one of them is asked after those before it. So every
 * column is learnt given every part of the others (Uria, Murray and Larochelle 2014, "A deep and
 * tractable density estimator"). What is missing in a row is neither known nor asked.
 */
public final class ColumnQuestions {
  private final TaskEncoder encoder;
  private final boolean withEnd;
  private final String[][] cells; // (rows, columns)

  /**
   * @param withEnd whether the end mark is learnt
   */
  ColumnQuestions(
      ColumnLanguage columns, TaskEncoder encoder, boolean withEnd, List<Example> rows) {
    this.encoder = encoder;
    this.withEnd = withEnd;
    this.cells = rows.stream().map(columns::cells).toArray(String[][]::new);
  }

  /** One question about a row. */
  public Sequence ask(int row, SeededRandom random) {
    String[] all = cells[row];
    int[] there = IntStream.range(0, all.length).filter(c -> all[c] != null).toArray();
    int[] order = random.permutation(there.length);
    int before = (int) (random.uniform() * there.length);
    String[] known = new String[all.length];
    for (int column : Arrays.copyOf(order, before)) {
      known[there[column]] = all[there[column]];
    }
    int asked = there[order[before]];
    return encoder.training(new ColumnQuestion(known, asked), all[asked], withEnd);
  }
}
