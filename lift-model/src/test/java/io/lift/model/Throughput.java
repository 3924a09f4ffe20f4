package io.lift.model;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.ParameterView;
import io.lift.model.training.Preset;
import io.lift.model.training.StepMemory;
import io.lift.model.training.TrainingRecipe;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Steps and tokens per second of training, and rows per second of scoring, on random rows: {@code
 * Throughput FEATURES MEMBERS STEPS [DEVICE [MODEL_FOLDER]]}. CPU time of this thread is printed
 * too, for machines that are busy otherwise.
 */
public final class Throughput {
  private Throughput() {}

  public static void main(String[] args) {
    int features = Integer.parseInt(args[0]);
    int length = features + 1;
    int members = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    TaskLanguage language = numbers(features);
    TrainingRecipe recipe =
        TrainingRecipe.of(Preset.EMBEDDED, TrainingPolicy.builder().members(members).build());
    SeededRandom random = new SeededRandom(1);
    String device = args.length > 3 ? args[3] : "auto";
    String folder = args.length > 4 ? args[4] : null;
    try (BaseModel base = BaseModel.open(folder, device)) {
      System.out.printf("%s on %s%n", base.name(), base.newManager().getDevice());
      TableEncoder encoder = base.encoder(language);
      int vocabulary = encoder.vocabulary();
      ParameterLayout layout = ParameterLayout.of(base.config(), vocabulary, encoder.answers());
      Ensemble ensemble = Ensemble.of(members);
      float[] parameters = base.initial(encoder, ensemble, 0);
      Checkpoint zero =
          Checkpoint.initial(
              parameters, 0, new Checkpoint.Provenance(layout, ensemble, "", "", ""));
      Sequence[][] rows = new Sequence[members][recipe.batch()];
      for (int i = 0; i < members * recipe.batch(); i++) {
        int[] ids = new int[length + 1];
        for (int t = 0; t < ids.length; t++) {
          ids[t] = (int) (vocabulary * random.uniform());
        }
        ids[length] = encoder.answer("a")[0];
        rows[i / recipe.batch()][i % recipe.batch()] =
            new Sequence(ids, Sequence.noGrid(length + 1), 1, false);
      }
      try (ModelTrainer trainer =
          new ModelTrainer(
              base.decoder(),
              base.newManager(),
              new ParameterView.AllWeights(layout, members),
              recipe,
              vocabulary,
              0,
              StepMemory.DEFAULT,
              zero)) {
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
            "training %d members, length %d: %.0f steps/s, %.0f tokens/s; per CPU second %.0f"
                + " steps, %.0f tokens%n",
            members,
            length,
            steps / seconds,
            tokens / seconds,
            steps / cpuSeconds,
            tokens / cpuSeconds);
      }
      scoring(base, language, members);
    }
  }

  private static TaskLanguage numbers(int features) {
    List<Column> columns =
        IntStream.range(0, features)
            .mapToObj(i -> Column.number("c" + i, new NumberStats(1, 0, 1, -3, 3, 2)))
            .toList();
    return Examples.language(
        TaskType.CLASSIFICATION, columns, Column.category("y", List.of("a", "b", "c")));
  }

  private static void scoring(BaseModel base, TaskLanguage language, int members) {
    List<Column> columns = language.task().features();
    List<Prompt> prompts = new ArrayList<>();
    SeededRandom random = new SeededRandom(2);
    for (int i = 0; i < 2048; i++) {
      Map<String, Object> values = new HashMap<>();
      columns.forEach(c -> values.put(c.name(), random.gaussian()));
      prompts.add(language.prompt(new Row(values, null)));
    }
    TrainingPolicy policy = TrainingPolicy.builder().members(members).build();
    byte[] checkpoint;
    try (FineTuning tuning = FineTuning.start(base, language, policy)) {
      checkpoint = tuning.checkpoint();
    }
    try (Scorer scorer = Scorer.of(base, language, checkpoint)) {
      scorer.score(prompts);
      long wall = System.nanoTime();
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < 3; i++) {
        scorer.score(prompts);
      }
      double seconds = (System.nanoTime() - wall) / 1e9;
      double cpuSeconds =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
      System.out.printf(
          "scoring %d members, %d columns: %.0f rows/s; per CPU second %.0f%n",
          members, columns.size(), 3 * 2048 / seconds, 3 * 2048 / cpuSeconds);
    }
  }
}
