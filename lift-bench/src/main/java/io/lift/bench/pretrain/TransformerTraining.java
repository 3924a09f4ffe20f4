package io.lift.bench.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.lift.model.decoder.Scalars;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.incontext.CellFeatures;
import io.lift.model.incontext.Quantiles;
import io.lift.model.incontext.RowFeatures;
import io.lift.model.incontext.TabularTransformer;
import io.lift.model.incontext.TransformerLayout;
import io.lift.model.incontext.TransformerWeights;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a {@link TabularTransformer}: Muon on the matrices between hidden vectors, AdamW on the
 * rest, and a running mean of the weights, which is the model.
 */
final class TransformerTraining implements AutoCloseable {
  /** Weight of the quantiles' loss, which is smaller than the labels' by about this factor. */
  private static final double NUMBER_WEIGHT = 4;

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.98;
  private static final double ADAM_DECAY = 0.01;
  private static final double CLIP = 1;
  private static final double MEAN_KEPT = 0.998;

  private final Engine engine = TorchEngine.load();
  private final NDManager manager;
  private final PretrainingState from;
  private final List<TransformerLayout.Entry> entries;
  private final Map<String, NDArray> weights;
  private final Map<String, NDArray> first = new LinkedHashMap<>(); // or Muon's momentum
  private final Map<String, NDArray> second = new LinkedHashMap<>();
  private final Map<String, NDArray> mean;
  private final NDArray levels; // (1, 1, quantiles)

  /**
   * What a batch did.
   *
   * @param loss in nats for labels; the quantiles' mean loss in standard deviations for numbers
   * @param score right answers, or mean absolute error of the median
   * @param baseline the score of the labelled rows' shares or mean
   */
  record Report(boolean regression, double loss, double score, double baseline) {}

