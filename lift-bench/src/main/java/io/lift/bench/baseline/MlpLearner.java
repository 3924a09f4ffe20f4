package io.lift.bench.baseline;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TorchEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * A network of two hidden layers of 64 rectified units, trained by Adam on batches of 32 rows. How
 * often it reads the rows is its setting: chosen on validation rows, that is stopping early.
 */
final class MlpLearner implements Learner {
  private static final int WIDTH = 64;
  private static final int BATCH = 32;
  private static final float RATE = 2e-3f;
  private static final int MOST_STEPS = 10_000;
  private static final int SEED = 0;

  private final int passes;

  /**
   * @param passes over the rows; fewer where they would be more than 10,000 steps
   */
  MlpLearner(int passes) {
    this.passes = passes;
  }

  @Override
  public Predictor fit(Examples rows) {
    synchronized (TorchEngine.GRADIENT_LOCK) {
      Engine engine = TorchEngine.load();
      engine.setRandomSeed(SEED);
      Block network =
          new SequentialBlock()
              .add(Linear.builder().setUnits(WIDTH).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(WIDTH).build())
              .add(Activation::relu)
              .add(Linear.builder().setUnits(Math.max(1, rows.classes())).build());
      try (Model model = Model.newInstance("mlp", Device.cpu(), engine.getEngineName())) {
        model.setBlock(network);
        train(model, rows);
        List<float[]> arrays =
            network.getParameters().values().stream()
                .map(p -> p.getArray().toFloatArray())
                .toList();
        return x -> answer(arrays, x, rows.classes() > 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (TranslateException e) {
        throw new IllegalStateException(e); // nothing is translated here
      }
    }
  }

  private void train(Model model, Examples rows) throws IOException, TranslateException {
    Loss loss = rows.classes() > 0 ? Loss.softmaxCrossEntropyLoss() : Loss.l2Loss();
    Optimizer adam = Optimizer.adam().optLearningRateTracker(Tracker.fixed(RATE)).build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(loss).optOptimizer(adam).optDevices(new Device[] {Device.cpu()});
    double[][] targets =
        Arrays.stream(rows.y()).mapToObj(y -> new double[] {y}).toArray(double[][]::new);
    int count = targets.length;
    int steps = Math.min(MOST_STEPS, passes * ((count + BATCH - 1) / BATCH));
    try (NDManager manager = model.getNDManager().newSubManager();
        Trainer trainer = model.newTrainer(config)) {
      ArrayDataset data =
          new ArrayDataset.Builder()
              .setData(array(manager, rows.x()))
              .optLabels(array(manager, targets))
              .setSampling(BATCH, true)
              .build();
      trainer.initialize(new Shape(1, rows.features()));
      while (steps > 0) {
        for (Batch batch : trainer.iterateDataset(data)) {
          try (batch) {
            if (steps-- > 0) {
              EasyTrain.trainBatch(trainer, batch);
              trainer.step();
            }
          }
        }
      }
    }
  }

  private static NDArray array(NDManager manager, double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return manager.create(flat, new Shape(rows.length, rows[0].length));
  }

  /**
   * @param arrays weights (out, in) and biases (out) of each layer
   */
  private static double[] answer(List<float[]> arrays, double[] x, boolean classes) {
    double[] y = x;
    for (int layer = 0; layer < arrays.size(); layer += 2) {
      float[] weights = arrays.get(layer);
      float[] biases = arrays.get(layer + 1);
      double[] sums = new double[biases.length];
      for (int o = 0; o < sums.length; o++) {
        sums[o] = biases[o];
        for (int i = 0; i < y.length; i++) {
          sums[o] += weights[o * y.length + i] * y[i];
        }
        boolean hidden = layer + 2 < arrays.size();
        sums[o] = hidden ? Math.max(0, sums[o]) : sums[o];
      }
      y = sums;
    }
    return classes ? Softmax.of(y) : y;
  }
}
