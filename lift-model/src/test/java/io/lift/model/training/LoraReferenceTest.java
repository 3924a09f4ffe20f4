package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.PeftFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.ReferenceRows;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.decoder.WeightLoader;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.Sequence;
import io.lift.model.training.OptimizerSettings.Decay;
import io.lift.model.training.ParameterView.Adapters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters, their gradients and their training against {@code src/test/reference/lora.py}. */
class LoraReferenceTest {
  private static final int STEPS = 50;
  private static final StepMemory PLENTY = StepMemory.DEFAULT;

  @TempDir Path temporary;

  /** A model, an adapter to start from, and what Python computes with both. */
  private final class Case implements AutoCloseable {
    final NDManager manager = TorchEngine.load().newBaseManager(Device.cpu());
    final DecoderConfig config;
    final Decoder decoder;
    final DecoderWeights weights;
    final PeftFolder adapter;
    final Checkpoint start;
    final Map<String, Safetensors.Tensor> expected;

    Case(String name) throws Exception {
      Path folder = Path.of(LoraReferenceTest.class.getResource("/io/lift/model/lora").toURI());
      folder = folder.resolve(name);
      for (String file : List.of(ModelFolder.CONFIG, ModelFolder.WEIGHTS)) {
        Files.copy(folder.resolve(file), temporary.resolve(file));
      }
      Files.writeString(temporary.resolve(ModelFolder.TOKENIZER), "{}"); // rows come as tokens here
      try (ModelFolder model = ModelFolder.open(temporary)) {
        config = PublishedConfig.read(ModelFolder.CONFIG, model.config());
        weights = WeightLoader.load(model, config, DataType.FLOAT32, manager);
      }
      decoder = new Decoder(config, manager);
      adapter = PeftFolder.read(folder.resolve("adapter"));
      start = start(adapter);
      byte[] file = Files.readAllBytes(folder.resolve("expected.safetensors"));
      expected = Safetensors.read("expected.safetensors", file).tensors();
    }

    Checkpoint start(PeftFolder folder) {
      AdapterLayout layout =
          AdapterLayout.of(config.linears(), folder.config(), folder.tensors().keySet());
      return Checkpoint.initial(layout.flat(folder.tensors()), 0, provenance(layout));
    }

    CheckpointTarget target() {
      return new CheckpointTarget() {
        @Override
        public String base() {
          return "";
        }

        @Override
        public String language() {
          return "";
        }

        @Override
        public String inContextModel() {
          throw new AssertionError();
        }

        @Override
        public AdapterLayout allWeights() {
          throw new AssertionError();
        }

        @Override
        public AdapterLayout adapter(PeftConfig peft, Iterable<String> tensors) {
          return AdapterLayout.of(config.linears(), peft, tensors);
        }
      };
    }

    ModelTrainer trainer(Checkpoint from, StepMemory memory, double loraDropout) {
      LoraSettings lora = new LoraSettings(4, 4, loraDropout, List.of(LoraSettings.ALL_LINEAR));
      OptimizerSettings optimizer =
          new OptimizerSettings(3e-3, 3e-3, 6, Decay.LINEAR, 0.01, 0.9, 0.999, 1e-5, 1);
      TrainingRecipe recipe =
          new TrainingRecipe(8, 1, 1, 1, 1, STEPS, 1, 0, lora, optimizer, 0, 0, 0, 1, true, 0);
      AdapterLayout layout = (AdapterLayout) from.provenance().layout();
      PeftConfig peft = layout.config();
      AdapterLayout dropping =
          new AdapterLayout(
              new PeftConfig(
                  peft.rank(),
                  peft.alpha(),
                  loraDropout,
                  peft.targets(),
                  peft.fanInFanOut(),
                  peft.base()),
              layout.pairs(),
              layout.entries(),
              layout.size());
      return new ModelTrainer(
          decoder,
          manager.newSubManager(),
          new Adapters(dropping, weights, 1),
          recipe,
          config.vocabSize(),
          0,
          memory,
          from);
    }

