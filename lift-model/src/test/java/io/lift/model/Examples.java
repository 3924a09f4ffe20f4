package io.lift.model;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small tables with a known law, which the tests share. */
public final class Examples {
  private static final NumberStats UNIT = new NumberStats(100, 0, 1, -3, 3, 2);

  private Examples() {}

  /** Numbers a and b, a colour and a note; label yes exactly if a and b have the same sign. */
  public static TaskLanguage signs() {
    return language(
        TaskType.CLASSIFICATION,
        List.of(
            Column.number("a", UNIT),
            Column.number("b", UNIT),
            Column.category("colour", List.of("red", "blue")),
            Column.text("note")),
        Column.category("same", List.of("no", "yes")));
  }

  /** Numbers a and b; target 2a - b. */
  public static TaskLanguage line() {
    return language(
        TaskType.REGRESSION,
        List.of(Column.number("a", UNIT), Column.number("b", UNIT)),
        Column.number("y", new NumberStats(100, 0, 2.2, -7, 7, 2)));
  }

  public static TaskLanguage language(TaskType type, List<Column> features, Column target) {
    return new TaskLanguage(
        new TaskSpec("trial", 1, type, features, target, null, null, null, null, null));
  }

  /** The same task, told to learn to generate rows. */
  public static TaskLanguage generating(TaskLanguage language) {
    LearningMethod method = LearningMethod.PLAIN.generating();
    TrainingPolicy training = TrainingPolicy.builder().method(method).build();
    return new TaskLanguage(language.task().toBuilder().training(training).build());
  }

  /** A row of {@link #signs()} or {@link #line()}. */
  public record Case(Prompt prompt, Example example, Object target) {}

  /** Rows of {@link #signs()}; one in four has a note, so that lengths differ. */
  public static List<Case> signs(int count, long seed) {
    TaskLanguage language = signs();
    SeededRandom random = new SeededRandom(seed);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = away(random.gaussian());
      double b = away(random.gaussian());
      Map<String, Object> values = new HashMap<>(Map.of("a", a, "b", b));
      values.put("colour", random.uniform() < 0.5 ? "red" : "blue");
      if (i % 4 == 0) {
        values.put("note", "row " + i);
      }
      cases.add(of(language, values, a * b > 0 ? "yes" : "no"));
    }
    return cases;
  }

  /** Rows of {@link #line()} with noise of deviation 0.1. */
  public static List<Case> line(int count, long seed) {
    TaskLanguage language = line();
    SeededRandom random = new SeededRandom(seed);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.gaussian();
      double b = random.gaussian();
      Map<String, Object> values = Map.of("a", a, "b", b);
      cases.add(of(language, values, 2 * a - b + 0.1 * random.gaussian()));
    }
    return cases;
  }

  public static List<Example> examples(List<Case> cases) {
    return cases.stream().map(Case::example).toList();
  }

  public static List<Prompt> prompts(List<Case> cases) {
    return cases.stream().map(Case::prompt).toList();
  }

  private static Case of(TaskLanguage language, Map<String, Object> values, Object target) {
    Prompt prompt = language.prompt(new Row(values, null));
    return new Case(prompt, new Example(prompt, language.completion(target)), target);
  }

  private static double away(double x) {
    return x
        + Math.signum(x) * 0.3; // keeps clear of the border, where noise would change the label
  }
}
