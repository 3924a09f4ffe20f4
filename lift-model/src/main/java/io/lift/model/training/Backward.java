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
 * Forward and backward of one micro-batch: adds the gradient of its loss to the leaves'. Either
 * with the whole graph in memory, or with the inputs of the layers only, each layer computed a
 * second time when its turn in the backward pass comes (gradient checkpointing, arXiv 1604.06174).
 * Both draw the same dropout, because the random state is set anew before each layer.
 */
final class Backward {
  private final Engine engine = TorchEngine.load();
  private final Decoder decoder;
  private final NDManager manager;
  private final ParameterView trained;
  private final TrainingRecipe recipe;
  private final boolean recompute;

  Backward(
      Decoder decoder,
      NDManager manager,
      ParameterView trained,
      TrainingRecipe recipe,
      boolean recompute) {
    this.decoder = decoder;
    this.manager = manager;
    this.trained = trained;
    this.recipe = recipe;
    this.recompute = recompute;
  }

  /**
   * Adds to the gradients of the leaves.
   *
   * @param leaves the trained vector in pieces
   * @param share factor of the loss, so that the micro-batches of a step add up
   * @param step and {@code part} choose the dropout
   * @return the loss, share included
   */
  double of(NDList leaves, TokenBatch batch, double share, long step, int part) {
    try (NDScope scope = new NDScope();
        GradientCollector collector = engine.newGradientCollector()) {
      Seeds seeds = layer -> seed(step, part, layer);
      return recompute
          ? twice(collector, leaves, batch, share, seeds)
          : once(collector, leaves, batch, share, seeds);
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

  private double once(
      GradientCollector collector, NDList leaves, TokenBatch batch, double share, Seeds seeds) {
    Pass pass = pass(leaves, batch);
    seeds.set(ParameterView.EMBEDDING);
    NDArray x = pass.embed();
    for (int l = 0; l < layers(); l++) {
      seeds.set(l);
      int layer = l;
      NDArray below = x;
      x = inScope(() -> pass.layer(layer, below));
    }
    NDArray loss = loss(pass, x, batch, share);
    collector.backward(loss);
    return loss.getFloat();
  }

  private double twice(
      GradientCollector collector, NDList leaves, TokenBatch batch, double share, Seeds seeds) {
    // up, without a graph: the pieces it reads want no gradient
    NDList plain = new NDList();
    leaves.forEach(leaf -> plain.add(leaf.stopGradient()));
    Pass up = pass(plain, batch);
    NDArray[] inputs = new NDArray[layers() + 1]; // inputs[l] is read by layer l
    seeds.set(ParameterView.EMBEDDING);
    inputs[0] = inScope(up::embed);
    for (int l = 0; l < layers(); l++) {
      seeds.set(l);
      int layer = l;
      inputs[l + 1] = inScope(() -> up.layer(layer, inputs[layer]));
    }

    // the head, with a graph
    Pass down = pass(leaves, batch);
    NDArray top = leaf(inputs[layers()]);
    NDArray loss = loss(down, top, batch, share); // its arrays stay: backward reads them
    collector.backward(loss);
    NDArray upstream = top.getGradient();

    // down: each layer again with a graph of its own; (y * upstream).sum() has the gradient that
    // the chain rule wants
    for (int l = layers() - 1; l >= Math.max(0, trained.lowest()); l--) {
      NDArray above = upstream;
      NDArray x = leaf(inputs[l]);
      seeds.set(l);
      int layer = l;
      NDArray product = inScope(() -> down.layer(layer, x).mul(above).sum());
      collector.backward(product);
      upstream = x.getGradient();
      product.close();
      above.close();
      inputs[l + 1].close();
    }
    if (trained.lowest() == ParameterView.EMBEDDING) {
      seeds.set(ParameterView.EMBEDDING);
      collector.backward(down.embed().mul(upstream).sum());
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

  /** Lets go of all arrays made on the way to a result; what backward needs, the engine keeps. */
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
    ParameterView.Reading reading = trained.read(pieces, true);
    TokenInput tokens =
        TokenInput.of(
            manager.create(batch.tokens()),
            batch.rows(),
            batch.length(),
            batch.padding(),
            reading.adapters());
    return decoder.pass(reading.weights(), tokens, batch.want(), (float) recipe.dropout());
  }

  /**
   * Cross-entropy of the weighted tokens with smoothing, summed, times {@code share}. Logits are
   * computed only where there is a loss.
   *
   * @param x (M, R / M * W, D) above the last layer
   */
  private NDArray loss(Pass pass, NDArray x, TokenBatch batch, double share) {
    TokenBatch.Targets targets = batch.targetsWithLoss();
    if (targets.left() != null) {
      NDArray flat = x.reshape(-1, decoder.config().hiddenSize());
      NDArray left = manager.create(targets.left());
      x = left.getNDArrayInternal().embedding(left, flat, SparseFormat.DENSE).get(0).expandDims(0);
    }
    Shape each = new Shape(batch.members(), -1, 1);
    NDArray target = manager.create(targets.tokens()).reshape(each); // (M, n, 1)
    float[] scaled = targets.weights().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) -share;
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
