package io.lift.bench.pretrain;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.PeftConfig;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.InContextNetwork;
import io.lift.model.incontext.InContextPass;
import io.lift.model.incontext.RowTokens;
import io.lift.model.training.AdamW;
import io.lift.model.training.AdapterLayout;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.CheckpointCodec;
import io.lift.model.training.CheckpointTarget;
import java.nio.charset.StandardCharsets;

/**
 * Pretrains a model that reads rows in context. Everything but the numbers is a function of seed
 * and step, so a pretraining that is stopped and goes on from its checkpoint ends in the same
 * bytes.
 */
final class Pretraining implements AutoCloseable {
  private static final String BASE = "nothing";
  private static final String LANGUAGE = "rows-in-context-1";

  private final PretrainingRecipe recipe;
  private final Engine engine = TorchEngine.load();
  private final NDManager manager;
  private final ParameterLayout layout;
  private final Decoder decoder;
  private final NDArray parameters; // (1, P)
  private final AdamW optimizer;
  private long step;

  /**
   * What a step did.
   *
   * @param loss in nats per query row
   * @param accuracy share of query rows whose most probable label was right
   * @param commonest what the accuracy would be if the most frequent label in context were answered
   * @param rows read
   * @param applied false if loss or gradient was not finite and nothing was changed
   */
  record Report(double loss, double accuracy, double commonest, int rows, boolean applied) {}

  private Pretraining(
      PretrainingRecipe recipe, Checkpoint from, ParameterLayout layout, String device) {
    Device where = TorchEngine.device(device);
    this.recipe = recipe;
    this.layout = layout;
    this.manager = engine.newBaseManager(where);
    this.decoder = new Decoder(layout.config(), manager);
    this.parameters = array(from.state().parameters());
    Checkpoint.Moments moments = from.state().optimizer();
    this.optimizer =
        new AdamW(
            array(moments == null ? new float[layout.size()] : moments.first()),
            array(moments == null ? new float[layout.size()] : moments.second()),
            array(layout.decay(recipe.optimizer().weightDecay())));
    this.step = from.state().step();
  }

  /** From random weights. */
  static Pretraining start(PretrainingRecipe recipe, String device) {
    InContextNetwork model = InContextNetwork.initial(recipe.seed());
    Checkpoint from =
        Checkpoint.initial(model.parameters(), recipe.seed(), provenance(recipe, model.layout()));
    return new Pretraining(recipe, from, model.layout(), device);
  }

  /**
   * From a checkpoint, whose seed is kept.
   *
   * @param wanted whose steps include those before the checkpoint
   * @throws InvalidCheckpointException if it is damaged or of something else
   */
  static Pretraining resume(PretrainingRecipe wanted, byte[] file, String device) {
    ParameterLayout layout =
        InContextNetwork.layout(InContextNetwork.CONFIG_JSON.getBytes(StandardCharsets.UTF_8));
    Checkpoint from = CheckpointCodec.decode(new Target(layout), file);
    PretrainingRecipe recipe =
        new PretrainingRecipe(wanted.steps(), wanted.rows(), from.state().seed());
    return new Pretraining(recipe, from, layout, device);
  }

  private static Checkpoint.Provenance provenance(PretrainingRecipe recipe, FlatLayout layout) {
    return new Checkpoint.Provenance(layout, Ensemble.of(1), recipe.toString(), BASE, LANGUAGE);
  }

  private record Target(FlatLayout allWeights) implements CheckpointTarget {
    @Override
    public String base() {
      return BASE;
    }

    @Override
    public String language() {
      return LANGUAGE;
    }

    @Override
    public String inContextModel() {
      return "none";
    }

    @Override
    public AdapterLayout adapter(PeftConfig config, Iterable<String> tensors) {
      throw new InvalidCheckpointException(
          "the checkpoint has an adapter, but all weights are pretrained.");
    }
  }

  /** Steps done. */
  long step() {
    return step;
  }

  /** One step. */
  Report next() {
    Episodes episodes = Episodes.draw(recipe.seed(), step, recipe.rows());
    synchronized (TorchEngine.GRADIENT_LOCK) {
      try (NDScope scope = new NDScope()) {
        NDArray leaf = parameters.stopGradient();
        leaf.setRequiresGradient(true);
        float[] logs; // (R * A, LABELS)
        double loss;
        try (GradientCollector collector = engine.newGradientCollector()) {
          NDArray all = logProbabilities(leaf, episodes);
          NDArray targets =
              manager.create(
                  episodes.targets(), new Shape(episodes.tables(), episodes.asking(), 1));
          NDArray mean = all.gather(targets, 2).mean().neg();
          collector.backward(mean);
          loss = mean.getFloat();
          logs = all.toFloatArray();
        }
        boolean applied =
            Double.isFinite(loss)
                && optimizer.update(
                    recipe.optimizer(),
                    parameters,
                    leaf.getGradient(),
                    recipe.rate(step),
                    step + 1);
        step++;
        int rows = episodes.tables() * (episodes.labelled() + episodes.asking());
        return new Report(
            loss, accuracy(logs, episodes.targets()), episodes.commonest(), rows, applied);
      }
    }
  }

  private NDArray logProbabilities(NDArray leaf, Episodes episodes) {
    DecoderWeights weights = DecoderWeights.of(layout, leaf, 1);
    int tables = episodes.tables();
    long length = episodes.labelled() + episodes.asking();
    NDArray rows = manager.create(episodes.rows(), new Shape(tables, length, RowTokens.SIZE));
    NDArray mask = InContextPass.mask(manager, episodes.labelled(), episodes.asking());
    NDArray closed = manager.create(episodes.closed(), new Shape(tables, 1, RowTokens.LABELS));
    return InContextPass.logits(decoder, weights, rows, mask, episodes.asking())
        .reshape(tables, episodes.asking(), RowTokens.LABELS)
        .add(closed)
        .logSoftmax(2);
  }

  private static double accuracy(float[] logs, long[] targets) {
    int right = 0;
    for (int i = 0; i < targets.length; i++) {
      int best = 0;
      for (int k = 1; k < RowTokens.LABELS; k++) {
        best = logs[i * RowTokens.LABELS + k] > logs[i * RowTokens.LABELS + best] ? k : best;
      }
      right += best == targets[i] ? 1 : 0;
    }
    return right / (double) targets.length;
  }

  /** Everything needed to go on. */
  byte[] checkpoint() {
    Checkpoint.Moments moments =
        new Checkpoint.Moments(
            optimizer.firstMoment().toFloatArray(), optimizer.secondMoment().toFloatArray());
    Checkpoint.State state =
        new Checkpoint.State(
            parameters.toFloatArray(),
            moments,
            step,
            Checkpoint.RoundPosition.START,
            recipe.seed());
    return CheckpointCodec.encode(
        new Checkpoint(state, provenance(recipe, layout), Checkpoint.Support.NONE));
  }

  /** The model as it is now. */
  InContextNetwork model() {
    return new InContextNetwork(layout, parameters.toFloatArray());
  }

  private NDArray array(float[] data) {
    return TorchEngine.array(manager, data, 1, layout.size());
  }

  @Override
  public void close() {
    manager.close();
  }
}
