package io.lift.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.Sequence;
import io.lift.model.text.TokenBatch;
import java.util.Arrays;

/**
 * The trained parameters of one task and the step that changes them. All random choices are a
 * function of seed and step, so parameters, optimizer state and step are the whole state.
 */
public final class ModelTrainer implements AutoCloseable {
  private final Decoder decoder;
  private final ParameterView view;
  private final TrainingRecipe recipe;
  private final MicroBatches microBatches;
  private final NDManager manager;
  private final NDArray parameters; // (M, P)
  private final AdamW optimizer;
  private final GradientAccumulator gradients;
  private Ensemble ensemble;
  private long step;
  private long optimizerSteps; // since the optimizer was reset

  /**
   * What a step did.
   *
   * @param loss in nats per completion token
   * @param tokens read, padding excluded
   * @param padding tokens read in vain
   * @param applied false if loss or gradient was not finite and nothing was changed
   */
  public record StepReport(double loss, long tokens, long padding, boolean applied) {}

  /** The state at one moment. */
  public record Snapshot(
      NDArray parameters, NDArray firstMoment, NDArray secondMoment, long step, long optimizerSteps)
      implements AutoCloseable {
    @Override
    public void close() {
      parameters.close();
      firstMoment.close();
      secondMoment.close();
    }
  }

  /**
   * @param manager owns the arrays; closed with this
   * @param vocabulary tokens of a member, V
   * @param padding a token for positions that no token attends to
   * @param memory that a step may take
   * @param from where to continue; its layout must be that of {@code view}
   */
  public ModelTrainer(
      Decoder decoder,
      NDManager manager,
      ParameterView view,
      TrainingRecipe recipe,
      int vocabulary,
      int padding,
      StepMemory memory,
      Checkpoint from) {
    this.decoder = decoder;
    this.view = view;
    this.recipe = recipe;
    this.manager = manager;
    this.parameters = array(from.state().parameters(), view.members());
    Checkpoint.Moments moments = from.state().optimizer();
    this.optimizer =
        new AdamW(
            moments == null ? zeros() : array(moments.first(), view.members()),
            moments == null ? zeros() : array(moments.second(), view.members()),
            array(view.layout().decay(recipe.optimizer().weightDecay()), 1));
    this.microBatches =
        new MicroBatches(
            decoder.config(),
            vocabulary,
            view.members(),
            view.stacked(),
            memory,
            padding,
            recipe.endWeight());
    this.gradients =
        new GradientAccumulator(
            view,
            recipe,
            microBatches,
            new ForwardBackward(decoder, manager, view, recipe, memory.recompute()));
    this.ensemble = from.provenance().ensemble();
    this.step = from.state().step();
    this.optimizerSteps = from.optimizerSteps();
  }

  private NDArray array(float[] data, int rows) {
    return TorchEngine.array(manager, data, rows, view.layout().size());
  }

  private NDArray zeros() {
    return manager.zeros(new Shape(view.members(), view.layout().size()));
  }

  /** The members with their weights. */
  public Ensemble ensemble() {
    return ensemble;
  }

  /** Gives the same members other weights. */
  public void reweight(Ensemble reweighted) {
    ensemble = reweighted;
  }

  /** Optimizer steps since the base model. */
  public long step() {
    return step;
  }

  /**
   * One step: forward and backward of each micro-batch, clip, update.
   *
   * @param rows (M, B) sequences, with noise
   * @param rate learning rate
   */
  public StepReport step(Sequence[][] rows, double rate) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        GradientAccumulator.Result result = gradients.accumulate(parameters, rows, step);
        boolean applied =
            Double.isFinite(result.loss())
                && optimizer.update(
                    recipe.optimizer(), parameters, result.gradient(), rate, optimizerSteps + 1);
        step++;
        optimizerSteps++;
        return new StepReport(result.loss(), result.tokens(), result.padding(), applied);
      }
    }
  }

  /** The gradient of a step's loss by the flat vector, (M, P), without an update. */
  public float[] gradient(Sequence[][] rows) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        return gradients.accumulate(parameters, rows, step).gradient().toFloatArray();
      }
    }
  }

  /**
   * The members' log probabilities of all tokens as the first one of each row's completion.
   *
   * @param rows (M, B) sequences with completions of one token
   * @return (M * B * A)
   */
  public float[] logProbabilities(Sequence[][] rows) {
    Sequence[] flat = Arrays.stream(rows).flatMap(Arrays::stream).toArray(Sequence[]::new);
    TokenBatch batch =
        TokenBatch.of(flat, view.members(), microBatches.vocabulary(), microBatches.padding(), 1);
    try (NDScope scope = new NDScope()) {
      ParameterView.DecoderParameters bound = view.bind(view.pieces(parameters), false);
      TokenInput tokens =
          TokenInput.of(
              manager.create(batch.tokens()), batch.rows(), batch.length(), batch.padding());
      return decoder
          .logits(bound.weights(), tokens, batch.targetLength(), 0)
          .logSoftmax(2)
          .toFloatArray();
    }
  }

  /** How many micro-batches a step on these rows has. */
  public int microBatches(Sequence[][] rows) {
    return microBatches.of(rows).size();
  }

  /** Discards the optimizer's state: the next step is its first. */
  public void resetOptimizer() {
    optimizer.firstMoment().muli(0);
    optimizer.secondMoment().muli(0);
    optimizerSteps = 0;
  }

  /** A copy of the state, for {@link #restore}. */
  public Snapshot snapshot() {
    return new Snapshot(
        parameters.duplicate(),
        optimizer.firstMoment().duplicate(),
        optimizer.secondMoment().duplicate(),
        step,
        optimizerSteps);
  }

  /** Goes back to an earlier state. */
  public void restore(Snapshot snapshot) {
    snapshot.parameters().copyTo(parameters);
    snapshot.firstMoment().copyTo(optimizer.firstMoment());
    snapshot.secondMoment().copyTo(optimizer.secondMoment());
    step = snapshot.step();
    optimizerSteps = snapshot.optimizerSteps();
  }

  /**
   * The whole state and its provenance.
   *
   * @param rounds where among the rounds it is made
   * @param base the base model's hash
   * @param language the task language's hash
   */
  public Checkpoint checkpoint(Checkpoint.RoundPosition rounds, String base, String language) {
    Checkpoint.Moments moments =
        optimizerSteps == 0
            ? null
            : new Checkpoint.Moments(
                optimizer.firstMoment().toFloatArray(), optimizer.secondMoment().toFloatArray());
    return new Checkpoint(
        new Checkpoint.State(parameters.toFloatArray(), moments, step, rounds, recipe.seed()),
        new Checkpoint.Provenance(view.layout(), ensemble, recipe.toString(), base, language),
        Checkpoint.Support.NONE);
  }

  /** Arrays of this trainer and of its decoder in the engine: constant between steps. */
  public int residentArrays() {
    return manager.getManagedArrays().size() + decoder.residentArrays();
  }

  @Override
  public void close() {
    manager.close();
  }
}
