package io.lift.core.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.table.TaskInference;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainedColumnTest {

  private static TaskSpec sales() {
    TaskInference inference = new TaskInference();
    for (int i = 0; i < 60; i++) {
      inference.add(
          Map.of(
              "at",
              "2026-%02d-%02dT%02d:00:00Z".formatted(1 + i % 12, 1 + i % 28, i % 24),
              "price",
              "" + i * 1.5,
              "sold",
              i % 2 == 0 ? "yes" : "no"));
    }
    return inference.infer("sales", "sold", TaskType.CLASSIFICATION).task();
  }

  private static ExplainedColumn named(String field) {
    return ExplainedColumn.of(sales()).stream()
        .filter(column -> column.field().equals(field))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePartsOfADateAreOneFieldWhoseValueIsTheMoment() {
    assertThat(ExplainedColumn.of(sales()))
        .extracting(ExplainedColumn::field)
        .containsExactlyInAnyOrder("at", "price");
    ExplainedColumn date = named("at");
    assertThat(date.columns()).hasSizeGreaterThan(1);
    String trend =
        date.columns().stream()
            .filter(c -> c.date().part() == io.lift.core.task.DatePart.TREND)
            .findFirst()
            .orElseThrow()
            .name();
    assertThat(date.value(Map.of(trend, 20454.5))).isEqualTo("2026-01-01T12:00:00Z");
    assertThat(date.value(Map.of())).isNull();
  }

  @Test
  void aWholeNumberIsWrittenWithoutAFractionAndAMissingOneIsNull() {
    ExplainedColumn price = named("price");
    assertThat(price.value(Map.of("price", 47.0))).isEqualTo(47L);
    assertThat(price.value(Map.of("price", 1.5))).isEqualTo(1.5);
    assertThat(price.value(Map.of("price", 1e300))).isEqualTo(1e300);
    assertThat(List.of(price.columns().get(0).name())).containsExactly("price");
    assertThat(price.value(Map.of())).isNull();
  }
}
