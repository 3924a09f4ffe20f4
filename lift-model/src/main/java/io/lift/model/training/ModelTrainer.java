package io.lift.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
import java.util.List;

/**
 * The trained numbers of one task and the step that moves them. Everything but the numbers is a
 * function of seed and step, so the numbers and the step are the whole state.
 */
public final class ModelTrainer implements AutoCloseable {
  private final Decoder decoder;
  private final ParameterView trained;
  private final TrainingRecipe recipe;
  private final MicroBatches microBatches;
  private final NDManager manager;
  private final NDArray parameters; // (M, P)
  private final AdamW optimizer;
  private final Backward backward;
  private final int vocabulary;
  private Ensemble committee;
  private long step;
  private long optimizerSteps; // since the optimizer was at rest

  /**
   * What a step did.
   *
   * @param loss in nats per completion token
   * @param tokens read, padding excluded
   * @param padding read in vain
   * @param applied false if loss or gradient was not finite and nothing was changed
   */
  public record StepReport(double loss, long tokens, long padding, boolean applied) {}

  /** The arrays at one moment. */
  public record Snapshot(
      NDArray parameters, NDArray mean, NDArray square, long step, long optimizerSteps)
      implements AutoCloseable {
    @Override
    public void close() {
      parameters.close();
      mean.close();
      square.close();
    }
  }

  /**
   * @param manager owns the arrays; closed with this
   * @param vocabulary tokens of a member, V
   * @param padding a token for places that nobody reads
   * @param memory what a step may take
   * @param from where to go on; its layout must be that of {@code trained}
   */
  public ModelTrainer(
      Decoder decoder,
      NDManager manager,
      ParameterView trained,
      TrainingRecipe recipe,
      int vocabulary,
      int padding,
      StepMemory memory,
      Checkpoint from) {
    this.decoder = decoder;
    this.trained = trained;
    this.recipe = recipe;
    this.vocabulary = vocabulary;
    this.manager = manager;
    this.parameters = array(from.state().parameters(), trained.members());
    Checkpoint.Moments moments = from.state().optimizer();
    this.optimizer =
        new AdamW(
            moments == null ? zeros() : array(moments.first(), trained.members()),
            moments == null ? zeros() : array(moments.second(), trained.members()),
            array(trained.layout().decay(recipe.optimizer().weightDecay()), 1));
    this.microBatches =
        new MicroBatches(
            decoder.config(),
            trained.members(),
            trained.sideBySide(),
            memory,
            padding,
            recipe.endWeight());
    this.backward = new Backward(decoder, manager, trained, recipe, memory.recompute());
    this.committee = from.provenance().ensemble();
    this.step = from.state().step();
    this.optimizerSteps = from.optimizerSteps();
  }

  private NDArray zeros() {
    return manager.zeros(new Shape(trained.members(), trained.layout().size()));
  }

  /** The members, and how they are heard. */
  public Ensemble committee() {
    return committee;
  }

  /** Hears the same members differently. */
  public void hear(Ensemble differently) {
    committee = differently;
  }

  /** Lets the optimizer forget: the next step begins anew. */
  public void rest() {
    optimizer.mean().muli(0);
    optimizer.square().muli(0);
    optimizerSteps = 0;
  }

  /** Steps since the base model. */
  public long step() {
    return step;
  }

