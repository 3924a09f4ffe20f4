package io.lift.cli.mlflow;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns that a task takes and gives, in MLflow's types. A field of a row may be missing. A
 * date is a text.
 *
 * @param inputs one for each field
 * @param outputs as {@code lift_model.py} makes them
 */
record ModelSignature(List<Map<String, Object>> inputs, List<Map<String, Object>> outputs) {
  private static final String DOUBLE = "double";
  private static final String STRING = "string";
  private static final String BOOLEAN = "boolean";
  private static final String LONG = "long";

  static ModelSignature of(TaskSpec task) {
    Map<String, Map<String, Object>> inputs = new LinkedHashMap<>();
    for (Column column : task.features()) {
      boolean number = column.type() == ColumnType.NUMBER && column.date() == null;
      inputs.putIfAbsent(column.field(), input(column.field(), number ? DOUBLE : STRING));
    }
    return new ModelSignature(List.copyOf(inputs.values()), outputs(task));
  }

  private static List<Map<String, Object>> outputs(TaskSpec task) {
    List<Map<String, Object>> outputs = new ArrayList<>();
    if (task.type() == TaskType.CLASSIFICATION) {
      outputs.add(output("answer", STRING));
      outputs.add(output("probability", DOUBLE));
      if (task.calibration().abstainBelow() != null) {
        outputs.add(output("abstained", BOOLEAN));
      }
    } else {
      outputs.add(output("answer", DOUBLE));
      outputs.add(output("lower", DOUBLE));
      outputs.add(output("upper", DOUBLE));
    }
    outputs.add(output("checkpoint", LONG));
    return outputs;
  }

  private static Map<String, Object> input(String name, String type) {
    Map<String, Object> column = output(name, type);
    column.put("required", false);
    return column;
  }

  private static Map<String, Object> output(String name, String type) {
    Map<String, Object> column = new LinkedHashMap<>();
    column.put("type", type);
    column.put("name", name);
    return column;
  }
}
