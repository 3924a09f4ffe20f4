package io.lift.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.lift.core.task.Column;
import io.lift.core.task.PlainText;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a flat JSON object as a row of a task. Thread-safe.
 *
 * <ul>
 *   <li>Columns may come in any order; fields that are not columns of the task are skipped,
 *       whatever they hold.
 *   <li>A column that is absent, null or blank text is missing. Words such as {@code NA} are not:
 *       they are values.
 *   <li>A number column takes a JSON number or its text ({@code 1.5}, {@code "1.5"}). Other text
 *       and booleans are {@code WRONG_TYPE}; NaN, infinities and numbers beyond a double's range
 *       are {@code NOT_FINITE}; any finite number is kept, however large.
 *   <li>A category column takes text, numbers ({@code 1}, {@code 1.0} and {@code "1"} are the same
 *       word) and booleans. A word that the task has not seen counts as missing, and as {@link
 *       Row#unseen()}.
 *   <li>A text column takes any scalar, cut at {@link Column#MAX_TEXT} characters.
 *   <li>An object or array in a column is {@code NESTED_VALUE}; a column given twice is {@code
 *       DUPLICATE_FIELD}; a target that is not a label of the task is {@code UNKNOWN_LABEL}.
 *   <li>A row without any feature is {@code NO_FEATURES}, unless it brings its target: then it is
 *       {@linkplain Row#labelOnly() a label for a row sent before}.
 * </ul>
 */
public final class RowParser {
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // read, so that they are told apart from what is not JSON at all
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final Map<String, Field> fields = new HashMap<>();
  private final int features;

  public RowParser(TaskSpec task) {
    List<Column> columns = task.features();
    features = columns.size();
    for (int i = 0; i < features; i++) {
      fields.put(columns.get(i).name(), Field.of(i, columns.get(i), false));
    }
    boolean label = task.type() == TaskType.CLASSIFICATION;
    fields.put(task.target().name(), Field.of(features, task.target(), label));
  }

  /**
   * @param json UTF-8 JSON
   * @throws RowRejected if the bytes are not a flat JSON object that fits the task
   */
  public Row parse(byte[] json) throws RowRejected {
    if (json == null) {
      throw new RowRejected(RejectReason.NULL_VALUE, null, "the record has no value");
    }
    int invalid = Utf8.firstInvalid(json);
    if (invalid >= 0) {
      throw new RowRejected(
          RejectReason.INVALID_UTF8, null, "byte " + invalid + " of the value is not UTF-8");
    }
    if (json.length > 1 && (json[0] == 0 || json[1] == 0)) {
      throw invalidJson("the value starts with a NUL byte (UTF-16?)"); // Jackson would guess
    }
    try (JsonParser parser = JSON.createParser(json)) {
      return read(parser);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
      String where = at < 0 ? "" : " at byte " + at;
      throw invalidJson("not JSON" + where + ": " + Excerpt.escaped(e.getOriginalMessage(), 120));
    } catch (IOException e) {
      throw invalidJson("not JSON: " + Excerpt.escaped(String.valueOf(e.getMessage()), 120));
    }
  }

  private Row read(JsonParser json) throws IOException, RowRejected {
    JsonToken start = json.nextToken();
    if (start == null) {
      throw invalidJson("the value is empty");
    }
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      expectEnd(json);
      throw new RowRejected(
          RejectReason.NOT_AN_OBJECT, null, "a row is a JSON object, this is " + kind(start));
    }
    Map<String, Object> values = new HashMap<>(features * 4 / 3 + 2);
    boolean[] given = new boolean[features + 1];
    Object target = null;
    int unseen = 0;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      Field field = fields.get(name);
      if (field == null) {
        json.skipChildren();
        continue;
      }
      if (given[field.index]) {
        throw rejected(RejectReason.DUPLICATE_FIELD, field, "is given twice");
      }
      given[field.index] = true;
      if (token.isStructStart()) {
        throw rejected(RejectReason.NESTED_VALUE, field, "holds " + kind(token) + ", not a value");
      }
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      Object value = field.read(json, token);
      if (value == Field.UNSEEN) {
        unseen++;
      } else if (field.index == features) {
        target = value;
      } else if (value != null) {
        values.put(field.name, value);
      }
    }
    expectEnd(json);
    if (target == null && values.isEmpty() && unseen == 0) {
      throw new RowRejected(
          RejectReason.NO_FEATURES, null, "the row has neither a feature nor the target");
    }
    return new Row(values, target, unseen);
  }

  private static void expectEnd(JsonParser json) throws IOException, RowRejected {
    if (json.nextToken() != null) {
      throw invalidJson("something follows the JSON value");
    }
  }

  private static RowRejected invalidJson(String message) {
    return new RowRejected(RejectReason.INVALID_JSON, null, message);
  }

  private static RowRejected rejected(RejectReason reason, Field field, String what) {
    return new RowRejected(reason, field.name, "column " + Excerpt.of(field.name) + " " + what);
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "text";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }

  /** A column as the parser meets it. */
  private static final class Field {
    static final Object UNSEEN = new Object();

    final int index;
    final String name;
    final Column column;
    final boolean label;
    final CategoryWords words;

    private Field(int index, Column column, boolean label) {
      this.index = index;
      this.name = column.name();
      this.column = column;
      this.label = label;
      this.words = new CategoryWords(column.categories());
    }

    static Field of(int index, Column column, boolean label) {
      return new Field(index, column, label);
    }

    /** The value of a scalar; null if it is missing. */
    Object read(JsonParser json, JsonToken token) throws IOException, RowRejected {
      return switch (column.type()) {
        case NUMBER -> number(json, token);
        case CATEGORY -> category(json.getText());
        case TEXT -> text(json.getText());
      };
    }

    private Double number(JsonParser json, JsonToken token) throws IOException, RowRejected {
      Double number;
      if (token.isNumeric()) {
        number = json.getDoubleValue();
      } else {
        String text = json.getText();
        if (text.isBlank()) {
          return null;
        }
        number = token == JsonToken.VALUE_STRING ? Numbers.parse(text) : null;
        if (number == null) {
          throw rejected(RejectReason.WRONG_TYPE, this, "needs a number, not " + Excerpt.of(text));
        }
      }
      if (!Double.isFinite(number)) {
        throw rejected(
            RejectReason.NOT_FINITE,
            this,
            "needs a finite number, not " + Excerpt.of(json.getText()));
      }
      return number;
    }

    private Object category(String text) throws RowRejected {
      if (text.isBlank()) {
        return null;
      }
      String word = words.find(text);
      if (word == null && label) {
        throw rejected(
            RejectReason.UNKNOWN_LABEL, this, "has no label " + Excerpt.of(text) + " in the task");
      }
      return word == null ? UNSEEN : word;
    }

    private static String text(String text) {
      return text.isBlank() ? null : PlainText.cut(text, Column.MAX_TEXT);
    }
  }
}
