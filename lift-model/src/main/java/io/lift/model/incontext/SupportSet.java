package io.lift.model.incontext;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.NumberGrid;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.incontext.InContextReader.Context;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.method.StratifiedSample;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The labelled rows of a task that the in-context model answers from: all rows of a round, or a
 * {@link StratifiedSample} of them.
 *
 * @param rows cells and texts with their labels
 * @param indices of the rows among all rows of the round; null from a checkpoint
 */
public record SupportSet(SupportRows rows, int[] indices) {
  /** Rows that a checkpoint stores at most. */
  public static final int MAX_ROWS = 1000;

  /**
   * Of few rows more passes are averaged: they cost little, and the slots of labels matter more.
   */
  private static final int FEW_ROWS = 256;

  private static final int PASSES_OF_FEW = 4;
  private static final int PASSES_OF_MANY = 2;

  private static final Prompt NO_PROMPT = new Prompt("", new int[0]);

  /** Fewer rows cannot be divided into folds. */
  private static final int MIN_ROWS = 8;

  /** Whether the in-context model can tell a task's answers: labels that are not too many. */
  public static boolean fits(TaskLanguage language) {
    return language.candidates().size() <= LabelledRows.MAX_LABELS;
  }

  /** Whether the in-context model can read a task: its answers, and no numbers in decimals. */
  public static boolean fits(TaskLanguage language, TaskEncoder encoder) {
    return fits(language) && encoder instanceof TableEncoder table && table.readsAllColumns();
  }

  /**
   * The support set of a round.
   *
   * @param sequences fresh rows first, then rehearsed ones, each in the order of the log
   * @param fresh how many rows are fresh
   * @param answers the token of each label, or of each cell of the target's grid
   * @param numbers whether this is a regression
   * @param meanings of the labels; null for none
   * @return empty if there are too few rows
   */
  public static Optional<SupportSet> of(
      TableEncoder encoder,
      Sequence[] sequences,
      int fresh,
      int[] answers,
      boolean numbers,
      LabelMeanings meanings) {
    if (sequences.length < MIN_ROWS) {
      return Optional.empty();
    }
    int[] labels = Arrays.stream(sequences).mapToInt(row -> label(answers, row.last())).toArray();
    int[] indices = StratifiedSample.of(labels, fresh, MAX_ROWS);
    Sequence[] chosen = Arrays.stream(indices).mapToObj(i -> sequences[i]).toArray(Sequence[]::new);
    return Optional.of(
        new SupportSet(labelled(encoder, chosen, answers, numbers, meanings), indices));
  }

  /**
   * All of some rows.
   *
   * @param sequences at least one
   * @param answers the token of each label, or of each cell of the target's grid
   * @param numbers whether this is a regression
   * @param meanings of the labels; null for none
   */
  public static SupportSet ofAll(
      TableEncoder encoder,
      Sequence[] sequences,
      int[] answers,
      boolean numbers,
      LabelMeanings meanings) {
    return new SupportSet(labelled(encoder, sequences, answers, numbers, meanings), null);
  }

  private static SupportRows labelled(
      TableEncoder encoder,
      Sequence[] sequences,
      int[] answers,
      boolean numbers,
      LabelMeanings meanings) {
    TokenCells cells = new TokenCells(encoder.columns());
    LabelledRows table =
        new LabelledRows(
            cells.categories(),
            Arrays.stream(sequences).map(row -> cells.of(row.ids())).toArray(int[][]::new),
            Arrays.stream(sequences).mapToInt(row -> label(answers, row.last())).toArray(),
            answers.length,
            numbers);
    List<List<String>> texts =
        encoder.hasTexts() ? Arrays.stream(sequences).map(Sequence::texts).toList() : null;
    return new SupportRows(table, texts, meanings);
  }

