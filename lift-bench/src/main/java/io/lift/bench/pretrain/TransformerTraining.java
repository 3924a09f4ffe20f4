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
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final double CLIP = 1;
  private static final double MEAN_KEPT = 0.998;

  private final Engine engine = TorchEngine.load();
  private final NDManager manager;
  private final PretrainingState from;
  private final List<ParameterGroup> groups;
  private final Map<String, NDArray> means = new HashMap<>();
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
    Map<String, List<TransformerLayout.Entry>> alike = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(from.shape()).entries()) {
      String kind = e.hidden() ? Arrays.toString(e.shape()) : "";
      alike.computeIfAbsent(kind, any -> new ArrayList<>()).add(e);
    }
    this.groups =
        alike.values().stream().map(some -> new ParameterGroup(manager, some, from)).toList();
    groups.forEach(group -> group.means(means));
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
        groups.forEach(group -> group.weights(leaves));
        leaves.replaceAll((name, view) -> view.stopGradient());
        leaves.values().forEach(leaf -> leaf.setRequiresGradient(true));
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
      return report(score(new TabularTransformer(from.shape(), means), batch), batch);
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
    List<NDArray> gradients = groups.stream().map(group -> group.gradient(leaves)).toList();
    double squares = 0;
    for (NDArray gradient : gradients) {
      squares += gradient.square().sum().getFloat();
    }
    if (!Double.isFinite(squares)) {
      return false;
    }
    double clip = Math.min(1, CLIP / (Math.sqrt(squares) + 1e-6));
    double kept = Math.min(MEAN_KEPT, (step + 1.0) / (step + 20.0));
    for (int g = 0; g < gradients.size(); g++) {
      double rate = groups.get(g).muon() ? muonRate : adamRate;
      groups.get(g).update(gradients.get(g), clip, rate, kept, step);
    }
    return true;
  }

  /** The state as it is now. */
  PretrainingState state(PretrainingState.Progress progress) {
    PretrainingState state =
        new PretrainingState(
            from.shape(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashMap<>(),
            progress);
    groups.forEach(
        group -> group.copy(state.weights(), state.first(), state.second(), state.mean()));
    return state;
  }

  @Override
  public void close() {
    manager.close();
  }
}