  TransformerTraining(PretrainingState from, String device) {
    this.manager = engine.newBaseManager(TorchEngine.device(device));
    this.from = from;
    this.entries = TransformerLayout.of(from.shape()).entries();
    this.weights = new TransformerWeights(from.shape(), from.weights()).arrays(manager);
    this.mean = new TransformerWeights(from.shape(), from.mean()).arrays(manager);
    for (TransformerLayout.Entry e : entries) {
      first.put(e.name(), TorchEngine.array(manager, from.first().get(e.name()), e.shape()));
      if (!e.hidden()) {
        second.put(e.name(), TorchEngine.array(manager, from.second().get(e.name()), e.shape()));
      }
    }
    float[] levels = new float[Quantiles.COUNT];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (float) Quantiles.level(i);
    }
    this.levels = TorchEngine.array(manager, levels, 1, 1, levels.length);
  }

  /**
   * One update.
   *
   * @param batches whose gradients are added up
   * @param step 1 for the first update
   * @return one report for each batch; null if a gradient was not finite and nothing was changed
   */
  List<Report> update(List<TableBatch> batches, double muonRate, double adamRate, long step) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        Map<String, NDArray> leaves = new HashMap<>();
        for (TransformerLayout.Entry e : entries) {
          NDArray leaf = weights.get(e.name()).stopGradient();
          leaf.setRequiresGradient(true);
          leaves.put(e.name(), leaf);
        }
        List<Report> reports;
        try (GradientCollector collector = engine.newGradientCollector()) {
          reports = batches.stream().map(batch -> backward(collector, leaves, batch)).toList();
        }
        return apply(leaves, muonRate, adamRate, step) ? reports : null;
      }
    }
  }

  private Report backward(
      GradientCollector collector, Map<String, NDArray> leaves, TableBatch batch) {
    try (NDScope scope = new NDScope()) {
      Scored scored = score(new TabularTransformer(from.shape(), leaves), batch);
      boolean regression = batch.numbers() != null;
      collector.backward(regression ? Scalars.times(scored.loss(), NUMBER_WEIGHT) : scored.loss());
      return report(scored, batch);
    }
  }

  /** How good the mean of the weights is on a batch. */
  Report evaluate(TableBatch batch) {
    try (NDScope scope = new NDScope()) {
      return report(score(new TabularTransformer(from.shape(), mean), batch), batch);
    }
  }

  /**
   * @param loss a number
   * @param answers (B, Q, slots or quantiles)
   */
  private record Scored(NDArray loss, NDArray answers) {}

  private Scored score(TabularTransformer model, TableBatch batch) {
    long b = batch.tables();
    long q = batch.queries();
    int length = batch.labelled() + batch.queries();
    NDArray cells =
        TorchEngine.array(manager, batch.cells(), b, batch.columns(), length, CellFeatures.SIZE);
    NDArray rows = TorchEngine.array(manager, batch.rows(), b, length, RowFeatures.SIZE);
    NDArray out = model.queries(cells, rows, batch.labelled());
    NDArray asking = rows.split(new long[] {batch.labelled()}, 1).get(1);
    if (batch.numbers() != null) {
      NDArray quantiles = model.quantiles(out, asking);
      NDArray error = TorchEngine.array(manager, batch.numbers(), b, q, 1).sub(quantiles);
      // the pinball loss: level * e above the quantile, (level - 1) * e below it
      NDArray loss = levels.mul(error).sub(error.minimum(0)).mean();
      return new Scored(loss, quantiles);
    }
    NDArray closed = TorchEngine.array(manager, batch.closed(), b, 1, RowFeatures.LABELS);
    NDArray logs = model.labels(out, asking).add(closed).logSoftmax(2);
    NDArray targets = manager.create(batch.slots(), new Shape(b, q, 1));
    NDArray weight = TorchEngine.array(manager, batch.weights(), b, q, 1);
    float sum = 1e-6f;
    for (float w : batch.weights()) {
      sum += w;
    }
    NDArray loss = Scalars.times(logs.gather(targets, 2).mul(weight).sum(), -1 / sum);
    return new Scored(loss, logs);
  }

  private static Report report(Scored scored, TableBatch batch) {
    float[] answers = scored.answers().toFloatArray();
    boolean regression = batch.numbers() != null;
    int width = regression ? Quantiles.COUNT : RowFeatures.LABELS;
    int count = batch.tables() * batch.queries();
    double score = 0;
    for (int i = 0; i < count; i++) {
      if (regression) {
        score += Math.abs(answers[i * width + width / 2] - batch.numbers()[i]);
        continue;
      }
      int best = 0;
      for (int k = 1; k < width; k++) {
        best = answers[i * width + k] > answers[i * width + best] ? k : best;
      }
      score += best == batch.slots()[i] ? 1 : 0;
    }
    return new Report(regression, scored.loss().getFloat(), score / count, batch.baseline());
  }

  private boolean apply(Map<String, NDArray> leaves, double muonRate, double adamRate, long step) {
    NDArray squares = null;
    for (NDArray leaf : leaves.values()) {
      NDArray square = leaf.getGradient().square().sum();
      squares = squares == null ? square : squares.add(square);
    }
    double norm = Math.sqrt(squares.getFloat());
    if (!Double.isFinite(norm)) {
      return false;
    }
    double clip = Math.min(1, CLIP / (norm + 1e-6));
    double kept = Math.min(MEAN_KEPT, (step + 1.0) / (step + 20.0));
    for (TransformerLayout.Entry e : entries) {
      try (NDScope scope = new NDScope()) {
        NDArray weight = weights.get(e.name());
        NDArray gradient = leaves.get(e.name()).getGradient();
        if (e.hidden()) {
          Muon.update(weight, first.get(e.name()), gradient, muonRate);
        } else {
          adam(weight, e, gradient.mul(clip), adamRate, step);
        }
        mean.get(e.name()).muli(kept).addi(weight.mul(1 - kept));
      }
    }
    return true;
  }

  private void adam(
      NDArray weight, TransformerLayout.Entry e, NDArray gradient, double rate, long step) {
    NDArray m = first.get(e.name());
    NDArray v = second.get(e.name());
    m.muli(BETA1).addi(gradient.mul(1 - BETA1));
    v.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
    double firstCorrection = 1 - Math.pow(BETA1, step);
    double secondCorrection = Math.sqrt(1 - Math.pow(BETA2, step));
    if (e.shape().length > 1) {
      weight.muli(1 - rate * ADAM_DECAY);
    }
    NDArray scale = v.sqrt().addi(1e-8 * secondCorrection);
    weight.subi(m.div(scale).muli(rate * secondCorrection / firstCorrection));
  }

  /** The state as it is now. */
  PretrainingState state(PretrainingState.Progress progress) {
    return new PretrainingState(
        from.shape(), floats(weights), floats(first), floats(second), floats(mean), progress);
  }

  private static Map<String, float[]> floats(Map<String, NDArray> arrays) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    arrays.forEach((name, array) -> floats.put(name, array.toFloatArray()));
    return floats;
  }

  @Override
  public void close() {
    manager.close();
  }
}