  private static int label(int[] answers, int token) {
    return IntStream.range(0, answers.length)
        .filter(k -> answers[k] == token)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The support set of a checkpoint.
   *
   * @param stored its rows
   * @param numbers whether this is a regression
   * @param meanings of the labels; null for none
   * @throws InvalidCheckpointException if the rows are not of this task
   */
  public static SupportSet ofStored(
      TableEncoder encoder,
      StoredRows stored,
      int classes,
      boolean numbers,
      LabelMeanings meanings) {
    int[][] table = stored.table();
    checkTexts(encoder, stored);
    int[] categories = new TokenCells(encoder.columns()).categories();
    for (int[] row : table) {
      boolean fits = row.length == categories.length + 1;
      for (int c = 0; fits && c < categories.length; c++) {
        int values = categories[c] == 0 ? NumberGrid.SIZE : categories[c];
        fits = row[c] >= -1 && row[c] < values;
      }
      if (!fits || row[categories.length] < 0 || row[categories.length] >= classes) {
        throw new InvalidCheckpointException("the checkpoint's support set is not of this task.");
      }
    }
    int[][] cells =
        Arrays.stream(table).map(r -> Arrays.copyOf(r, r.length - 1)).toArray(int[][]::new);
    int[] labels = Arrays.stream(table).mapToInt(r -> r[r.length - 1]).toArray();
    LabelledRows rows = new LabelledRows(categories, cells, labels, classes, numbers);
    return new SupportSet(new SupportRows(rows, stored.texts(), meanings), null);
  }

  private static void checkTexts(TableEncoder encoder, StoredRows stored) {
    int width = encoder.texts(NO_PROMPT).size();
    boolean fits =
        stored.texts() == null
            ? width == 0
            : width > 0
                && stored.texts().size() == stored.table().length
                && stored.texts().stream().allMatch(row -> row.size() == width);
    if (!fits) {
      throw new InvalidCheckpointException("the checkpoint's texts are not of this task.");
    }
  }

  /** The rows as checkpoints store them. */
  public StoredRows stored() {
    LabelledRows table = rows.table();
    int[][] cells =
        IntStream.range(0, rows.size())
            .mapToObj(
                i -> {
                  int[] own = table.cells()[i];
                  int[] row = Arrays.copyOf(own, own.length + 1);
                  row[own.length] = table.labels()[i];
                  return row;
                })
            .toArray(int[][]::new);
    return new StoredRows(cells, rows.texts());
  }

  /** How many rows there are. */
  public int size() {
    return rows.size();
  }

  /**
   * Answers each row from the rows of the other folds.
   *
   * @param folds of all rows of the round
   * @return for each row of the round its labels' probabilities; null for rows outside the support
   *     set, and for all rows if the support set is of one fold
   */
  public double[][] heldOut(InContextReader model, int[] folds, long seed) {
    double[][] answers = new double[folds.length][];
    int[] own = Arrays.stream(indices).map(i -> folds[i]).toArray();
    if (Arrays.stream(own).distinct().count() > 1) {
      double[][] given = model.heldOut(rows, own, passes(rows.size()), seed);
      for (int i = 0; i < own.length; i++) {
        answers[indices[i]] = given[i];
      }
    }
    return answers;
  }

  /**
   * Some of the rows.
   *
   * @param some their indices within this set
   */
  public SupportSet subset(int[] some) {
    return new SupportSet(rows.subset(some), null);
  }

  /**
   * Answers queries that may each use some of the rows.
   *
   * @param usable indices of those rows within this set, equally many for each query
   * @return (rows, labels), each row summing to 1
   */
  public double[][] probabilities(
      InContextReader model, List<int[]> usable, List<RowContent> queries, long seed) {
    int passes = passes(usable.isEmpty() ? 0 : usable.get(0).length);
    return model.probabilities(usable.stream().map(rows::subset).toList(), queries, passes, seed);
  }

  private static int passes(int rows) {
    return rows <= FEW_ROWS ? PASSES_OF_FEW : PASSES_OF_MANY;
  }

  /** Reads all rows, for later queries. */
  public Context read(InContextReader model, long seed) {
    return model.read(rows, passes(rows.size()), seed);
  }
}
