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
 * Samples rows by the chain rule: column after column in a random order, each given the columns
 * before it and the given values. Every answer is checked against the schema and drawn again if it
 * is invalid. After several invalid answers the row is rejected, and another one takes its place.
 */
public final class RowSampler {
  /** Answers that are drawn for a column of a row at most. */
  private static final int MAX_ATTEMPTS = 4;

  /** Rows that are started for each wanted one at most. */
  private static final int MAX_DRAFTS = 4;

  /** Rows that are drawn side by side. */
  private static final int BATCH = 256;

  private final ColumnLanguage columns;
  private final ColumnAnswers answers;

  /**
   * Sampled rows.
   *
   * @param rows the values of each row by column, in the order of the table, the target last;
   *     numbers are a Double, words a String. As many as wanted, or fewer if too many were rejected
   * @param rejected rows that were started and given up, because answers were invalid
   */
  public record Sample(List<Map<String, Object>> rows, int rejected) {}

  public RowSampler(ColumnLanguage columns, ColumnAnswers answers) {
    this.columns = columns;
    this.answers = answers;
  }

  /** The error where rows of a task are wanted that does not learn to generate them. */
  public static IllegalStateException notLearned(String task) {
    return new IllegalStateException("task " + task + " does not learn to generate rows");
  }

  /**
   * Samples rows.
   *
   * @param given values that each row has, as {@link io.lift.core.row.GivenValues} reads them
   * @param count rows wanted, at least 1
   * @param temperature 1 draws from the model's distribution, less favours probable values
   * @param seed the same seed draws the same rows
   * @throws CancellationException if the thread is interrupted
   */
  public Sample sample(Map<String, Object> given, int count, double temperature, long seed) {
    List<Map<String, Object>> rows = new ArrayList<>();
    int started = 0;
    while (rows.size() < count && started < MAX_DRAFTS * count) {
      int batch = Math.min(BATCH, Math.min(count - rows.size(), MAX_DRAFTS * count - started));
      int first = started;
      List<Draft> drafts =
          IntStream.range(first, first + batch).mapToObj(n -> new Draft(given, seed, n)).toList();
      fill(drafts, temperature, SeededRandom.mix(seed, RandomStream.GENERATION, first));
      drafts.stream().filter(draft -> !draft.rejected).forEach(draft -> rows.add(draft.row()));
      started += batch;
    }
    return new Sample(rows, started - rows.size());
  }

  /** Draws the columns of some rows, one of each row at a time. */
  private void fill(List<Draft> drafts, double temperature, long seed) {
    int steps = drafts.get(0).order.length;
    for (int step = 0; step < steps; step++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("sampling was interrupted");
      }
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        int now = step;
        List<Draft> open =
            drafts.stream().filter(draft -> !draft.rejected && draft.done == now).toList();
        if (open.isEmpty()) {
          break;
        }
        List<String> drawn =
            answers.draw(
                open.stream().map(Draft::question).toList(),
                temperature,
                SeededRandom.mix(seed, step, attempt));
        for (int i = 0; i < drawn.size(); i++) {
          open.get(i).answer(drawn.get(i), attempt == MAX_ATTEMPTS - 1);
        }
      }
    }
  }

  /** One row while it is sampled. */
  private final class Draft {
    private final SeededRandom random;
    private final Object[] values = new Object[columns.count()];
    private final String[] cells = new String[columns.count()];
    private final int[] order; // of the columns to draw
    private int done; // how many are drawn
    private boolean rejected;

    Draft(Map<String, Object> given, long seed, int number) {
      this.random = new SeededRandom(seed, RandomStream.GENERATION, number);
      for (int c = 0; c < values.length; c++) {
        Object value = given.get(columns.column(c).name());
        if (value != null) {
          set(c, value);
        }
      }
      int[] unknown =
          IntStream.range(0, values.length)
              .filter(c -> values[c] == null && columns.includes(c))
              .toArray();
      this.order = IntStream.of(random.permutation(unknown.length)).map(i -> unknown[i]).toArray();
    }

    private void set(int column, Object value) {
      values[column] = value;
      cells[column] = columns.cell(column, value); // of the row's value, not of the answer's text
    }

    ColumnQuestion question() {
      return new ColumnQuestion(cells.clone(), order[done]);
    }

    void answer(String text, boolean last) {
      Object value = columns.value(order[done], text, random.uniform());
      if (value != null) {
        set(order[done], value);
        done++;
      } else {
        rejected = last;
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
