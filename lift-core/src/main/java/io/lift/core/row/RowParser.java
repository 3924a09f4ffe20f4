package io.lift.core.row;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Parses a flat JSON object as a row of a task. Thread-safe.
 *
 * <ul>
 *   <li>Columns may come in any order. Fields that are not columns of the task are skipped.
 *   <li>A column that is absent, null or blank text is missing. Words such as {@code NA} are
 *       values.
 *   <li>A number column accepts a JSON number or its text ({@code 1.5}, {@code "1.5"}). Other text
 *       and booleans are {@code WRONG_TYPE}. NaN, infinities and numbers beyond a double's range
 *       are {@code NOT_FINITE}. Every finite number is accepted.
 *   <li>A category column accepts text, numbers and booleans. {@code 1}, {@code 1.0} and {@code
 *       "1"} are the same word. A word that is not in the task is missing and counted in {@link
 *       Row#unseen()}.
 *   <li>A text column accepts any scalar, cut at {@link Column#MAX_TEXT} characters.
 *   <li>An object or array in a column is {@code NESTED_VALUE}. A repeated column is {@code
 *       DUPLICATE_FIELD}. A target that is not a label of the task is {@code UNKNOWN_LABEL}.
 *   <li>A row without any feature is {@code NO_FEATURES}, unless it has a target: then it is
 *       {@linkplain Row#labelOnly() a label for a row sent before}.
 * </ul>
 */
public final class RowParser {
  private final Map<String, Field> fields = new HashMap<>();
  private final int features;

  public RowParser(TaskSpec task) {
    features = task.features().size();
    for (int i = 0; i < features; i++) {
      Column feature = task.features().get(i);
      fields.put(feature.name(), new Field(i, feature, false));
    }
    boolean label = task.type() == TaskType.CLASSIFICATION;
    fields.put(task.target().name(), new Field(features, task.target(), label));
  }

  /**
   * Parses a row.
   *
   * @param json UTF-8 JSON
   * @throws RowRejectedException if the bytes are not a flat JSON object that fits the task
   */
  public Row parse(byte[] json) throws RowRejectedException {
    RowBuilder row = new RowBuilder();
    FlatJson.read(json, row);
    return row.build();
  }

  /** The row that is being parsed. */
  private final class RowBuilder implements FlatJson.Fields {
    private final boolean[] given = new boolean[features + 1];
    private final Map<String, Object> values = new HashMap<>(features * 4 / 3 + 2);
    private Object target;
    private int unseen;

    @Override
    public void next(String name, JsonToken token, JsonParser json)
        throws IOException, RowRejectedException {
      Field field = fields.get(name);
      if (field == null) {
        return;
      }
      if (given[field.index()]) {
        throw field.rejected(RejectReason.DUPLICATE_FIELD, "is given twice");
      }
      given[field.index()] = true;
      Object value = field.read(token, json);
      if (value == Field.UNSEEN) {
        unseen++;
      } else if (field.index() == features) {
        target = value;
      } else if (value != null) {
        values.put(field.name(), value);
      }
    }

    Row build() throws RowRejectedException {
      if (target == null && values.isEmpty() && unseen == 0) {
        throw new RowRejectedException(
            RejectReason.NO_FEATURES, null, "The row has neither a feature nor the target.");
      }
      return new Row(values, target, unseen);
    }
  }
}
