package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.DecoderWeights.Norm;
import io.lift.model.decoder.Linear;
import io.lift.model.decoder.LoraUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Decoders of the published families, two layers deep, with random weights. */
final class TinyModels {
  private static final String LLAMA =
      "\"hidden_size\": 24, \"intermediate_size\": 40, \"num_hidden_layers\": 2,"
          + " \"num_attention_heads\": 6, \"num_key_value_heads\": 3, \"hidden_act\": \"silu\","
          + " \"rms_norm_eps\": 1e-6, \"max_position_embeddings\": 512";

  /** {@code config.json} by family, without the vocabulary. */
  static final Map<String, String> FAMILIES =
      Map.of(
          "gpt2",
          "\"n_embd\": 24, \"n_layer\": 2, \"n_head\": 3, \"n_positions\": 512",
          "gptj",
          "\"n_embd\": 24, \"n_layer\": 2, \"n_head\": 3, \"n_positions\": 512, \"rotary_dim\": 4",
          "llama",
          LLAMA,
          "qwen2",
          LLAMA,
          "qwen3",
          LLAMA + ", \"head_dim\": 8");

  private final Random random;
  private final NDManager manager;
  private final DecoderConfig config;

  private TinyModels(DecoderConfig config, NDManager manager, long seed) {
    this.config = config;
    this.manager = manager;
    this.random = new Random(seed);
  }

  static DecoderConfig config(String family, int vocabulary) {
    String json =
        "{\"model_type\": \"%s\", \"vocab_size\": %d, %s}"
            .formatted(family, vocabulary, FAMILIES.get(family));
    return PublishedConfig.read("config.json", json.getBytes(StandardCharsets.UTF_8));
  }

  static DecoderWeights weights(DecoderConfig config, NDManager manager, long seed) {
    return new TinyModels(config, manager, seed).weights();
  }

  /** Changes to every product that are as large as the products. */
  static Adapter adapter(DecoderConfig config, NDManager manager, long seed) {
    TinyModels random = new TinyModels(config, manager, seed);
    Map<Adapter.Target, LoraUpdate> changes = new HashMap<>();
    for (int l = 0; l < config.layers(); l++) {
      for (Projection site : Projection.values()) {
        if (site != Projection.HEAD) {
          changes.put(new Adapter.Target(l, site), random.change(site));
        }
      }
    }
    changes.put(
        new Adapter.Target(PublishedLinear.NO_LAYER, Projection.HEAD),
        random.change(Projection.HEAD));
    return new Adapter(changes);
  }

  static Decoder decoder(DecoderConfig config, NDManager manager) {
    return new Decoder(config, manager);
  }

  private LoraUpdate change(Projection site) {
    return new LoraUpdate(array(config.inputSize(site), 4), array(4, config.outputSize(site)), 0.5);
  }

  private DecoderWeights weights() {
    List<DecoderWeights.Layer> layers = new ArrayList<>();
    boolean bias = config.queryKeyValueBias();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(
          new DecoderWeights.Layer(
              norm(config.hiddenSize()),
              linear(Projection.QUERY, bias),
              linear(Projection.KEY_VALUE, bias),
              config.queryKeyNorm() ? norm(config.headSize()) : null,
              config.queryKeyNorm() ? norm(config.headSize()) : null,
              linear(Projection.OUTPUT, config.outputBias()),
              config.parallel() ? null : norm(config.hiddenSize()),
              linear(Projection.UP, config.mlpBias()),
              linear(Projection.DOWN, config.mlpBias())));
    }
    return new DecoderWeights(
        1,
        array(config.vocabSize(), config.hiddenSize()),
        config.rotary() == null ? array(config.maxPositions(), config.hiddenSize()) : null,
        null,
        layers,
        norm(config.hiddenSize()),
        linear(Projection.HEAD, config.headBias()));
  }

  private Linear linear(Projection site, boolean bias) {
    return new Linear(
        array(1, config.inputSize(site), config.outputSize(site)),
        bias ? array(1, 1, config.outputSize(site)) : null);
  }

  private Norm norm(int width) {
    return new Norm(array(1, 1, width).add(1), config.layerNorm() ? array(1, 1, width) : null);
  }

  private NDArray array(long... shape) {
    float[] data = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (0.3 * random.nextGaussian());
    }
    return manager.create(data, new Shape(shape));
  }
}
