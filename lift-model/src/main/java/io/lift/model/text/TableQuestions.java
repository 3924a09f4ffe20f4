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
 * Questions about single columns in the tokens of the embedded model: one token for each column
 * known, the same as in the task's sentence, one for a known target, then one that asks. The answer
 * is a word's token, or an integer for a number's place on its grid.
 */
final class TableQuestions {
  private final ColumnLanguage columns;
  private final TableColumn[] features; // null for text
  private final TableTokenizer answering;
  private final int first; // the tokens that ask, by column; then those of a known number target
  private final TableColumn target; // null for classification

  /**
   * @param features the tokens of each feature, null where it is written out
   * @param answering knows {@link #words}
   * @param first token that is free
   * @throws InvalidModelException if numbers are written out
   */
  TableQuestions(
      ColumnLanguage columns, TableColumn[] features, TableTokenizer answering, int first) {
    this.columns = columns;
    this.features = features;
    this.answering = answering;
    this.first = first;
    for (int c = 0; c < features.length; c++) {
      if (columns.asks(c) && features[c] == null) {
        throw new InvalidModelException(
            "The embedded model generates rows only where numbers are places on a grid: create the"
                + " task without a number format of its own.");
      }
    }
    Column asked = columns.column(columns.target());
    target =
        asked.type() == ColumnType.NUMBER
            ? TableColumn.of(asked, NumberFormat.grid(), first + columns.count())
            : null;
  }

  /** What must be one token each in an answer. */
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

  /** The token that a cell of a column is answered with. */
  int answer(int column, String cell) {
    return columns.column(column).type() == ColumnType.CATEGORY
        ? answering.completion(cell, false).ids()[0]
        : answering.integerToken(Integer.parseInt(cell));
  }

  TokenizedText prompt(ColumnQuestion question) {
    TokenizedText.Builder out = new TokenizedText.Builder();
    for (int c = 0; c < columns.count(); c++) {
      String cell = question.cells()[c];
      if (cell != null && c != question.asked()) {
        known(c, cell, out);
      }
    }
    out.add(first + question.asked(), Sequence.FIXED);
    return out.tokens();
  }

  private void known(int column, String cell, TokenizedText.Builder out) {
    TableColumn tokens = column == columns.target() ? target : features[column];
    if (tokens == null) {
      out.add(answer(column, cell), Sequence.FIXED); // a label
    } else if (tokens.number()) {
      out.add(tokens.first() + Integer.parseInt(cell), tokens.first());
    } else {
      out.add(tokens.first() + tokens.words().indexOf(cell), Sequence.FIXED);
    }
  }

  /**
   * A question with its answer.
   *
   * @param end the end mark, or nothing
   */
  Sequence training(ColumnQuestion question, String cell, int[] end) {
    TokenizedText asked = prompt(question);
    int column = question.asked();
    int length = asked.length();
    int[] ids = Arrays.copyOf(asked.ids(), length + 1 + end.length);
    int[] zeros = Arrays.copyOf(asked.zeros(), ids.length);
    ids[length] = answer(column, cell);
    zeros[length] = moves(column) ? answering.integerToken(0) : Sequence.FIXED;
    for (int i = 0; i < end.length; i++) {
      ids[length + 1 + i] = end[i];
      zeros[length + 1 + i] = Sequence.FIXED;
    }
    return new Sequence(ids, zeros, 1 + end.length, end.length > 0);
  }

  /** Whether near places are as good an answer: not where numbers are few integers. */
  private boolean moves(int column) {
    boolean number = columns.column(column).type() == ColumnType.NUMBER;
    return number && (column == columns.target() || !features[column].codes());
  }
}
