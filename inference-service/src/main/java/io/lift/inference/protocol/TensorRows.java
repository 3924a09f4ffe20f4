package io.lift.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the inputs of a call into the JSON of rows, so that rows are parsed as those from Kafka
 * are. An input is a column, or the one input {@value #ROWS} holds whole rows.
 */
final class TensorRows {
  /** The input whose elements are rows as JSON, unless the task has a column of this name. */
  static final String ROWS = "rows";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // NaN and infinities stay tokens, which the parser of rows judges
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private TensorRows() {}

  /**
   * The rows of a call.
   *
   * @throws CallException if the inputs are no rows
   */
  static List<byte[]> of(TaskSpec task, List<Tensor> inputs) throws CallException {
    Map<String, List<Object>> columns = new LinkedHashMap<>();
    for (Tensor input : inputs) {
      if (input == null || input.name() == null) {
        throw invalid("each input needs a name");
      }
      if (columns.put(input.name(), elements(input)) != null) {
        throw invalid("input %s is given twice", input.name());
      }
    }
    if (columns.isEmpty()) {
      throw invalid("the call has no inputs");
    }
    if (columns.containsKey(ROWS) && !isColumn(task, ROWS)) {
      return wholeRows(columns, inputs.get(0));
    }
    return rows(columns);
  }

  private static boolean isColumn(TaskSpec task, String name) {
    return task.features().stream().map(Column::field).anyMatch(name::equals);
  }

  private static List<byte[]> wholeRows(Map<String, List<Object>> columns, Tensor input)
      throws CallException {
    if (columns.size() > 1) {
      throw invalid("input %s holds whole rows, so there can be no other input", ROWS);
    }
    if (!input.datatype().equals(DataType.BYTES.name())) {
      throw invalid("input %s needs the datatype BYTES: rows as JSON", ROWS);
    }
    List<byte[]> rows = new ArrayList<>();
    for (Object row : columns.get(ROWS)) {
      if (row == null) {
        throw invalid("row %d is null", rows.size());
      }
      rows.add(row.toString().getBytes(UTF_8));
    }
    return rows;
  }

  private static List<byte[]> rows(Map<String, List<Object>> columns) throws CallException {
    String first = columns.keySet().iterator().next();
    int count = columns.get(first).size();
    for (Map.Entry<String, List<Object>> column : columns.entrySet()) {
      if (column.getValue().size() != count) {
        throw invalid(
            "input %s has %d rows, and input %s has %d",
            first, count, column.getKey(), column.getValue().size());
      }
    }
    List<byte[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(row(columns, i));
    }
    return rows;
  }

  private static byte[] row(Map<String, List<Object>> columns, int index) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, List<Object>> column : columns.entrySet()) {
        Object element = column.getValue().get(index);
        json.writeFieldName(column.getKey());
        write(json, element);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Object element) throws IOException {
    if (element == null) {
      json.writeNull();
    } else if (element instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (element instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (element instanceof Double || element instanceof Float) {
      json.writeNumber(((Number) element).doubleValue());
    } else if (element instanceof Number number) {
      json.writeNumber(number.longValue());
    } else {
      json.writeString((String) element);
    }
  }

  /** The elements of an input, one for each row. */
  private static List<Object> elements(Tensor input) throws CallException {
    DataType type = DataType.of(input.name(), input.datatype());
    if (input.data() == null) {
      throw invalid("input %s has no data", input.name());
    }
    List<Object> elements = new ArrayList<>();
    flatten(input.data(), elements);
    for (int i = 0; i < elements.size(); i++) {
      Object element = elements.get(i);
      if (element != null && !type.takes(element)) {
        throw invalid("row %d: input %s is %s and needs %s", i, input.name(), type, type.words());
      }
    }
    List<Long> shape = input.shape();
    boolean column = shape != null && (shape.size() == 1 || shape.size() == 2 && shape.get(1) == 1);
    if (!column) {
      throw invalid(
          "input %s has the shape %s; a column has [rows] or [rows, 1]", input.name(), shape);
    }
    if (shape.get(0) != elements.size()) {
      throw invalid(
          "input %s has the shape %s and %d elements", input.name(), shape, elements.size());
    }
    return elements;
  }

  private static void flatten(List<?> data, List<Object> elements) {
    for (Object element : data) {
      if (element instanceof List<?> nested) {
        flatten(nested, elements);
      } else {
        elements.add(element);
      }
    }
  }

  private static CallException invalid(String message, Object... arguments) {
    return new CallException(Kind.INVALID, message.formatted(arguments));
  }
}
