package io.lift.model;

import io.lift.core.prompt.NumberGrid;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.PlainText;
import io.lift.core.task.Sentence;
import io.lift.core.task.TaskSpec;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.InContextReader.Context;
import io.lift.model.incontext.LabelledRows;
import io.lift.model.incontext.RowContent;
import io.lift.model.incontext.SupportRows;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TokenCells;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.incontext.trees.BoostedTrees;
import io.lift.model.online.OnlineTable;
import io.lift.model.text.TableEncoder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final InContextReader reader;
  private final TableEncoder encoder;
  private final LabelMeanings meanings; // null for none
  private final TokenCells cells;
  private final Map<String, Integer> answers = new HashMap<>();
  private final boolean numbers;
  private final List<Written> written; // in the order of the sentence

  /**
   * A column that the sentence has.
   *
   * @param words of a category, by cell
   */
  private record Written(Column column, List<String> words, NumberGrid grid) {
    static Written of(Column column) {
      Map<String, String> words = new LinkedHashMap<>(); // as TableColumn has them
      column.categories().forEach(word -> words.putIfAbsent(PlainText.of(word), word));
      return new Written(
          column,
          List.copyOf(words.values()),
          column.type() == ColumnType.NUMBER ? NumberGrid.ofFeature(column.numbers()) : null);
    }

    Object value(int cell) {
      return cell < 0 ? null : grid == null ? words.get(cell) : (Object) grid.decode(cell);
    }
  }

  private LabelledRowReader(
      InContextReader reader, TableEncoder encoder, LabelMeanings meanings, TaskLanguage language) {
    this.reader = reader;
    this.encoder = encoder;
    this.meanings = meanings;
    this.cells = new TokenCells(encoder.columns());
    this.numbers = language.targetGrid() != null;
    TaskSpec task = language.task();
    this.written =
        Sentence.of(task).slots().stream().map(task.features()::get).map(Written::of).toList();
    for (String candidate : language.candidates()) {
      answers.put(candidate + TaskLanguage.END_OF_COMPLETION, answers.size());
    }
  }

  /** The reader of a task; empty if the in-context model cannot read its columns or labels. */
  public static Optional<LabelledRowReader> of(BaseModel base, TaskLanguage language) {
    TableEncoder encoder = base.cellEncoder(language);
    return SupportSet.fits(language, encoder)
        ? Optional.of(
            new LabelledRowReader(
                base.inContextReader(), encoder, base.meanings(language, encoder), language))
        : Optional.empty();
  }

  /**
   * A row as the model sees it.
   *
   * @param content its cells and texts
   * @param label the index of its answer among the language's candidates
   */
  public record LabelledRow(RowContent content, int label) {
    /** A row without texts. */
    public static LabelledRow of(int[] cells, int label) {
      return new LabelledRow(new RowContent(cells, List.of()), label);
    }

    /** One per column of numbers or categories. */
    public int[] cells() {
      return content.cells();
    }
  }

  /** The cells and texts of a prompt. */
  public RowContent content(Prompt prompt) {
    return new RowContent(cells.of(encoder.prompt(prompt)), encoder.texts(prompt));
  }

  /**
   * The values that a content has, by column of the task: a number is the middle of its cell on the
   * column's grid. A missing value is absent.
   */
  public Map<String, Object> values(RowContent content) {
    Map<String, Object> values = new HashMap<>();
    int cell = 0;
    int text = 0;
    for (Written each : written) {
      Object value =
          each.column().type() == ColumnType.TEXT
              ? text(content.texts().get(text++))
              : each.value(content.cells()[cell++]);
      if (value != null) {
        values.put(each.column().name(), value);
      }
    }
    return values;
  }

  private static String text(String text) {
    return text.isEmpty() ? null : text;
  }

  /** A training example; empty if the language has no such completion. */
  public Optional<LabelledRow> row(Prompt prompt, String completion) {
    Integer label = answers.get(completion);
    return label == null ? Optional.empty() : Optional.of(new LabelledRow(content(prompt), label));
  }

  /**
   * Reads rows, for later queries.
   *
   * @param rows at least one, oldest first
   */
  public Context read(List<LabelledRow> rows) {
    List<List<String>> texts =
        encoder.hasTexts() ? rows.stream().map(row -> row.content().texts()).toList() : null;
    return reader.read(
        new SupportRows(table(rows), texts, meanings), rows.size() <= FEW_ROWS ? 2 : 1, SEED);
  }

  /** Whether rows have texts, which take longer to read. */
  public boolean readsTexts() {
    return encoder.hasTexts();
  }

  /** Whether {@link #boost} can be used: in a classification of two labels and more, with cells. */
  public boolean boosts() {
    return !numbers && answers.size() > 1 && !encoder.columns().isEmpty();
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
    return new TreeContext(trees);
  }

  /** Rows that trees were fitted to. */
  private record TreeContext(BoostedTrees trees) implements Context {
    @Override
    public double[][] probabilities(List<RowContent> queries) {
      return trees.probabilities(LabelledRows.columns(RowContent.cells(queries)));
    }

    @Override
    public long bytes() {
      return BOOSTED_BYTES;
    }

    @Override
    public void close() {}
  }

  private LabelledRows table(List<LabelledRow> rows) {
    return new LabelledRows(
        cells.categories(),
        rows.stream().map(LabelledRow::cells).toArray(int[][]::new),
        rows.stream().mapToInt(LabelledRow::label).toArray(),
        answers.size(),
        numbers);
  }

  /**
   * How the task is learned row by row; empty for a regression, for a large table and for texts
   * alone.
   */
  public Optional<OnlineTable> online() {
    return Optional.of(new OnlineTable(cells.categories(), answers.size()))
        .filter(table -> !numbers && table.isSmall() && !encoder.columns().isEmpty());
  }
}
