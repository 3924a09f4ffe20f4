package io.lift.core.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lift.core.row.NumberParser;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the rows of a table as the flat JSON of {@code lift.rows}. Numbers of number columns
 * become JSON numbers, whatever their notation, and other values become text. Empty fields become
 * null, so that a row names all columns of its table. A value of a number column that is not a
 * number becomes text, so that the serializer rejects it. Thread-safe.
 */
public final class JsonRows {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Column> numbers = new HashMap<>();

  public JsonRows(TaskSpec task) {
    task.features().forEach(this::addIfNumber);
    addIfNumber(task.target());
  }

  private void addIfNumber(Column column) {
    if (column.type() == ColumnType.NUMBER && column.date() == null) {
      numbers.put(column.name(), column);
    }
  }

  /** The row as UTF-8 JSON. */
  public byte[] write(Map<String, String> row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 * row.size() + 2);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, String> field : row.entrySet()) {
        String value = field.getValue();
        json.writeFieldName(field.getKey());
        if (value == null || value.isBlank()) {
          json.writeNull();
          continue;
        }
        Column column = numbers.get(field.getKey());
        Double number = column == null ? null : NumberParser.parse(value, column.notation());
        if (number == null || !Double.isFinite(number)) {
          json.writeString(value);
        } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
          json.writeNumber(number.longValue());
        } else {
          json.writeNumber(number);
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }
}
