package io.lift.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.row.Row;
import io.lift.core.row.RowParser;
import io.lift.core.task.Column;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.inference.calls.CallException;
import io.lift.messages.Json;
import io.lift.testing.Loans;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows that come as tensors mean what they mean as JSON. */
class TensorRowsTest {
  private static final TaskSpec TASK = Loans.approvals("loans");

  @Test
  void eachInputIsAColumnWhateverTheNestingOfItsData() throws Exception {
    List<byte[]> rows =
        TensorRows.of(
            TASK,
            List.of(
                column("age", DataType.INT64, 30, 41),
                tensor(
                    "{\"name\":\"car\",\"shape\":[2,1],\"datatype\":\"BYTES\","
                        + "\"data\":[[\"fiat\"],[\"vw\"]]}")));

    assertThat(texts(rows))
        .containsExactly("{\"age\":30,\"car\":\"fiat\"}", "{\"age\":41,\"car\":\"vw\"}");
  }

  @Test
  void nullAndNotANumberAreMissingValues() throws Exception {
    List<byte[]> rows =
        TensorRows.of(
            TASK,
            List.of(
                column("age", DataType.FP64, Double.NaN, 41.5),
                column("car", DataType.BYTES, "vw", null)));

    Row first = new RowParser(TASK).parse(rows.get(0));
    Row second = new RowParser(TASK).parse(rows.get(1));
    assertThat(first.values()).isEqualTo(Map.of("car", "vw"));
    assertThat(second.values()).isEqualTo(Map.of("age", 41.5));
  }

  @Test
  void infinitiesReachTheRulesOfRows() throws Exception {
    List<byte[]> rows =
        TensorRows.of(TASK, List.of(column("age", DataType.FP64, Double.POSITIVE_INFINITY)));

    assertThatThrownBy(() -> new RowParser(TASK).parse(rows.get(0)))
        .hasMessageContaining("needs a finite number");
  }

  @Test
  void oneInputOfRowsHoldsThemAsJson() throws Exception {
    String row = "{\"age\": 30,  \"car\": \"fiat\"}";

    assertThat(texts(TensorRows.of(TASK, List.of(column("rows", DataType.BYTES, row)))))
        .containsExactly(row);
  }

  @Test
  void aColumnOfTheNameRowsIsAColumn() throws Exception {
    TaskSpec task =
        new TaskSpec(
            "counts",
            1,
            TaskType.CLASSIFICATION,
            List.of(Column.text("rows")),
            TASK.target(),
            null,
            null,
            null,
            null,
            null);

    assertThat(texts(TensorRows.of(task, List.of(column("rows", DataType.BYTES, "many")))))
        .containsExactly("{\"rows\":\"many\"}");
  }

  @Test
  void whatIsNoTableIsRefusedWithItsInputAndRow() {
    refused("the call has no inputs");
    refused(
        "row 1: input age is INT64 and needs a whole number",
        column("age", DataType.INT64, 1, 1.5));
    refused("row 0: input age is FP64 and needs a number", column("age", DataType.FP64, "1"));
    refused("row 0: input car is BYTES and needs text", column("car", DataType.BYTES, 1));
    refused("input age has the datatype INT; there are", input("age", "INT", List.of(1L), 1));
    refused(
        "input age has the shape [1, 2]; a column has [rows] or [rows, 1]",
        input("age", "FP64", List.of(1L, 2L), 1, 2));
    refused("input age has the shape [3] and 2 elements", input("age", "FP64", List.of(3L), 1, 2));
    refused(
        "input age has 1 rows, and input car has 2",
        column("age", DataType.FP64, 1),
        column("car", DataType.BYTES, "vw", "vw"));
    refused(
        "input age is given twice",
        column("age", DataType.FP64, 1),
        column("age", DataType.FP64, 1));
    refused(
        "input rows holds whole rows, so there can be no other input",
        column("rows", DataType.BYTES, "{}"),
        column("age", DataType.FP64, 1));
    refused("input rows needs the datatype BYTES", column("rows", DataType.FP64, 1));
    refused("input age has no data", new Tensor("age", List.of(1L), "FP64", null, null));
    refused("each input needs a name", column(null, DataType.FP64, 1));
  }

  private static void refused(String message, Tensor... inputs) {
    assertThatThrownBy(() -> TensorRows.of(TASK, Arrays.asList(inputs)))
        .isInstanceOf(CallException.class)
        .hasMessageStartingWith(message);
  }

  private static Tensor column(String name, DataType type, Object... elements) {
    return input(name, type.name(), List.of((long) elements.length), elements);
  }

  private static Tensor input(String name, String type, List<Long> shape, Object... elements) {
    return new Tensor(name, shape, type, null, Arrays.asList(elements));
  }

  private static Tensor tensor(String json) {
    return Json.read(json.getBytes(UTF_8), Tensor.class);
  }

  private static List<String> texts(List<byte[]> rows) {
    return rows.stream().map(row -> new String(row, UTF_8)).toList();
  }
}
