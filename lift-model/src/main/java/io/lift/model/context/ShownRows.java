package io.lift.model.context;

import io.lift.core.prompt.NumberGrid;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskType;
import io.lift.model.context.ContextReader.Context;
import io.lift.model.context.ContextReader.Labelled;
import io.lift.model.files.CheckpointInvalid;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The newest rows of a task, as the pretrained model reads them in context: beside the members of a
 * committee, which learn them.
 *
 * @param rows in cells, with their labels
 */
public record ShownRows(Labelled rows) {
  /** Older ones are not kept. */
  public static final int MOST = 1000;

  private static final int READINGS = 8;

  /** Fewer cannot be dealt into parts. */
  private static final int FEWEST = 8;

  /** Whether rows of a task can be read in context: cells and few labels, no free text. */
  public static boolean fit(TaskLanguage language, TaskEncoder encoder) {
    return language.task().type() == TaskType.CLASSIFICATION
        && language.candidates().size() <= RowTokens.LABELS
        && encoder instanceof TableEncoder table
        && table.allInColumns();
  }

  /**
   * The newest of some rows.
   *
   * @param sequences fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many are fresh
   * @return which rows they are; null if there are too few
   */
  public static int[] newest(Sequence[] sequences, int fresh) {
    if (sequences.length < FEWEST) {
      return null;
    }
    int count = Math.min(MOST, sequences.length);
    return IntStream.range(0, count)
        .map(n -> n < fresh ? fresh - 1 - n : sequences.length - 1 - (n - fresh))
        .toArray();
  }

  /**
   * @param numbers which of the rows
   * @param answers the token of each label
   */
  public static ShownRows of(
      TableEncoder encoder, Sequence[] sequences, int[] numbers, int[] answers) {
    TokenCells cells = new TokenCells(encoder.columns());
    return new ShownRows(
        new Labelled(
            cells.categories(),
            Arrays.stream(numbers)
                .mapToObj(i -> cells.of(sequences[i].ids()))
                .toArray(int[][]::new),
            Arrays.stream(numbers).map(i -> label(answers, sequences[i].last())).toArray(),
            answers.length));
  }

  /**
   * From a checkpoint.
   *
   * @param table (rows, columns + 1): cells, then the label
   * @throws CheckpointInvalid if they are no rows of this task
   */
  public static ShownRows of(TableEncoder encoder, int[][] table, int classes) {
    int[] categories = new TokenCells(encoder.columns()).categories();
    for (int[] row : table) {
      boolean fits = row.length == categories.length + 1;
      for (int c = 0; fits && c < categories.length; c++) {
        int values = categories[c] == 0 ? NumberGrid.SIZE : categories[c];
        fits = row[c] >= -1 && row[c] < values;
      }
      if (!fits || row[categories.length] < 0 || row[categories.length] >= classes) {
        throw new CheckpointInvalid("the checkpoint's rows in context are not of this task.");
      }
    }
    int[][] cells =
        Arrays.stream(table).map(r -> Arrays.copyOf(r, r.length - 1)).toArray(int[][]::new);
    int[] labels = Arrays.stream(table).mapToInt(r -> r[r.length - 1]).toArray();
    return new ShownRows(new Labelled(categories, cells, labels, classes));
  }

  /** As {@link #of(TableEncoder, int[][], int)} reads it. */
  public int[][] table() {
    return IntStream.range(0, rows.cells().length)
        .mapToObj(
            i -> {
              int[] cells = rows.cells()[i];
              int[] row = Arrays.copyOf(cells, cells.length + 1);
              row[cells.length] = rows.labels()[i];
              return row;
            })
        .toArray(int[][]::new);
  }

  private static int label(int[] answers, int token) {
    return IntStream.range(0, answers.length)
        .filter(k -> answers[k] == token)
        .findFirst()
        .orElseThrow();
  }

  /**
   * What each row is answered by those of the other parts.
   *
   * @param parts of these rows
   * @return (rows, labels); nothing for any row if all are of one part
   */
  public double[][] heldOut(ContextReader reader, int[] parts, long seed) {
    return Arrays.stream(parts).distinct().count() < 2
        ? new double[parts.length][]
        : reader.heldOut(rows, parts, READINGS, seed);
  }

  /** Reads them all, to be asked about others. */
  public Context read(ContextReader reader, long seed) {
    return reader.read(rows, READINGS, seed);
  }
}
