package io.lift.model;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.incontext.InContextPredictor;
import io.lift.model.incontext.LabelledRows;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TokenCells;
import io.lift.model.incontext.trees.BoostedTrees;
import io.lift.model.online.OnlineTable;
import io.lift.model.text.TableEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads labelled rows of one task with the in-context model, and answers others from them. Nothing
 * is trained. Thread-safe.
 */
public final class LabelledRowReader {
  /** A constant, so that the same rows give the same answers in every process. */
  private static final long SEED = 0;

  /**
   * Of few rows more passes are averaged: they cost little, and the order of labels matters more.
   */
  private static final int FEW_ROWS = 64;

  /** About what the trees take. */
  private static final long BOOSTED_BYTES = 64 * 1024;

  private final InContextPredictor predictor;
  private final TableEncoder encoder;
  private final TokenCells cells;
  private final Map<String, Integer> answers = new HashMap<>();
  private final boolean numbers;

  private LabelledRowReader(
      InContextPredictor predictor, TableEncoder encoder, TaskLanguage language) {
    this.predictor = predictor;
    this.encoder = encoder;
    this.cells = new TokenCells(encoder.columns());
    this.numbers = language.targetGrid() != null;
    for (String candidate : language.candidates()) {
      answers.put(candidate + TaskLanguage.END_OF_COMPLETION, answers.size());
    }
  }

  /** The reader of a task; empty if the in-context model cannot read its columns or labels. */
  public static Optional<LabelledRowReader> of(BaseModel base, TaskLanguage language) {
    TableEncoder encoder = base.cellEncoder(language);
    return SupportSet.fits(language, encoder)
        ? Optional.of(new LabelledRowReader(base.inContextPredictor(), encoder, language))
        : Optional.empty();
  }

  /**
   * A row as the model sees it.
   *
   * @param cells one per column
   * @param label the index of its answer among the language's candidates
   */
  public record LabelledRow(int[] cells, int label) {}

  /** The cells of a prompt. */
  public int[] cells(Prompt prompt) {
    return cells.of(encoder.prompt(prompt));
  }

  /** A training example; empty if the language has no such completion. */
  public Optional<LabelledRow> row(Prompt prompt, String completion) {
    Integer label = answers.get(completion);
    return label == null ? Optional.empty() : Optional.of(new LabelledRow(cells(prompt), label));
  }

  /**
   * Reads rows, for later queries.
   *
   * @param rows at least one, oldest first
   */
  public Context read(List<LabelledRow> rows) {
    InContextPredictor.Context read =
        predictor.read(table(rows), rows.size() <= FEW_ROWS ? 2 : 1, SEED);
    return new Context(read::probabilities, read.bytes(), read::close);
  }

  /** Whether {@link #boost} can be used: in a classification of two labels and more. */
  public boolean boosts() {
    return !numbers && answers.size() > 1;
  }

  /**
   * Fits boosted trees to rows, for later queries. That takes a tenth of the time of reading them.
   *
   * @param rows at least one
   */
  public Context boost(List<LabelledRow> rows) {
    LabelledRows table = table(rows);
    BoostedTrees trees =
        new BoostedTrees(
            LabelledRows.columns(table.cells()),
            table.ofCategories(),
            table.labels(),
            table.classes());
    return new Context(
        queries -> trees.probabilities(LabelledRows.columns(queries)), BOOSTED_BYTES, () -> {});
  }

  private LabelledRows table(List<LabelledRow> rows) {
    return new LabelledRows(
        cells.categories(),
        rows.stream().map(LabelledRow::cells).toArray(int[][]::new),
        rows.stream().mapToInt(LabelledRow::label).toArray(),
        answers.size(),
        numbers);
  }

  /** How the task is learned row by row; empty for a regression, and for a large table. */
  public Optional<OnlineTable> online() {
    return Optional.of(new OnlineTable(cells.categories(), answers.size()))
        .filter(table -> !numbers && table.isSmall());
  }

  /** Rows that were read. */
  public static final class Context implements AutoCloseable {
    private final Function<int[][], double[][]> answers;
    private final long bytes;
    private final Runnable close;

    private Context(Function<int[][], double[][]> answers, long bytes, Runnable close) {
      this.answers = answers;
      this.bytes = bytes;
      this.close = close;
    }

    /**
     * Answers rows.
     *
     * @param queries their cells, (rows, columns)
     * @return (rows, candidates), each row summing to 1
     */
    public double[][] probabilities(List<int[]> queries) {
      return answers.apply(queries.toArray(int[][]::new));
    }

    /** What is kept of the rows, in bytes. */
    public long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      close.run();
    }
  }
}
