package io.lift.bench.paper;

import io.lift.checkpoint.ModelFolder;
import io.lift.cli.eval.EvalCommand;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.incontext.TransformerWeights;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells results of different models apart: a hash of the weights that tasks start from, of the
 * pretrained model that is weighted beside them, and of every number that a task is trained with by
 * default.
 */
final class LiftPrint {
  private static final int DIGITS = 16;

  /** A number that may be a code and one that may not: two kinds of start. */
  private static final TaskSpec SMALL =
      new TaskSpec(
          "small",
          1,
          TaskType.CLASSIFICATION,
          List.of(
              Column.number("code", new NumberStats(9, 3, 2, 0, 6, 0)),
              Column.number("quantity", new NumberStats(9, 0, 1, -2, 2, 3))),
          Column.category("label", List.of("no", "yes")),
          null,
          null,
          null,
          null,
          null);

  private LiftPrint() {}

  /**
   * Of this installation, hex.
   *
   * @param settings of the services, such as another base model
   */
  static String own(Map<String, String> settings) {
    TrainingPolicy policy = TrainingPolicy.builder().budget(EvalCommand.BUDGET).build();
    String start = BaseModel.embeddedStart(new TaskLanguage(SMALL));
    return of(
        settings.isEmpty() ? start : start + new TreeMap<>(settings),
        TransformerWeights.embedded().hash(),
        TrainingRecipe.of(Preset.EMBEDDED, policy));
  }

  static String of(String start, String reader, TrainingRecipe recipe) {
    String all = String.join(" ", start, reader, recipe.toString());
    return ModelFolder.hash(all.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
