package io.lift.model.scoring;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Samples rows by the chain rule: column after column in a random order, each given those before it
 * and what was given from the start. Every answer is checked against the schema; one that does not
 * fit is drawn again, and if that does not help, the row is refused and another one begun.
 */
public final class RowSampler {
  /** How often a column of a row is asked at most. */
  private static final int TRIES = 4;

  /** Rows that are begun for each one wanted, at most. */
  private static final int DRAFTS = 4;

  /** Rows that are drawn side by side. */
  private static final int WAVE = 256;

  private final ColumnLanguage columns;
  private final ColumnAnswers answers;

  /**
   * What was sampled.
   *
   * @param rows the values of each row by column, in the order of the table, the target last;
   *     numbers are a Double, words a String. As many as were wanted, or fewer if too many were
   *     refused
   * @param refused rows that were begun and given up, because an answer was no value of its column
   */
  public record Sample(List<Map<String, Object>> rows, int refused) {}

  public RowSampler(ColumnLanguage columns, ColumnAnswers answers) {
    this.columns = columns;
    this.answers = answers;
  }

  /** The error where rows of a task are wanted that does not learn to generate them. */
  public static IllegalStateException notLearnt(String task) {
    return new IllegalStateException("task " + task + " does not learn to generate rows");
  }

  /**
   * Samples rows.
   *
   * @param given values that each row has, as {@link io.lift.core.row.GivenValues} reads them
   * @param count rows wanted, at least 1
   * @param temperature 1 draws as the model thinks, less keeps nearer to what is most probable
   * @param seed the same seed draws the same rows
   * @throws CancellationException if the thread is interrupted meanwhile
   */
  public Sample sample(Map<String, Object> given, int count, double temperature, long seed) {
    List<Map<String, Object>> rows = new ArrayList<>();
    int begun = 0;
    while (rows.size() < count && begun < DRAFTS * count) {
      int wave = Math.min(WAVE, Math.min(count - rows.size(), DRAFTS * count - begun));
      int first = begun;
      List<Draft> drafts =
          IntStream.range(first, first + wave).mapToObj(n -> new Draft(given, seed, n)).toList();
      fill(drafts, temperature, SeededRandom.mix(seed, RandomStream.GENERATION, first));
      drafts.stream().filter(draft -> !draft.refused).forEach(draft -> rows.add(draft.row()));
      begun += wave;
    }
    return new Sample(rows, begun - rows.size());
  }

  /** Asks the columns of some rows, one of each row at a time. */
  private void fill(List<Draft> drafts, double temperature, long seed) {
    int steps = drafts.get(0).order.length;
    for (int step = 0; step < steps; step++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("sampling was interrupted");
      }
      for (int trial = 0; trial < TRIES; trial++) {
        int now = step;
        List<Draft> asked =
            drafts.stream().filter(draft -> !draft.refused && draft.done == now).toList();
        if (asked.isEmpty()) {
          break;
        }
        List<String> drawn =
            answers.draw(
                asked.stream().map(Draft::question).toList(),
                temperature,
                SeededRandom.mix(seed, step, trial));
        for (int i = 0; i < drawn.size(); i++) {
          asked.get(i).answer(drawn.get(i), trial == TRIES - 1);
        }
      }
    }
  }

  /** One row while it is sampled. */
  private final class Draft {
    private final SeededRandom random;
    private final Object[] values = new Object[columns.count()];
    private final String[] cells = new String[columns.count()];
    private final int[] order; // of the columns to ask
    private int done; // how many have been asked
    private boolean refused;

    Draft(Map<String, Object> given, long seed, int number) {
      this.random = new SeededRandom(seed, RandomStream.GENERATION, number);
      for (int c = 0; c < values.length; c++) {
        Object value = given.get(columns.column(c).name());
        if (value != null) {
          know(c, value);
        }
      }
      int[] open =
          IntStream.range(0, values.length)
              .filter(c -> values[c] == null && columns.asks(c))
              .toArray();
      this.order = IntStream.of(random.permutation(open.length)).map(i -> open[i]).toArray();
    }

    private void know(int column, Object value) {
      values[column] = value;
      cells[column] = columns.cell(column, value); // of what the row says, not of what was written
    }

    ColumnQuestion question() {
      return new ColumnQuestion(cells.clone(), order[done]);
    }

    void answer(String written, boolean last) {
      Object value = columns.value(order[done], written, random.uniform());
      if (value != null) {
        know(order[done], value);
        done++;
      } else {
        refused = last;
      }
    }

    Map<String, Object> row() {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int c = 0; c < values.length; c++) {
        if (values[c] != null) {
          row.put(columns.column(c).name(), values[c]);
        }
      }
      return row;
    }
  }
}
