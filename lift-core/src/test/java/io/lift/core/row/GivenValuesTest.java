package io.lift.core.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenValuesTest {
  private static final TaskSpec TASK =
      new TaskSpec(
          "houses",
          1,
          TaskType.CLASSIFICATION,
          List.of(
              Column.number("size", new NumberStats(9, 80, 20, 40, 120, 1)),
              Column.category("rooms", List.of("1", "2", "many")),
              Column.text("note")),
          Column.category("sold", List.of("true", "false")),
          null,
          null,
          null,
          null,
          null);

  @Test
  void whatIsGivenBecomesTheValuesOfARow() {
    assertThat(GivenValues.read(TASK, Map.of("size", "300.5", "rooms", 2.0, "sold", true)))
        .containsOnly(Map.entry("size", 300.5), Map.entry("rooms", "2"), Map.entry("sold", "true"));
    assertThat(GivenValues.read(TASK, Map.of())).isEmpty();
  }

  @Test
  void whatDoesNotFitIsRejectedWithItsColumn() {
    rejected("colour", "red", "Task houses has no column 'colour'.");
    rejected("rooms", "3", "Column 'rooms' has no value '3' in the task.");
    rejected("sold", "perhaps", "Column 'sold' has no value 'perhaps' in the task.");
    rejected("size", "large", "Column 'size' needs a finite number, not 'large'.");
    rejected("size", true, "Column 'size' needs a finite number, not 'true'.");
    rejected("size", "1e999", "Column 'size' needs a finite number, not '1e999'.");
    rejected("size", List.of(1), "Column 'size' is given without a value");
    rejected("size", null, "Column 'size' is given without a value");
    rejected("note", "quiet", "Column 'note' is free text");
  }

  private static void rejected(String column, Object value, String message) {
    Map<String, Object> given = new HashMap<>();
    given.put(column, value);
    assertThatThrownBy(() -> GivenValues.read(TASK, given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
