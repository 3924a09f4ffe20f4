package io.lift.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.PeftFolder;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.AdapterLayout;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.CheckpointCodec;
import io.lift.model.training.CheckpointTarget;
import io.lift.model.training.ParameterView;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.util.List;

/**
 * The parameters that can be trained on a base model for a task: all weights of the embedded model,
 * adapters on published ones.
 */
final class ParameterFactory implements CheckpointTarget {
  private final BaseModel base;
  private final TaskLanguage language;
  private final int vocabulary;
  private final int answers;

  ParameterFactory(BaseModel base, TaskLanguage language) {
    this.base = base;
    this.language = language;
    TaskEncoder encoder = base.taskEncoder(language);
    this.vocabulary = encoder.vocabulary();
    this.answers = encoder.answers();
  }

  private boolean adapters() {
    return adapters(base);
  }

  private static boolean adapters(BaseModel base) {
    return base.frozen() != null;
  }

  /**
   * Checks everything that does not depend on a task.
   *
   * @throws InvalidModelException if a base cannot be trained with a policy; one sentence says why
   */
  static void check(BaseModel base, TrainingPolicy policy, TrainingOptions options) {
    TrainingRecipe recipe = recipe(base, policy, options);
    if (options.adapter() != null) {
      adapter(base, options.adapter().config(), options.adapter().tensors().keySet());
    } else if (recipe.lora() != null) {
      adapter(base, recipe);
    }
  }

  private static AdapterLayout adapter(BaseModel base, TrainingRecipe recipe) {
    return AdapterLayout.of(
        base.config().linears(), recipe.lora(), base.config().names().inputFirst(), base.name());
  }

  private static AdapterLayout adapter(
      BaseModel base, PeftConfig config, Iterable<String> tensors) {
    if (!adapters(base)) {
      throw new InvalidModelException("The embedded model takes no adapters.");
    }
    return AdapterLayout.of(base.config().linears(), config, tensors);
  }

  /**
   * The settings to train with.
   *
   * @throws InvalidModelException if the preset or the policy do not fit the base
   */
  static TrainingRecipe recipe(BaseModel base, TrainingPolicy policy, TrainingOptions options) {
    boolean adapters = adapters(base);
    Preset own = base.isEncoder() ? Preset.ENCODER : adapters ? Preset.PAPER : Preset.EMBEDDED;
    Preset preset = options.preset() == null ? own : options.preset();
    TrainingRecipe recipe = TrainingRecipe.of(preset, policy);
    if (adapters && recipe.lora() == null) {
      throw new InvalidModelException(
          "Preset embedded trains all weights, which only the embedded model is made for: use"
              + " preset paper with a base model of your own.");
    }
    if (!adapters && (recipe.lora() != null || options.adapter() != null)) {
      throw new InvalidModelException(
          "The embedded model is trained whole, without adapters: preset paper and starting"
              + " adapters need a base model of your own (lift.model.path).");
    }
    if (adapters && base.frozen().type() != DataType.FLOAT32) {
      throw new InvalidModelException(
          "Gradients do not pass through the engine's changes of type: a trainer computes in f32"
              + " (lift.model.dtype=f32 or auto); what it trains can be served in f16.");
    }
    return recipe;
  }

  /**
   * A fine-tuning that has not begun and changes nothing yet. An ensemble of whole models has as
   * many members as the recipe says, and one where it leaves them to the budget.
   */
  Checkpoint initial(TrainingRecipe recipe) {
    int members = Math.max(1, recipe.members());
    if (!adapters()) {
      return initial(recipe, Ensemble.of(members));
    }
    AdapterLayout layout = adapter(base, recipe);
    float[] parameters = new float[Math.multiplyExact(members, layout.size())];
    for (int m = 0; m < members; m++) {
      long seed = m == 0 ? recipe.seed() : SeededRandom.mix(recipe.seed(), RandomStream.ADAPTER, m);
      System.arraycopy(layout.initial(seed), 0, parameters, m * layout.size(), layout.size());
    }
    return Checkpoint.initial(parameters, recipe.seed(), provenance(layout, Ensemble.of(members)));
  }

  /** The same for an ensemble of whole models. */
  Checkpoint initial(TrainingRecipe recipe, Ensemble ensemble) {
    float[] parameters = base.initial(base.encoder(language), ensemble, recipe.seed());
    return Checkpoint.initial(parameters, recipe.seed(), provenance(allWeights(), ensemble));
  }

  /**
   * The same for adapters that all begin as the one in a folder.
   *
   * @throws InvalidModelException if it does not fit the base
   */
  Checkpoint initial(TrainingRecipe recipe, PeftFolder folder) {
    AdapterLayout layout = adapter(folder.config(), folder.tensors().keySet());
    int members = Math.max(1, recipe.members());
    float[] one = layout.flat(folder.tensors());
    float[] parameters = new float[Math.multiplyExact(members, layout.size())];
    for (int m = 0; m < members; m++) {
      System.arraycopy(one, 0, parameters, m * layout.size(), layout.size());
    }
    return Checkpoint.initial(parameters, recipe.seed(), provenance(layout, Ensemble.of(members)));
  }

  private Checkpoint.Provenance provenance(FlatLayout layout, Ensemble ensemble) {
    return new Checkpoint.Provenance(layout, ensemble, "", base(), language());
  }

  /**
   * Reads a checkpoint.
   *
   * @throws InvalidCheckpointException if the file is damaged, of another format, or made for
   *     another base, language or in-context model
   */
  Checkpoint read(byte[] file) {
    return CheckpointCodec.decode(this, file);
  }

  /** The decoder's view of parameters of a layout. */
  ParameterView view(FlatLayout layout, int members) {
    return layout instanceof AdapterLayout adapter
        ? new ParameterView.Adapters(adapter, base.frozen(language), members)
        : new ParameterView.AllWeights((ParameterLayout) layout, members);
  }

  /**
   * The adapters of a checkpoint, to serve with.
   *
   * @param manager owns their arrays
   */
  List<Adapter> adapters(Checkpoint checkpoint, NDManager manager) {
    FlatLayout layout = checkpoint.provenance().layout();
    int members = checkpoint.members();
    ParameterView view = view(layout, members);
    NDList pieces =
        view.pieces(
            TorchEngine.array(manager, checkpoint.state().parameters(), members, layout.size()));
    return view.bind(pieces, false).adapters();
  }

  @Override
  public String base() {
    return base.hash();
  }

  @Override
  public String language() {
    return language.hash();
  }

  @Override
  public String inContextModel() {
    return base.inContextModel() == null ? "none" : base.inContextModel().hash();
  }

  @Override
  public FlatLayout allWeights() {
    if (adapters()) {
      throw new InvalidCheckpointException(
          "the checkpoint has all weights, but this base takes adapters.");
    }
    return ParameterLayout.of(base.config(), vocabulary, answers);
  }

  @Override
  public AdapterLayout adapter(PeftConfig config, Iterable<String> tensors) {
    return adapter(base, config, tensors);
  }
}
