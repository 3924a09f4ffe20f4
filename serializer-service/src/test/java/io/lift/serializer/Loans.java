package io.lift.serializer;

import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.List;

/** Tasks that the tests share: is a loan approved, and how much does a house cost. */
final class Loans {
  private static final NumberStats STATS = new NumberStats(100, 50, 15, 0, 100, 0);

  private Loans() {}

  static TaskSpec task(String name, String... sources) {
    return new TaskSpec(
        name,
        1,
        TaskType.CLASSIFICATION,
        List.of(Column.number("age", STATS), Column.category("car", List.of("fiat", "vw"))),
        Column.category("approved", List.of("no", "yes")),
        TemplateSpec.named(),
        NumberFormat.grid(),
        List.of(sources),
        null,
        null);
  }

  static TaskSpec prices(String name, String... sources) {
    return new TaskSpec(
        name,
        1,
        TaskType.REGRESSION,
        List.of(Column.number("rooms", STATS)),
        Column.number("price", STATS),
        null,
        null,
        List.of(sources),
        null,
        null);
  }

  static TaskSpec contradictory(String name) {
    TaskSpec task = task(name);
    return new TaskSpec(
        name,
        1,
        task.type(),
        task.features(),
        task.target(),
        TemplateSpec.free("no such {column}"),
        null,
        null,
        null,
        null);
  }
}