    Sequence[][] batch(int b) {
      return new Sequence[][] {ReferenceRows.batch(expected, b)};
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void theGradientOfEveryMatrixAgreesWithPython(String name) throws Exception {
    try (Case c = new Case(name);
        ModelTrainer trainer = c.trainer(c.start, PLENTY, 0)) {
      float[] gradient = trainer.gradient(c.batch(0));
      List<Entry> matrices = c.start.provenance().layout().entries();
      assertThat(matrices).hasSize(2 * c.config.linears().size());
      for (Entry e : matrices) {
        float[] own = Arrays.copyOfRange(gradient, e.offset(), e.offset() + e.length());
        assertClose(e.name(), own, c.expected.get("gradient." + e.name()).data(), 1e-5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void fiftyStepsLoseWhatPythonLoses(String name) throws Exception {
    try (Case c = new Case(name);
        ModelTrainer trainer = c.trainer(c.start, PLENTY, 0)) {
      float[] losses = c.expected.get("losses").data();
      OptimizerSettings rates =
          new OptimizerSettings(3e-3, 3e-3, 6, Decay.LINEAR, 0.01, 0.9, 0.999, 1e-5, 1);
      for (int s = 0; s < STEPS; s++) {
        ModelTrainer.StepReport report = trainer.step(c.batch(s % 4), rates.rate(s, STEPS, true));
        assertThat(report.loss()).as("step " + s).isCloseTo(losses[s], within(1e-3));
      }
      assertThat(losses[STEPS - 1]).isLessThan(losses[0] - 1); // there is something to agree on
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void smallBatchesAndLayersComputedTwiceHaveTheSameGradient(String name) throws Exception {
    try (Case c = new Case(name)) {
      float[] whole;
      try (ModelTrainer trainer = c.trainer(c.start, PLENTY, 0)) {
        whole = trainer.gradient(c.batch(0));
      }
      for (boolean recompute : new boolean[] {false, true}) {
        try (ModelTrainer trainer = c.trainer(c.start, new StepMemory(1 << 17, recompute), 0)) {
          assertThat(trainer.microBatches(c.batch(0))).isGreaterThan(2);
          assertClose("cut small", trainer.gradient(c.batch(0)), whole, 1e-5);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void aLayerComputedTwiceDrawsTheSameDropout(String name) throws Exception {
    try (Case c = new Case(name);
        ModelTrainer once = c.trainer(c.start, PLENTY, 0.3);
        ModelTrainer twice = c.trainer(c.start, new StepMemory(PLENTY.bytes(), true), 0.3);
        ModelTrainer without = c.trainer(c.start, PLENTY, 0)) {
      float[] dropped = once.gradient(c.batch(0));
      assertClose("with dropout", twice.gradient(c.batch(0)), dropped, 1e-5);
      assertThat(without.gradient(c.batch(0))).isNotEqualTo(dropped);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void anAdapterGoesToPeftAndComesBackAsItWas(String name) throws Exception {
    try (Case c = new Case(name)) {
      Path folder = temporary.resolve("written");
      c.adapter.write(folder);
      PeftFolder read = PeftFolder.read(folder);
      assertThat(read.config()).isEqualTo(c.adapter.config());
      byte[] file = CheckpointCodec.encode(c.start);
      assertThat(CheckpointCodec.encode(c.start(read))).isEqualTo(file);
      Checkpoint back = CheckpointCodec.decode(c.target(), file);
      assertThat(back.state().parameters()).isEqualTo(c.start.state().parameters());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2"})
  void aNewAdapterChangesNothingYet(String name) throws Exception {
    try (Case c = new Case(name)) {
      LoraSettings lora = new LoraSettings(3, 6, 0, List.of(LoraSettings.ALL_LINEAR));
      AdapterLayout layout = AdapterLayout.of(c.config.linears(), lora, false, name);
      Checkpoint fresh = Checkpoint.initial(layout.initial(7), 7, provenance(layout));
      Checkpoint nothing = Checkpoint.initial(new float[layout.size()], 7, provenance(layout));
      try (ModelTrainer one = c.trainer(fresh, PLENTY, 0);
          ModelTrainer other = c.trainer(nothing, PLENTY, 0)) {
        assertThat(one.step(c.batch(0), 0).loss()).isEqualTo(other.step(c.batch(0), 0).loss());
      }
    }
  }

  private static Checkpoint.Provenance provenance(AdapterLayout layout) {
    return new Checkpoint.Provenance(layout, Ensemble.of(1), "", "", "");
  }

  private static void assertClose(String what, float[] actual, float[] wanted, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(wanted[i]));
      assertThat(actual[i]).as(what + " " + i).isCloseTo(wanted[i], within((float) allowed));
    }
  }
}
