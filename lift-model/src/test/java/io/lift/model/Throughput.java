package io.lift.model;

import io.lift.core.task.TrainingPolicy;
import java.lang.management.ManagementFactory;

/**
 * Steps and tokens per second of training on random rows: {@code Throughput FEATURES MEMBERS
 * STEPS}. CPU time of this thread is printed too, for machines that are busy otherwise.
 */
public final class Throughput {
  private Throughput() {}

  public static void main(String[] args) {
    int length = 2 * Integer.parseInt(args[0]) + 1;
    int members = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    TrainingRecipe recipe =
        TrainingRecipe.of(new TrainingPolicy(null, null, null, null, null, null, members, null));
    SeededRandom random = new SeededRandom(1);
    try (BaseModel base = BaseModel.embedded()) {
      int vocabulary = base.config().vocabSize() + length;
      ParameterLayout layout = ParameterLayout.of(base.config(), vocabulary);
      float[] parameters = base.initial(vocabulary, members, 0);
      float[] zeros = new float[parameters.length];
      Checkpoint zero =
          new Checkpoint(layout, members, parameters, zeros, zeros, 0, 0, 0, "", "", "");
      Sequence[][] rows = new Sequence[members][recipe.batch()];
      for (int i = 0; i < members * recipe.batch(); i++) {
        int[] ids = new int[length + 1];
        for (int t = 0; t < ids.length; t++) {
          ids[t] = (int) (vocabulary * random.uniform());
        }
        rows[i / recipe.batch()][i % recipe.batch()] =
            new Sequence(ids, new boolean[length + 1], 1, false);
      }
      try (Trainer trainer = new Trainer(base, recipe, 0, zero)) {
        for (int s = 0; s < steps / 4; s++) {
          trainer.step(rows, 1e-3);
        }
        long wall = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int s = 0; s < steps; s++) {
          trainer.step(rows, 1e-3);
        }
        double seconds = (System.nanoTime() - wall) / 1e9;
        double cpuSeconds =
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
        long tokens = (long) members * recipe.batch() * length * steps;
        System.out.printf(
            "%d members, length %d: %.0f steps/s, %.0f tokens/s; per CPU second %.0f steps, %.0f"
                + " tokens%n",
            members,
            length,
            steps / seconds,
            tokens / seconds,
            steps / cpuSeconds,
            tokens / cpuSeconds);
      }
    }
  }
}