  /**
   * One step: forward and backward of each micro-batch, clip, update.
   *
   * @param rows (M, B) sequences, jitter included
   * @param rate learning rate
   */
  public StepReport step(Sequence[][] rows, double rate) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        NDList leaves = leaves();
        Sums sums = accumulate(rows, leaves);
        boolean applied =
            Double.isFinite(sums.loss())
                && optimizer.update(
                    recipe.optimizer(), parameters, gradient(leaves), rate, optimizerSteps + 1);
        step++;
        optimizerSteps++;
        return new StepReport(sums.loss(), sums.tokens(), sums.padding(), applied);
      }
    }
  }

  /** The gradient of a step's loss by the flat vector, (M, P), and nothing else. */
  public float[] gradient(Sequence[][] rows) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        NDList leaves = leaves();
        accumulate(rows, leaves);
        return gradient(leaves).toFloatArray();
      }
    }
  }

  /**
   * What the members give to the first token of each row's completion, of all tokens.
   *
   * @param rows (M, B) sequences with completions of one token
   * @return log probabilities (M * B * A)
   */
  public float[] logProbabilities(Sequence[][] rows) {
    Sequence[] flat = Arrays.stream(rows).flatMap(Arrays::stream).toArray(Sequence[]::new);
    TokenBatch batch =
        TokenBatch.of(flat, trained.members(), vocabulary, microBatches.padding(), 1);
    try (NDScope scope = new NDScope()) {
      ParameterView.Reading reading = trained.read(trained.pieces(parameters), false);
      TokenInput tokens =
          TokenInput.of(
              manager.create(batch.tokens()), batch.rows(), batch.length(), batch.padding());
      return decoder
          .logits(reading.weights(), tokens, batch.want(), 0)
          .logSoftmax(2)
          .toFloatArray();
    }
  }

  /** How many micro-batches a step on these rows has. */
  public int microBatches(Sequence[][] rows) {
    return microBatches.of(rows, vocabulary).size();
  }

  private record Sums(double loss, long tokens, long padding) {}

  /** Adds up the gradients of the micro-batches: together they are that of the whole batch. */
  private Sums accumulate(Sequence[][] rows, NDList leaves) {
    List<TokenBatch> parts = microBatches.of(rows, vocabulary);
    double weight = parts.stream().mapToDouble(TokenBatch::weight).sum();
    double divisor = recipe.perToken() ? weight / trained.members() : rows[0].length;
    double loss = 0;
    long tokens = 0;
    long padding = 0;
    for (int p = 0; p < parts.size(); p++) {
      TokenBatch part = parts.get(p);
      loss += backward.of(leaves, part, 1 / divisor, step, p);
      tokens += part.tokensRead();
      padding += (long) part.rows() * part.length() - part.tokensRead();
    }
    return new Sums(loss * divisor / weight, tokens, padding);
  }

  /** The vector in pieces that share its memory and have gradients of their own. */
  private NDList leaves() {
    NDList leaves = new NDList();
    for (NDArray piece : trained.pieces(parameters)) {
      NDArray leaf = piece.stopGradient();
      leaf.setRequiresGradient(true);
      leaves.add(leaf);
    }
    return leaves;
  }

  private static NDArray gradient(NDList leaves) {
    if (leaves.size() == 1) {
      return leaves.get(0).getGradient();
    }
    NDList gradients = new NDList();
    leaves.forEach(leaf -> gradients.add(leaf.getGradient()));
    return NDArrays.concat(gradients, 1);
  }

  /** A copy to go back to. */
  public Snapshot remember() {
    return new Snapshot(
        parameters.duplicate(),
        optimizer.mean().duplicate(),
        optimizer.square().duplicate(),
        step,
        optimizerSteps);
  }

  public void restore(Snapshot kept) {
    kept.parameters().copyTo(parameters);
    kept.mean().copyTo(optimizer.mean());
    kept.square().copyTo(optimizer.square());
    step = kept.step();
    optimizerSteps = kept.optimizerSteps();
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
                optimizer.mean().toFloatArray(), optimizer.square().toFloatArray());
    return new Checkpoint(
        new Checkpoint.State(parameters.toFloatArray(), moments, step, rounds, recipe.seed()),
        new Checkpoint.Provenance(trained.layout(), committee, recipe.toString(), base, language),
        Checkpoint.Support.NONE);
  }

  /** Arrays of this trainer and of its decoder that live in the engine: flat between steps. */
  public int residentArrays() {
    return manager.getManagedArrays().size() + decoder.residentArrays();
  }

  private NDArray array(float[] data, int rows) {
    return TorchEngine.array(manager, data, rows, trained.layout().size());
  }

  @Override
  public void close() {
    manager.close();
  }
}
