package io.lift.trainer.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.RoundProgress;
import io.lift.model.RoundReport;
import io.lift.trainer.round.FineTuner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;

/**
 * A model that learns by heart and can be stopped within a round: its checkpoint is the budget that
 * it was started with, the steps done of the round that is running, and one line for each step and
 * each prompt that it was given as fresh. What it makes of any row depends on its budget alone.
 */
public final class BudgetFineTuners implements FineTuner.Factory {
  static final int STEPS = 10;

  private final DoubleUnaryOperator likelihood;
  private final ToIntFunction<String> steps;

  /**
   * @param likelihood what an ensemble started with a budget gives to any row's own answer
   */
  public BudgetFineTuners(DoubleUnaryOperator likelihood) {
    this(likelihood, task -> STEPS);
  }

  /**
   * @param steps of a round of a task, asked before each step; it may end a round that is running
   */
  BudgetFineTuners(DoubleUnaryOperator likelihood, ToIntFunction<String> steps) {
    this.likelihood = likelihood;
    this.steps = steps;
  }

  @Override
  public String baseModel() {
    return "base";
  }

  @Override
  public double budget(TrainingPolicy policy) {
    double own = policy.budget() == null ? 0.4 : policy.budget();
    return policy.members() == null ? own : 0;
  }

  /** The prompts that a checkpoint has learned, in order. */
  public static List<String> learned(byte[] checkpoint) {
    return new String(checkpoint, UTF_8)
        .lines()
        .skip(2)
        .filter(line -> !line.startsWith("step "))
        .toList();
  }

  @Override
  public FineTuner open(TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    List<String> lines =
        new ArrayList<>(
            checkpoint == null
                ? List.of(Double.toString(budget(policy)), "0")
                : Arrays.asList(new String(checkpoint, UTF_8).split("\n")));
    return new FineTuner() {
      @Override
      public RoundReport round(
          List<Example> fresh, List<Example> rehearsed, RoundProgress progress) {
        int begun = Integer.parseInt(lines.get(1));
        String task = language.task().name();
        int step = begun;
        while (step < steps.applyAsInt(task)) {
          step++;
          lines.set(1, Integer.toString(step));
          lines.add("step " + step + " over " + fresh.size());
          if (!progress.after(step, steps.applyAsInt(task), 1.0 / step)) {
            return new RoundReport(false, step - begun, 0, 0, 0.01, 1.0 / step, 0);
          }
        }
        lines.set(1, "0");
        fresh.forEach(row -> lines.add(row.prompt().text()));
        return new RoundReport(true, step - begun, 10L * fresh.size(), 0, 0.01, 0.5, 0);
      }

      @Override
      public double[] logLikelihoods(List<Example> examples) {
        double each = Math.log(likelihood.applyAsDouble(Double.parseDouble(lines.get(0))));
        return examples.stream().mapToDouble(row -> each).toArray();
      }

      @Override
      public long step() {
        return 0;
      }

      @Override
      public Map<String, Object> choices() {
        return Map.of("origin", lines.get(0));
      }

      @Override
      public byte[] checkpoint() {
        return String.join("\n", lines).getBytes(UTF_8);
      }

      @Override
      public void close() {}
    };
  }
}
