package io.lift.core.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses a JSON object as a row of a task. Thread-safe.
 *
 * <ul>
 *   <li>Columns may come in any order. Fields that are not columns of the task are skipped. The
 *       fields of a nested object are columns whose names have a dot: {@code customer.age}.
 *   <li>A column that is absent, null or blank text is missing, and so are the column's {@link
 *       Column#missing()} words. Elsewhere words such as {@code NA} are values.
 *   <li>A number column accepts a JSON number or its text ({@code 1.5}, {@code "1.5"}), which may
 *       follow the column's {@link Column#notation()}. Other text and booleans are {@code
 *       WRONG_TYPE}. NaN is missing. Infinities and numbers beyond a double's range are {@code
 *       NOT_FINITE}. Every finite number is accepted.
 *   <li>A field with dates fills the columns of their parts. What is not a date is {@code
 *       WRONG_TYPE}.
 *   <li>A category column accepts text, numbers and booleans. {@code 1}, {@code 1.0} and {@code
 *       "1"} are the same word. A word that is not in the task is kept as it came, cut at {@link
 *       Column#MAX_WORD} characters, and its column is in {@link Row#unseen()}.
 *   <li>A text column accepts any scalar, cut at {@link Column#MAX_TEXT} characters.
 *   <li>An object or array in a column is {@code NESTED_VALUE}. A repeated column is {@code
 *       DUPLICATE_FIELD}. A target that is not a label of the task is {@code UNKNOWN_LABEL}.
 *   <li>A row without any feature is {@code NO_FEATURES}, unless it has a target: then it is
 *       {@linkplain Row#labelOnly() a label for a row sent before}.
 *   <li>A row that names fewer features than the task's {@link TaskSpec#leastColumns()} is {@code
 *       FEW_COLUMNS}. If it is an envelope around a row (of Kafka Connect, Debezium or CloudEvents)
 *       and names less than half of the features, it is {@code ENVELOPE}.
 * </ul>
 */
public final class RowParser {
  private static final double MOST = 0.5;
  private static final int NAMED = 5;

  private final Map<String, Field> fields = new HashMap<>();
  private final int features; // fields that hold features
  private final int columns;
  private final List<String> names; // of the fields
  private final Column[][] parts; // by field that holds dates: the columns of their parts
  private final double least;

  public RowParser(TaskSpec task) {
    Map<String, List<Column>> byField = new LinkedHashMap<>();
    task.features()
        .forEach(
            column ->
                byField.computeIfAbsent(column.field(), any -> new ArrayList<>()).add(column));
    columns = task.features().size();
    features = byField.size();
    names = List.copyOf(byField.keySet());
    least = task.leastColumns();
    parts = new Column[features][];
    for (int i = 0; i < features; i++) {
      List<Column> held = byField.get(names.get(i));
      parts[i] = held.toArray(Column[]::new);
      fields.put(names.get(i), new Field(i, held.get(0), false));
    }
    boolean label = task.type() == TaskType.CLASSIFICATION;
    fields.put(task.target().name(), new Field(features, task.target(), label));
  }

  /** The number of fields that hold features. */
  public int fields() {
    return features;
  }

  /**
   * Parses a row.
   *
   * @param json UTF-8 JSON
   * @throws RowRejectedException if the bytes are not a JSON object that fits the task
   */
  public Row parse(byte[] json) throws RowRejectedException {
    RowBuilder row = new RowBuilder();
    FlatJson.read(json, row);
    return row.build();
  }

  /**
   * Parses a row that has been read.
   *
   * @throws RowRejectedException if the object does not fit the task
   */
  public Row parse(ObjectNode object) throws RowRejectedException {
    RowBuilder row = new RowBuilder();
    FlatJson.read(object, row);
    return row.build();
  }

  /** The row that is being parsed. */
  private final class RowBuilder implements FlatJson.Fields {
    private final boolean[] given = new boolean[features + 1];
    private final Map<String, Object> values = new HashMap<>(columns * 4 / 3 + 2);
    private Object target;
    private final List<String> unseen = new ArrayList<>();
    private final Envelopes envelopes = new Envelopes();

    @Override
    public void next(String name, JsonToken token, JsonParser json)
        throws IOException, RowRejectedException {
      envelopes.field(name);
      Field field = fields.get(name);
      if (field == null) {
        return;
      }
      if (given[field.index()]) {
        throw field.rejected(RejectReason.DUPLICATE_FIELD, "is given twice");
      }
      given[field.index()] = true;
      Object value = field.read(token, json);
      if (value instanceof Field.Unseen word) {
        unseen.add(field.name());
        values.put(field.name(), word.word());
      } else if (field.index() == features) {
        target = value;
      } else if (value instanceof Moment moment) {
        for (Column part : parts[field.index()]) {
          values.put(part.name(), moment.part(part.date().part()));
        }
      } else if (value != null) {
        values.put(field.name(), value);
      }
    }

    Row build() throws RowRejectedException {
      List<String> absent = absent();
      Row row = new Row(values, target, unseen, absent);
      double present = (features - absent.size()) / (double) features;
      if (!row.labelOnly() && present < MOST) {
        String sentence = envelopes.sentence();
        if (sentence != null) {
          throw new RowRejectedException(RejectReason.ENVELOPE, null, sentence);
        }
      }
      if (target == null && values.isEmpty()) {
        throw new RowRejectedException(
            RejectReason.NO_FEATURES, null, "The row has neither a feature nor the target.");
      }
      if (!row.labelOnly() && present < least) {
        throw new RowRejectedException(
            RejectReason.FEW_COLUMNS,
            absent.get(0),
            "The row has %d of the task's %d features, and the task asks for %.0f %% of them: %s missing."
                .formatted(features - absent.size(), features, 100 * least, list(absent)));
      }
      return row;
    }

    private List<String> absent() {
      List<String> absent = new ArrayList<>();
      for (int i = 0; i < features; i++) {
        if (!given[i]) {
          absent.add(names.get(i));
        }
      }
      return absent;
    }
  }

  private static String list(List<String> absent) {
    String first = String.join(", ", absent.subList(0, Math.min(NAMED, absent.size())));
    return absent.size() == 1
        ? first + " is"
        : absent.size() <= NAMED
            ? first + " are"
            : first + " and %d more are".formatted(absent.size() - NAMED);
  }
}
