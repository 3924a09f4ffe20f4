package io.lift.model.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.Tokens;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import io.lift.model.text.TokenBatch;
import java.util.Arrays;

/**
 * The arrays of M members in training and the step that moves them. Everything but the arrays is a
 * function of seed and step, so the arrays and the step are the whole state.
 */
public final class Trainer implements AutoCloseable {
  /** Attention scores of one micro-batch, in numbers; longer batches are cut into several. */
  private static final long MAX_SCORES = 32L << 20;

  private final Engine engine;
  private final Decoder decoder;
  private final ParameterLayout layout;
  private final int members;
  private final int padding;
  private final TrainingRecipe recipe;
  private final NDManager manager;
  private final NDArray parameters; // (M, P)
  private final AdamW optimizer;
  private long step;

  /** What a step did. */
  public record StepReport(double loss, long tokens, boolean applied) {}

  /** The arrays at one moment. */
  public record Snapshot(NDArray parameters, NDArray mean, NDArray square, long step)
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
   */
  public Trainer(
      Decoder decoder, NDManager manager, TrainingRecipe recipe, int padding, Checkpoint from) {
    this.engine = TorchEngine.load();
    this.decoder = decoder;
    this.layout = from.layout();
    this.members = from.members();
    this.padding = padding;
    this.recipe = recipe;
    this.manager = manager;
    this.parameters = array(from.parameters(), members);
    this.optimizer =
        new AdamW(
            array(from.mean(), members),
            array(from.square(), members),
            array(layout.decay(recipe.weightDecay()), 1));
    this.step = from.step();
  }

  public long step() {
    return step;
  }

  /**
   * One step: forward, backward, clip, update.
   *
   * @param rows (M, B) sequences, jitter included
   * @param rate learning rate
   */
  public StepReport step(Sequence[][] rows, double rate) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        engine.setRandomSeed((int) SeededRandom.mix(recipe.seed(), Purpose.DROPOUT, step));
        NDArray leaf = parameters.stopGradient(); // same memory, an own gradient
        leaf.setRequiresGradient(true);
        double loss = 0;
        double weight = 0;
        long tokens = 0;
        for (TokenBatch batch : microBatches(rows)) {
          try (GradientCollector collector = engine.newGradientCollector()) {
            NDArray part = loss(leaf, batch, rows[0].length);
            collector.backward(part);
            loss += part.getFloat() * rows[0].length;
          }
          weight += sum(batch.weights());
          tokens += batch.tokensRead();
        }
        loss /= weight;
        boolean applied =
            Double.isFinite(loss)
                && optimizer.update(recipe, parameters, leaf.getGradient(), rate, step + 1);
        step++;
        return new StepReport(loss, tokens, applied);
      }
    }
  }

  /**
   * Cross-entropy at the completion positions with smoothing, summed over members and divided by
   * the rows of each.
   */
  public NDArray loss(NDArray flat, TokenBatch batch, int rowsPerMember) {
    NDArray tokens = manager.create(batch.tokens());
    Tokens read = Tokens.of(tokens, batch.rows(), batch.length(), batch.padding());
    DecoderWeights weights = DecoderWeights.of(layout, flat, members);
    NDArray logits = decoder.logits(weights, read, batch.want(), (float) recipe.dropout());

    Shape each = new Shape(members, -1, 1);
    NDArray target = manager.create(batch.targets()).reshape(each); // (M, B * W, 1)
    float[] scaled = batch.weights().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= -rowsPerMember;
    }
    NDArray weight = manager.create(scaled).reshape(each);
    NDArray logs = logits.logSoftmax(2); // (M, B * W, V)
    NDArray likelihood = logs.gather(target, 2).mul(1 - recipe.smoothing());
    if (recipe.smoothing() > 0) {
      likelihood = likelihood.add(logs.mean(new int[] {2}, true).mul(recipe.smoothing()));
    }
    return likelihood.mul(weight).sum();
  }

  private TokenBatch[] microBatches(Sequence[][] rows) {
    int batch = rows[0].length;
    long longest = 1;
    for (Sequence[] member : rows) {
      for (Sequence s : member) {
        longest = Math.max(longest, s.length());
      }
    }
    long scores = members * longest * longest * layout.config().heads();
    int size = (int) Math.max(1, Math.min(batch, MAX_SCORES / scores));
    TokenBatch[] parts = new TokenBatch[(batch + size - 1) / size];
    for (int p = 0; p < parts.length; p++) {
      int from = p * size;
      int to = Math.min(batch, from + size);
      Sequence[] flat =
          Arrays.stream(rows)
              .flatMap(member -> Arrays.stream(member, from, to))
              .toArray(Sequence[]::new);
      parts[p] = TokenBatch.of(flat, members, layout.vocabulary(), padding, recipe.endWeight());
    }
    return parts;
  }

  /** A copy to go back to. */
  public Snapshot remember() {
    return new Snapshot(
        parameters.duplicate(), optimizer.mean().duplicate(), optimizer.square().duplicate(), step);
  }

  public void restore(Snapshot kept) {
    kept.parameters().copyTo(parameters);
    kept.mean().copyTo(optimizer.mean());
    kept.square().copyTo(optimizer.square());
    step = kept.step();
  }

  public Checkpoint checkpoint(long rounds, String base, String language) {
    return new Checkpoint(
        layout,
        members,
        parameters.toFloatArray(),
        optimizer.mean().toFloatArray(),
        optimizer.square().toFloatArray(),
        step,
        rounds,
        recipe.seed(),
        recipe.toString(),
        base,
        language);
  }

  /** Arrays of this trainer and of its decoder that live in the engine: flat between steps. */
  public int residentArrays() {
    return manager.getManagedArrays().size() + decoder.residentArrays();
  }

  private NDArray array(float[] data, int rows) {
    return TorchEngine.array(manager, data, rows, layout.size());
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum;
  }

  @Override
  public void close() {
    manager.close();
  }
}
