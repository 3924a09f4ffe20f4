package io.lift.bench.paper;

import io.lift.cli.eval.EvalCommand;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.context.ContextModel;
import io.lift.model.files.ModelFolder;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.nio.charset.StandardCharsets;

/**
 * Tells results of different models apart: a hash of the embedded model, of the pretrained one that
 * is heard beside it, and of every number that a task is trained with by default.
 */
final class LiftPrint {
  private static final int DIGITS = 16;

  private LiftPrint() {}

  /** Of this installation, hex. */
  static String own() {
    TrainingPolicy policy = TrainingPolicy.builder().budget(EvalCommand.BUDGET).build();
    return of(
        BaseModel.embeddedHash(),
        ContextModel.embedded().hash(),
        TrainingRecipe.of(Preset.EMBEDDED, policy));
  }

  static String of(String base, String reader, TrainingRecipe recipe) {
    String all = String.join(" ", base, reader, recipe.toString());
    return ModelFolder.hash(all.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
