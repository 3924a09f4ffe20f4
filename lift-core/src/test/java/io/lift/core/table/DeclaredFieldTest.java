package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeclaredFieldTest {
  @Test
  void theTypesOfASchemaGoBeforeThoseOfTheValues() {
    TaskInference inference = new TaskInference();
    inference.declare(
        Map.of(
            "grade",
            DeclaredField.words(List.of("C", "B", "A")),
            "paid",
            DeclaredField.BOOLEAN,
            "day",
            DeclaredField.NUMBER,
            "y",
            DeclaredField.words(List.of("1", "2", "3"))));
    for (int i = 0; i < 40; i++) {
      inference.add(
          Map.of(
              "grade",
              "A",
              "paid",
              "true",
              "day",
              Integer.toString(1_700_000_000 + 86_400 * i),
              "seen",
              Integer.toString(1_700_000_000 + 86_400 * i),
              "y",
              i % 2 == 0 ? "1" : "2"));
    }
    TaskSpec task = inference.infer("t", "y", null).task();
    assertThat(task.type()).isEqualTo(TaskType.CLASSIFICATION);
    assertThat(task.labels()).containsExactly("1", "2", "3");
    assertThat(column(task, "grade").categories()).containsExactly("A", "B", "C");
    assertThat(column(task, "paid").categories()).containsExactly("false", "true");
    assertThat(column(task, "day").type()).isEqualTo(ColumnType.NUMBER);
    assertThat(column(task, "day").date()).isNull();
    assertThat(column(task, "seen trend").date()).isNotNull(); // not declared
  }

  @Test
  void aTypeThatTheValuesCannotHaveIsLeftAside() {
    TaskInference inference = new TaskInference();
    inference.declare(Map.of("x", DeclaredField.NUMBER, "gone", DeclaredField.DATE));
    for (int i = 0; i < 10; i++) {
      inference.add(Map.of("x", "word", "y", i % 2 == 0 ? "a" : "b"));
    }
    assertThat(column(inference.infer("t", "y", null).task(), "x").type())
        .isEqualTo(ColumnType.CATEGORY);
  }

  private static Column column(TaskSpec task, String name) {
    return task.features().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
