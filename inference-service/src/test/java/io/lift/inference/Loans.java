package io.lift.inference;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A tiny task: the risk is high where the income is below 50. */
public final class Loans {
  private static final NumberStats STATS = new NumberStats(100, 50, 15, 0, 100, 0);

  private Loans() {}

  public static TaskSpec task(String name, int version, BeforeFirstCheckpoint before) {
    return task(name, version, before, TemplateSpec.named());
  }

  public static TaskSpec task(
      String name, int version, BeforeFirstCheckpoint before, TemplateSpec template) {
    return new TaskSpec(
        name,
        version,
        TaskType.CLASSIFICATION,
        List.of(Column.number("age", STATS), Column.number("income", STATS)),
        Column.category("risk", List.of("low", "high")),
        template,
        null,
        null,
        before,
        TrainingPolicy.builder().maxSteps(10).members(1).seed(7L).build());
  }

  public static Prompt prompt(TaskLanguage language, double age, double income) {
    return language.prompt(new Row(Map.of("age", age, "income", income), null, 0));
  }

  public static List<Example> examples(TaskLanguage language, int count, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double income = random.nextInt(100);
      examples.add(
          new Example(
              prompt(language, random.nextInt(100), income),
              language.completion(income < 50 ? "high" : "low")));
    }
    return examples;
  }
}
