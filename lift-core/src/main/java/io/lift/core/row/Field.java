package io.lift.core.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lift.core.task.Column;
import io.lift.core.task.DateFormat;
import io.lift.core.task.PlainText;
import java.io.IOException;

/** Reads and checks the values of one field of the rows. */
final class Field {
  /** A word of a category column that is not among the task's. */
  record Unseen(String word) {}

  private final int index;
  private final Column column;
  private final boolean label;
  private final CategoryWords words;
  private final MissingWords missing;

  /**
   * @param index of the field: those of the features in order, then the target
   * @param column the column of its values; if it holds dates, the column of one of their parts
   * @param label whether the column is the target of a classification, where every word must be
   *     known
   */
  Field(int index, Column column, boolean label) {
    this.index = index;
    this.column = column;
    this.label = label;
    this.words = new CategoryWords(column.categories());
    this.missing = MissingWords.of(column.missing());
  }

  int index() {
    return index;
  }

  String name() {
    return column.field();
  }

  /**
   * Reads the parser's current value.
   *
   * @return a Double or String; {@link Unseen} for a category that is not among the task's words; a
   *     {@link Moment} if the field holds dates; null if the value is missing
   */
  Object read(JsonToken token, JsonParser json) throws IOException, RowRejectedException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token.isStructStart()) {
      throw rejected(RejectReason.NESTED_VALUE, "holds " + FlatJson.kind(token) + ", not a value");
    }
    if (column.date() != null) {
      return date(token, json);
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
      String text = json.getText();
      if (isMissing(text)) {
        return null;
      }
      number = NumberParser.parse(text, column.notation());
    }
    if (number == null) {
      throw rejected(RejectReason.WRONG_TYPE, "needs a number, not " + Excerpt.of(json.getText()));
    }
    if (Double.isNaN(number)) {
      return null;
    }
    if (Double.isInfinite(number)) {
      throw rejected(
          RejectReason.NOT_FINITE, "needs a finite number, not " + Excerpt.of(json.getText()));
    }
    return number;
  }

  private Moment date(JsonToken token, JsonParser json) throws IOException, RowRejectedException {
    DateFormat format = column.date().format();
    Moment moment = null;
    if (token.isNumeric()) {
      double number = json.getDoubleValue();
      if (Double.isNaN(number)) {
        return null;
      }
      moment = format.perSecond() > 0 ? DateParser.parse(number, format) : null;
    } else if (token == JsonToken.VALUE_STRING) {
      if (isMissing(json.getText())) {
        return null;
      }
      moment = DateParser.parse(json.getText(), format);
    }
    if (moment == null) {
      throw rejected(
          RejectReason.WRONG_TYPE,
          "needs a date (" + format.words() + "), not " + Excerpt.of(json.getText()));
    }
    return moment;
  }

  private boolean isMissing(String text) {
    return text.isBlank() || missing.contains(text);
  }

  private Object category(String text) throws RowRejectedException {
    if (isMissing(text)) {
      return null;
    }
    String word = words.find(text);
    if (word == null && label) {
      throw rejected(
          RejectReason.UNKNOWN_LABEL, "has no label " + Excerpt.of(text) + " in the task");
    }
    return word == null ? new Unseen(PlainText.cut(text.strip(), Column.MAX_WORD)) : word;
  }

  private static String text(String text) {
    return text.isBlank() ? null : PlainText.cut(text, Column.MAX_TEXT);
  }

  RowRejectedException rejected(RejectReason reason, String what) {
    return new RowRejectedException(
        reason, name(), "Column " + Excerpt.of(name()) + " " + what + ".");
  }
}
