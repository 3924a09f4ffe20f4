package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.Linear;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.encoder.TextEncoder;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.text.Sequence;
import io.lift.model.training.OptimizerSettings.Decay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of an encoder and their gradients against {@code src/test/reference/encoder.py}. */
class EncoderReferenceTest {
  private static final double SCALE = 20;

  private static Path folder() throws Exception {
    return Path.of(EncoderReferenceTest.class.getResource("/io/lift/model/encoder").toURI());
  }

  private static float[] floats(JsonNode numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).floatValue();
    }
    return floats;
  }

  private static List<String> texts(JsonNode sentences) {
    List<String> texts = new ArrayList<>();
    sentences.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLossAndTheGradientOfEveryMatrixAgreeWithPython(boolean recompute) throws Exception {
    JsonNode expected = new ObjectMapper().readTree(folder().resolve("adapter.json").toFile());
    Map<String, Safetensors.Tensor> matrices = new LinkedHashMap<>();
    expected
        .path("matrices")
        .properties()
        .forEach(
            e -> {
              JsonNode shape = e.getValue().path("shape");
              matrices.put(
                  e.getKey(),
                  new Safetensors.Tensor(
                      new long[] {shape.get(0).asLong(), shape.get(1).asLong()},
                      floats(e.getValue().path("values"))));
            });
    try (ModelFolder model = ModelFolder.open(folder());
        NDManager manager = TorchEngine.load().newBaseManager(Device.cpu())) {
      DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, model.config());
      try (TextEncoder encoder = TextEncoder.open(model, config, Device.cpu(), DataType.FLOAT32)) {
        PeftConfig peft =
            new PeftConfig(
                expected.path("rank").asInt(),
                expected.path("alpha").asDouble(),
                0,
                List.of("all"),
                false,
                "tiny");
        AdapterLayout layout = AdapterLayout.of(config.linears(), peft, matrices.keySet());
        Checkpoint start =
            Checkpoint.initial(
                layout.flat(matrices),
                0,
                new Checkpoint.Provenance(layout, Ensemble.of(1), "", "", ""));
        float[][] labels = encoder.vectors(texts(expected.path("labels")));
        float[] head = new float[encoder.width() * labels.length]; // (D, A)
        for (int i = 0; i < head.length; i++) {
          head[i] = (float) (SCALE * labels[i % labels.length][i / labels.length]);
        }
        Linear sentences =
            new Linear(manager.create(head, new Shape(1, encoder.width(), labels.length)), null);
        OptimizerSettings optimizer =
            new OptimizerSettings(1e-3, 1e-3, 1, Decay.LINEAR, 0, 0.9, 0.999, 1e-8, 1);
        LoraSettings lora = new LoraSettings(2, 3, 0, List.of(LoraSettings.ALL_LINEAR));
        TrainingRecipe recipe =
            new TrainingRecipe(4, 1, 1, 1, 1, 9, 1, 0, lora, optimizer, 0, 0, 0, 0, true, 0);
        try (ModelTrainer trainer =
            new ModelTrainer(
                new Decoder(config, manager),
                manager.newSubManager(),
                new ParameterView.Adapters(layout, encoder.weights().with(sentences), 1),
                recipe,
                config.vocabSize(),
                0,
                new StepMemory(StepMemory.DEFAULT.bytes(), recompute),
                start)) {
          List<Sequence> rows = new ArrayList<>();
          for (JsonNode row : expected.path("rows")) {
            rows.add(
                Sequence.of(
                    encoder.tokenizer().ids(row.path("sentence").asText()),
                    new int[] {row.path("label").asInt()},
                    new int[0]));
          }
          Sequence[][] batch = {rows.toArray(Sequence[]::new)};
          float[] gradient = trainer.gradient(batch);
          for (Entry e : layout.entries()) {
            float[] own = Arrays.copyOfRange(gradient, e.offset(), e.offset() + e.length());
            float[] wanted = floats(expected.path("matrices").path(e.name()).path("gradient"));
            assertThat(own).as(e.name()).containsExactly(wanted, within(1e-4f));
          }
          assertThat(trainer.step(batch, 0).loss())
              .isCloseTo(expected.path("loss").asDouble(), within(1e-4));
        }
      }
    }
  }
}
