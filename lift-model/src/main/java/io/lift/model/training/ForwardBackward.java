package io.lift.model.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.GradientCollector;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.Scalars;
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TokenBatch;
import java.util.function.Supplier;

/**
 * Forward and backward pass of one micro-batch, which add the gradient of its loss to that of the
 * leaves. Either the whole graph is stored, or only the inputs of the layers, and the backward pass
 * computes each layer a second time (gradient checkpointing, arXiv 1604.06174). Both draw the same
 * dropout, because the random state is set before each layer.
 */
final class ForwardBackward {
  private final Engine engine = TorchEngine.load();
  private final Decoder decoder;
  private final NDManager manager;
  private final ParameterView view;
  private final TrainingRecipe recipe;
  private final boolean recompute;

  ForwardBackward(
      Decoder decoder,
      NDManager manager,
      ParameterView view,
      TrainingRecipe recipe,
      boolean recompute) {
    this.decoder = decoder;
    this.manager = manager;
    this.view = view;
    this.recipe = recipe;
    this.recompute = recompute;
  }

  /**
   * Adds to the gradients of the leaves.
   *
   * @param leaves the parameters in pieces
   * @param scale of the loss, so that the micro-batches of a step add up
   * @param step chooses the dropout, with {@code part}
   * @param part number of the micro-batch
   * @return the scaled loss
   */
  double run(NDList leaves, TokenBatch batch, double scale, long step, int part) {
    try (NDScope scope = new NDScope();
        GradientCollector collector = engine.newGradientCollector()) {
      Seeds seeds = layer -> seed(step, part, layer);
      return recompute
          ? recomputed(collector, leaves, batch, scale, seeds)
          : stored(collector, leaves, batch, scale, seeds);
    }
  }

  @FunctionalInterface
  private interface Seeds {
    void set(int layer);
  }

  private void seed(long step, int part, int layer) {
    if (recipe.dropout() > 0 || recipe.lora() != null && recipe.lora().dropout() > 0) {
      long seed = SeededRandom.mix(recipe.seed(), RandomStream.DROPOUT, step, part, layer);
      engine.setRandomSeed((int) seed);
    }
  }

  /** With the whole graph stored. */
  private double stored(
      GradientCollector collector, NDList leaves, TokenBatch batch, double scale, Seeds seeds) {
    Pass pass = pass(leaves, batch);
    seeds.set(ParameterView.EMBEDDING);
    NDArray x = pass.embed();
    for (int l = 0; l < layers(); l++) {
      seeds.set(l);
      int layer = l;
      NDArray below = x;
      x = inScope(() -> pass.layer(layer, below));
    }
    NDArray loss = loss(pass, x, batch, scale);
    collector.backward(loss);
    return loss.getFloat();
  }

  /** With the inputs of the layers stored, which are computed a second time. */
  private double recomputed(
      GradientCollector collector, NDList leaves, TokenBatch batch, double scale, Seeds seeds) {
    // forward without a graph: its pieces need no gradient
    NDList plain = new NDList();
    leaves.forEach(leaf -> plain.add(leaf.stopGradient()));
    Pass forward = pass(plain, batch);
    NDArray[] inputs = new NDArray[layers() + 1]; // inputs[l] is the input of layer l
    seeds.set(ParameterView.EMBEDDING);
    inputs[0] = inScope(forward::embed);
    for (int l = 0; l < layers(); l++) {
      seeds.set(l);
      int layer = l;
      inputs[l + 1] = inScope(() -> forward.layer(layer, inputs[layer]));
    }

    // the head, with a graph
    Pass backward = pass(leaves, batch);
    NDArray top = leaf(inputs[layers()]);
    NDArray loss =
        loss(backward, top, batch, scale); // its arrays stay, because backward reads them
    collector.backward(loss);
    NDArray upstream = top.getGradient();

    // backward: each layer again with a graph of its own; the gradient of (y * upstream).sum() is
    // that of the chain rule
    for (int l = layers() - 1; l >= Math.max(0, view.lowest()); l--) {
      NDArray above = upstream;
      NDArray x = leaf(inputs[l]);
      seeds.set(l);
      int layer = l;
      NDArray product = inScope(() -> backward.layer(layer, x).mul(above).sum());
      collector.backward(product);
      upstream = x.getGradient();
      product.close();
      above.close();
      inputs[l + 1].close();
    }
    if (view.lowest() == ParameterView.EMBEDDING) {
      seeds.set(ParameterView.EMBEDDING);
      collector.backward(backward.embed().mul(upstream).sum());
    }
    return loss.getFloat();
  }

  private int layers() {
    return decoder.config().layers();
  }

  private static NDArray leaf(NDArray x) {
    NDArray leaf = x.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  /** Releases all arrays but the result. The engine retains those that backward needs. */
  private static NDArray inScope(Supplier<NDArray> computing) {
    NDArray result;
    try (NDScope inner = new NDScope()) {
      result = computing.get();
      NDScope.unregister(result);
    }
    NDScope.register(result);
    return result;
  }

  private Pass pass(NDList pieces, TokenBatch batch) {
    ParameterView.DecoderParameters bound = view.bind(pieces, true);
    TokenInput tokens =
        TokenInput.of(
            manager.create(batch.tokens()),
            batch.rows(),
            batch.length(),
            batch.padding(),
            bound.adapters());
    return decoder.pass(bound.weights(), tokens, batch.targetLength(), (float) recipe.dropout());
  }

  /**
   * Cross-entropy of the weighted tokens with label smoothing, summed, times {@code scale}. Logits
   * are computed only where there is a loss.
   *
   * @param x (M, R / M * W, D) above the last layer
   */
  private NDArray loss(Pass pass, NDArray x, TokenBatch batch, double scale) {
    TokenBatch.Targets targets = batch.targetsWithLoss();
    if (targets.positions() != null) {
      NDArray flat = x.reshape(-1, decoder.config().hiddenSize());
      NDArray left = manager.create(targets.positions());
      x = left.getNDArrayInternal().embedding(left, flat, SparseFormat.DENSE).get(0).expandDims(0);
    }
    Shape each = new Shape(batch.members(), -1, 1);
    NDArray target = manager.create(targets.tokens()).reshape(each); // (M, n, 1)
    float[] scaled = targets.weights().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) -scale;
    }
    NDArray weight = manager.create(scaled).reshape(each);
    NDArray logs = pass.logits(x).logSoftmax(2); // (M, n, V)
    NDArray likelihood = Scalars.times(logs.gather(target, 2), 1 - recipe.smoothing());
    if (recipe.smoothing() > 0) {
      likelihood =
          likelihood.add(Scalars.times(logs.mean(new int[] {2}, true), recipe.smoothing()));
    }
    return likelihood.mul(weight).sum();
  }
}
