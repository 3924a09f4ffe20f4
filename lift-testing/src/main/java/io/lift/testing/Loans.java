package io.lift.testing;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.BeforeFirstCheckpoint;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Small tasks that tests of several modules share. */
public final class Loans {
  private static final NumberStats STATS = new NumberStats(100, 50, 15, 0, 100, 0);

  private Loans() {}

  /** Is a loan approved? Age (a number) and car (fiat or vw) are known. */
  public static TaskSpec approvals(String name, String... sources) {
    return new TaskSpec(
        name,
        1,
        TaskType.CLASSIFICATION,
        List.of(Column.number("age", STATS), Column.category("car", List.of("fiat", "vw"))),
        Column.category("approved", List.of("no", "yes")),
        TemplateSpec.named(),
        NumberFormat.grid(),
        Stream.of(sources).map(Source::of).toList(),
        null,
        null);
  }

  /** How much does a house cost? Its number of rooms is known. */
  public static TaskSpec prices(String name, String... sources) {
    return new TaskSpec(
        name,
        1,
        TaskType.REGRESSION,
        List.of(Column.number("rooms", STATS)),
        Column.number("price", STATS),
        null,
        null,
        Stream.of(sources).map(Source::of).toList(),
        null,
        null);
  }

  /** {@link #approvals} with a template that names a column that does not exist. */
  public static TaskSpec contradictory(String name) {
    TaskSpec task = approvals(name);
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

  /** How high is the risk of a loan? It is high where the income is below 50. */
  public static TaskSpec risks(String name, int version, BeforeFirstCheckpoint before) {
    return risks(name, version, before, TemplateSpec.named());
  }

  /** {@link #risks(String, int, BeforeFirstCheckpoint)} in other words. */
  public static TaskSpec risks(
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

  /** The prompt of one row of {@link #risks(String, int, BeforeFirstCheckpoint)}. */
  public static Prompt prompt(TaskLanguage language, double age, double income) {
    return language.prompt(new Row(Map.of("age", age, "income", income), null));
  }

  /** Labelled rows of {@link #risks(String, int, BeforeFirstCheckpoint)}. */
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
