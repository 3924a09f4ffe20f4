package io.lift.core;

import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.util.List;

/** Tasks that the tests share. */
public final class Tasks {
  private Tasks() {}

  /** Statistics with a mean of 50 and a deviation of 15, so that grid and value are close. */
  public static NumberStats stats(int decimals) {
    return new NumberStats(100, 50, 15, 0, 100, decimals);
  }

  /**
   * {@code age} (whole numbers), {@code income} (2 decimals), {@code car}, {@code note}; label
   * {@code risk}.
   */
  public static TaskSpec loans(TemplateSpec template, NumberFormat numbers) {
    return of(
        TaskType.CLASSIFICATION,
        List.of(
            Column.number("age", stats(0)),
            Column.number("income", stats(2)),
            Column.category("car", List.of("1", "2.5", "true", "vw")),
            Column.text("note")),
        Column.category("risk", List.of("low", "high")),
        template,
        numbers);
  }

  public static TaskSpec of(
      TaskType type,
      List<Column> features,
      Column target,
      TemplateSpec template,
      NumberFormat numbers) {
    return new TaskSpec("loans", 1, type, features, target, template, numbers, null, null, null);
  }
}
