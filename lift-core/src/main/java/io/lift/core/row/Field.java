package io.lift.core.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lift.core.task.Column;
import io.lift.core.task.PlainText;
import java.io.IOException;

/** Reads and checks the values of one column. */
final class Field {
  /** The result for a category that is not among the task's words. */
  static final Object UNSEEN = new Object();

  private final int index;
  private final Column column;
  private final boolean label;
  private final CategoryWords words;

  /**
   * @param index of the column: the features in order, then the target
   * @param label whether the column is the target of a classification, where every word must be
   *     known
   */
  Field(int index, Column column, boolean label) {
    this.index = index;
    this.column = column;
    this.label = label;
    this.words = new CategoryWords(column.categories());
  }

  int index() {
    return index;
  }

  String name() {
    return column.name();
  }

  /** Reads the parser's current value; null if it is missing. */
  Object read(JsonToken token, JsonParser json) throws IOException, RowRejectedException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isStructStart()) {
      throw rejected(RejectReason.NESTED_VALUE, "holds " + FlatJson.kind(token) + ", not a value");
    }
    return switch (column.type()) {
      case NUMBER -> number(token, json);
      case CATEGORY -> category(json.getText());
      case TEXT -> text(json.getText());
    };
  }

  private Double number(JsonToken token, JsonParser json) throws IOException, RowRejectedException {
    Double number = null;
    if (token.isNumeric()) {
      number = json.getDoubleValue();
    } else if (token == JsonToken.VALUE_STRING) {
      if (json.getText().isBlank()) {
        return null;
      }
      number = NumberParser.parse(json.getText());
    }
    if (number == null) {
      throw rejected(RejectReason.WRONG_TYPE, "needs a number, not " + Excerpt.of(json.getText()));
    }
    if (!Double.isFinite(number)) {
      throw rejected(
          RejectReason.NOT_FINITE, "needs a finite number, not " + Excerpt.of(json.getText()));
    }
    return number;
  }

  private Object category(String text) throws RowRejectedException {
    if (text.isBlank()) {
      return null;
    }
    String word = words.find(text);
    if (word == null && label) {
      throw rejected(
          RejectReason.UNKNOWN_LABEL, "has no label " + Excerpt.of(text) + " in the task");
    }
    return word == null ? UNSEEN : word;
  }

  private static String text(String text) {
    return text.isBlank() ? null : PlainText.cut(text, Column.MAX_TEXT);
  }

  RowRejectedException rejected(RejectReason reason, String what) {
    return new RowRejectedException(
        reason, name(), "Column " + Excerpt.of(name()) + " " + what + ".");
  }
}
