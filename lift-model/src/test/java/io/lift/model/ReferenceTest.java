package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.Sequence;
import io.lift.model.text.TokenBatch;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.ParameterView;
import io.lift.model.training.StepMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Decoder, loss, gradient and AdamW against {@code src/test/reference/reference.py}. */
class ReferenceTest {
  private static BaseModel base;
  private static Map<String, Safetensors.Tensor> expected;

  @BeforeAll
  static void open() throws Exception {
    Path folder = Path.of(ReferenceTest.class.getResource("reference").toURI());
    base = BaseModel.open(folder.toString(), "cpu");
    byte[] file = Files.readAllBytes(folder.resolve("expected.safetensors"));
    expected = Safetensors.read("expected.safetensors", file).tensors();
  }

  @AfterAll
  static void close() {
    base.close();
  }

  @Test
  void logitsAgreeWithPython() {
    try (NDManager manager = base.newManager()) {
      Sequence[] rows = batch(0);
      TokenBatch batch = TokenBatch.of(rows, 1, base.config().vocabSize(), 0, 1);
      NDArray flat =
          TorchEngine.array(
              manager, zero().state().parameters(), 1, zero().provenance().layout().size());
      NDArray logits =
          base.decoder()
              .logits(
                  DecoderWeights.of(layout(), flat, 1),
                  TokenInput.of(
                      manager.create(batch.tokens()), rows.length, batch.length(), batch.padding()),
                  1,
                  0);
      assertThat(batch.padding()).isNotNull();
      assertClose(logits.toFloatArray(), expected.get("logits").data(), 1e-4f);
    }
  }

  @Test
  void gradientsAgreeWithPython() {
    try (ModelTrainer trainer = trainer(StepMemory.DEFAULT)) {
      float[] gradient = trainer.gradient(new Sequence[][] {batch(0)});
      for (ParameterLayout.Entry e : zero().provenance().layout().entries()) {
        float[] part = java.util.Arrays.copyOfRange(gradient, e.offset(), e.offset() + e.length());
        assertClose(part, expected.get("gradient." + e.name()).data(), 1e-4f);
      }
    }
  }

  @Test
  void smallBatchesAndLayersComputedTwiceHaveTheSameGradient() {
    float[] whole;
    try (ModelTrainer trainer = trainer(StepMemory.DEFAULT)) {
      whole = trainer.gradient(new Sequence[][] {batch(0)});
    }
    for (boolean recompute : new boolean[] {false, true}) {
      try (ModelTrainer trainer = trainer(new StepMemory(1 << 17, recompute))) {
        float[] gradient = trainer.gradient(new Sequence[][] {batch(0)});
        assertThat(trainer.microBatches(new Sequence[][] {batch(0)})).isGreaterThan(2);
        assertClose(gradient, whole, 1e-6f);
      }
    }
  }

  @Test
  void twentyStepsLoseWhatPythonLoses() {
    float[] rates = expected.get("rates").data();
    float[] losses = expected.get("losses").data();
    try (ModelTrainer trainer = trainer()) {
      for (int s = 0; s < rates.length; s++) {
        ModelTrainer.StepReport report = trainer.step(new Sequence[][] {batch(s % 4)}, rates[s]);
        assertThat(report.loss()).as("step " + s).isCloseTo(losses[s], within(1e-3));
      }
    }
    assertThat(losses[19]).isLessThan(losses[0] - 1); // the curve has something to agree on
  }

  @Test
  void membersTrainedTogetherAreTheSameAsAlone() {
    Checkpoint alone = zero();
    float[] twice =
        java.util.Arrays.copyOf(alone.state().parameters(), 2 * alone.state().parameters().length);
    System.arraycopy(
        alone.state().parameters(),
        0,
        twice,
        alone.state().parameters().length,
        alone.state().parameters().length);
    Checkpoint pair = checkpoint(twice, 2);
    try (ModelTrainer one = trainer();
        ModelTrainer two = trainer(pair, StepMemory.DEFAULT)) {
      // small steps: AdamW makes whole ones of gradients that are nothing but rounding
      for (int s = 0; s < 5; s++) {
        one.step(new Sequence[][] {batch(1)}, 1e-4);
        two.step(new Sequence[][] {batch(0), batch(1)}, 1e-4);
      }
      float[] single = one.checkpoint(Checkpoint.RoundPosition.START, "", "").state().parameters();
      float[] both = two.checkpoint(Checkpoint.RoundPosition.START, "", "").state().parameters();
      assertClose(java.util.Arrays.copyOfRange(both, single.length, both.length), single, 1e-4f);
    }
  }

  private static Sequence[] batch(int b) {
    return ReferenceRows.batch(expected, b);
  }

  private static ModelTrainer trainer() {
    return trainer(StepMemory.DEFAULT);
  }

  private static ModelTrainer trainer(StepMemory memory) {
    return trainer(zero(), memory);
  }

  private static ModelTrainer trainer(Checkpoint from, StepMemory memory) {
    return new ModelTrainer(
        base.decoder(),
        base.newManager(),
        new ParameterView.AllWeights(layout(), from.members()),
        Recipes.plain(),
        base.config().vocabSize(),
        0,
        memory,
        from);
  }

  private static Checkpoint zero() {
    return checkpoint(base.weights(), 1);
  }

  private static Checkpoint checkpoint(float[] parameters, int members) {
    return Checkpoint.initial(
        parameters, 0, new Checkpoint.Provenance(layout(), Ensemble.of(members), "", "", ""));
  }

  private static ParameterLayout layout() {
    return ParameterLayout.of(base.config(), base.config().vocabSize(), base.config().vocabSize());
  }

  private static void assertClose(float[] actual, float[] wanted, float tolerance) {
    assertThat(actual).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(actual[i]).as("number " + i).isCloseTo(wanted[i], within(tolerance));
    }
  }
}
