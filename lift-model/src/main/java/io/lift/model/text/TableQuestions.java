package io.lift.model.text;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.PlainText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Questions about single columns in the tokens of the embedded model: one token per known column,
 * the same as in the task's sentence; one for a known target; then one for the question. The answer
 * is a word's token, or an integer for a grid position.
 */
final class TableQuestions {
  private final ColumnLanguage columns;
  private final TableColumn[] features; // null for text
  private final TableTokenizer answerTokenizer;
  private final int first; // tokens of the questions, by column; then those of a number target
  private final TableColumn target; // null for classification

  /**
   * @param features the tokens of each feature; null if it is written as text
   * @param answerTokenizer has a token for each of the {@link #words}
   * @param first the first unused token
   * @throws InvalidModelException if the task's numbers are decimal
   */
  TableQuestions(
      ColumnLanguage columns, TableColumn[] features, TableTokenizer answerTokenizer, int first) {
    this.columns = columns;
    this.features = features;
    this.answerTokenizer = answerTokenizer;
    this.first = first;
    for (int c = 0; c < features.length; c++) {
      if (columns.includes(c) && features[c] == null) {
        throw new InvalidModelException(
            "The embedded model generates rows only for tasks with the number format grid: create"
                + " the task without another number format.");
      }
    }
    Column targetColumn = columns.column(columns.target());
    target =
        targetColumn.type() == ColumnType.NUMBER
            ? TableColumn.of(targetColumn, NumberFormat.grid(), first + columns.count())
            : null;
  }

  /** The words that must be one token each in an answer. */
  static List<String> words(ColumnLanguage columns) {
    return IntStream.range(0, columns.target())
        .mapToObj(c -> columns.column(c).categories())
        .flatMap(List::stream)
        .map(PlainText::of)
        .toList();
  }

  /** The tokens of a known number target; null for classification. */
  TableColumn target() {
    return target;
  }

  /** The token after the last. */
  int end() {
    return target == null ? first + columns.count() : target.end();
  }

  /** The answer token of a cell. */
  int answer(int column, String cell) {
    return columns.column(column).type() == ColumnType.CATEGORY
        ? answerTokenizer.completion(cell, false).ids()[0]
        : answerTokenizer.integerToken(Integer.parseInt(cell));
  }

  /** The tokens of a question. */
  TokenizedText prompt(ColumnQuestion question) {
    TokenizedText.Builder out = new TokenizedText.Builder();
    for (int c = 0; c < columns.count(); c++) {
      String cell = question.cells()[c];
      if (cell != null && c != question.column()) {
        known(c, cell, out);
      }
    }
    out.add(first + question.column());
    return out.build();
  }

  private void known(int column, String cell, TokenizedText.Builder out) {
    TableColumn tokens = column == columns.target() ? target : features[column];
    if (tokens == null) {
      out.add(answer(column, cell)); // a label
    } else if (tokens.number()) {
      out.add(tokens.first() + Integer.parseInt(cell), tokens.first());
    } else {
      out.add(tokens.first() + tokens.words().indexOf(cell));
    }
  }

  /**
   * A question with its answer.
   *
   * @param end the tokens of the end mark, or none
   */
  Sequence training(ColumnQuestion question, String cell, int[] end) {
    TokenizedText prompt = prompt(question);
    int column = question.column();
    int length = prompt.length();
    int[] ids = Arrays.copyOf(prompt.ids(), length + 1 + end.length);
    int[] gridStarts = Arrays.copyOf(prompt.gridStarts(), ids.length);
    ids[length] = answer(column, cell);
    gridStarts[length] = isOrdinal(column) ? answerTokenizer.integerToken(0) : Sequence.NO_GRID;
    for (int i = 0; i < end.length; i++) {
      ids[length + 1 + i] = end[i];
      gridStarts[length + 1 + i] = Sequence.NO_GRID;
    }
    return new Sequence(ids, gridStarts, 1 + end.length, end.length > 0);
  }

  /** Whether neighbouring grid positions are similar answers: false for codes of categories. */
  private boolean isOrdinal(int column) {
    boolean number = columns.column(column).type() == ColumnType.NUMBER;
    return number && (column == columns.target() || !features[column].codes());
  }
}
