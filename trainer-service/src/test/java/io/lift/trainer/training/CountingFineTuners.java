package io.lift.trainer.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.RoundProgress;
import io.lift.model.RoundReport;
import io.lift.trainer.round.FineTuner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A model that learns by heart: its checkpoint is the list of prompts it was given as fresh, in
 * order. So a row that was lost or trained on twice shows in the weights themselves. Two of them
 * may compute in one JVM, which the real model's engine does not allow.
 */
final class CountingFineTuners implements FineTuner.Factory {
  static final int STEPS = 5;

  private final RoundProgress steps;
  private final BooleanSupplier finite;

  /**
   * @param steps asked before each step; may wait
   * @param finite whether a round's loss is finite
   */
  CountingFineTuners(RoundProgress steps, BooleanSupplier finite) {
    this.steps = steps;
    this.finite = finite;
  }

  CountingFineTuners() {
    this((step, of, loss) -> true, () -> true);
  }

  /** The prompts that a checkpoint has learned. */
  static List<String> learned(byte[] checkpoint) {
    String text = new String(checkpoint, UTF_8);
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  @Override
  public String baseModel() {
    return "counting";
  }

  @Override
  public double budget(TrainingPolicy policy) {
    return 0;
  }

  @Override
  public FineTuner open(TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    if (checkpoint != null && checkpoint.length == 0) {
      throw new InvalidCheckpointException("empty");
    }
    List<String> learned = new ArrayList<>(checkpoint == null ? List.of() : learned(checkpoint));
    return new FineTuner() {
      private long step;

      @Override
      public RoundReport round(
          List<Example> fresh, List<Example> rehearsed, RoundProgress progress) {
        for (int i = 1; i <= STEPS; i++) {
          steps.after(i, STEPS, 1);
          step++;
          if (!progress.after(i, STEPS, 1.0 / i)) {
            return new RoundReport(false, i, 0, 0, 0.01, 1.0 / i, 0);
          }
        }
        fresh.forEach(example -> learned.add(example.prompt().text()));
        double loss = finite.getAsBoolean() ? 1.0 / STEPS : Double.NaN;
        return new RoundReport(true, STEPS, 10L * fresh.size(), 0, 0.01, loss, 0);
      }

      @Override
      public double[] logLikelihoods(List<Example> examples) {
        throw new UnsupportedOperationException("a task without a budget");
      }

      @Override
      public long step() {
        return step;
      }

      @Override
      public Map<String, Object> choices() {
        return Map.of();
      }

      @Override
      public byte[] checkpoint() {
        return String.join("\n", learned).getBytes(UTF_8);
      }

      @Override
      public void close() {}
    };
  }
}
