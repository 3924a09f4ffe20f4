package io.lift.model.incontext;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.NumberGrid;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskType;
import io.lift.model.incontext.InContextClassifier.Context;
import io.lift.model.incontext.InContextClassifier.Labelled;
import io.lift.model.method.StratifiedSample;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows of a task, as the pretrained model reads them in context: beside the members of a committee,
 * which learn them, or alone. All of a round, or {@link StratifiedSample} of them.
 *
 * @param rows in cells, with their labels
 * @param numbers which of all rows of the round they are; null out of a checkpoint
 */
public record SupportSet(Labelled rows, int[] numbers) {
  /** More are not kept. */
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
   * Those of a round.
   *
   * @param sequences fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many are fresh
   * @param answers the token of each label
   * @return nothing if there are too few
   */
  public static Optional<SupportSet> of(
      TableEncoder encoder, Sequence[] sequences, int fresh, int[] answers) {
    if (sequences.length < FEWEST) {
      return Optional.empty();
    }
    int[] labels = Arrays.stream(sequences).mapToInt(row -> label(answers, row.last())).toArray();
    int[] numbers = StratifiedSample.of(labels, fresh, MOST);
    Sequence[] chosen = Arrays.stream(numbers).mapToObj(i -> sequences[i]).toArray(Sequence[]::new);
    return Optional.of(new SupportSet(all(encoder, chosen, answers), numbers));
  }

  /**
   * Some rows as they are.
   *
   * @param sequences at least one
   * @param answers the token of each label
   */
  public static Labelled all(TableEncoder encoder, Sequence[] sequences, int[] answers) {
    TokenCells cells = new TokenCells(encoder.columns());
    return new Labelled(
        cells.categories(),
        Arrays.stream(sequences).map(row -> cells.of(row.ids())).toArray(int[][]::new),
        Arrays.stream(sequences).mapToInt(row -> label(answers, row.last())).toArray(),
        answers.length);
  }

  /**
   * From a checkpoint.
   *
   * @param table (rows, columns + 1): cells, then the label
   * @throws InvalidCheckpointException if they are no rows of this task
   */
  public static SupportSet of(TableEncoder encoder, int[][] table, int classes) {
    int[] categories = new TokenCells(encoder.columns()).categories();
    for (int[] row : table) {
      boolean fits = row.length == categories.length + 1;
      for (int c = 0; fits && c < categories.length; c++) {
        int values = categories[c] == 0 ? NumberGrid.SIZE : categories[c];
        fits = row[c] >= -1 && row[c] < values;
      }
      if (!fits || row[categories.length] < 0 || row[categories.length] >= classes) {
        throw new InvalidCheckpointException(
            "the checkpoint's rows in context are not of this task.");
      }
    }
    int[][] cells =
        Arrays.stream(table).map(r -> Arrays.copyOf(r, r.length - 1)).toArray(int[][]::new);
    int[] labels = Arrays.stream(table).mapToInt(r -> r[r.length - 1]).toArray();
    return new SupportSet(new Labelled(categories, cells, labels, classes), null);
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
   * @param parts of all rows that these were chosen from
   * @return for each of all rows its labels' probabilities; nothing for rows that were not chosen,
   *     or if all are of one part
   */
  public double[][] heldOut(InContextClassifier reader, int[] parts, long seed) {
    double[][] answers = new double[parts.length][];
    int[] own = Arrays.stream(numbers).map(i -> parts[i]).toArray();
    if (Arrays.stream(own).distinct().count() > 1) {
      double[][] given = reader.heldOut(rows, own, READINGS, seed);
      for (int i = 0; i < own.length; i++) {
        answers[numbers[i]] = given[i];
      }
    }
    return answers;
  }

  /**
   * Some of them.
   *
   * @param places among these
   */
  public SupportSet only(int[] places) {
    return new SupportSet(rows.only(places), null);
  }

  /**
   * What rows are answered that each may read some of these.
   *
   * @param places of those, as many for each
   * @param asked (rows, columns) in cells
   * @return (rows, labels), each row summing to 1
   */
  public double[][] answers(
      InContextClassifier reader, List<int[]> places, int[][] asked, long seed) {
    return reader.probabilities(places.stream().map(rows::only).toList(), asked, READINGS, seed);
  }

  /** Reads them all, to be asked about others. */
  public Context read(InContextClassifier reader, long seed) {
    return reader.read(rows, READINGS, seed);
  }
}
