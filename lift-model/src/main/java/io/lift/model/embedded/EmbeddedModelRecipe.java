package io.lift.model.embedded;

import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the model that ships in the jar: {@code config.json}, {@code tokenizer.json} and {@code
 * model.safetensors}, always the same bytes. The model is initialised and not pretrained. The
 * embeddings of the integers 0..99 are points on smooth curves, so that near numbers have near
 * embeddings. All other weights are random.
 */
public final class EmbeddedModelRecipe {
  private static final long SEED = 20261122;
  private static final double MATRIX_DEVIATION = 0.08;
  private static final double EMBEDDING_DEVIATION = 0.5;
  private static final double MAX_FREQUENCY = 1.5; // periods of a curve between 0 and 99

  private static final String CONFIG_JSON =
      """
      {
        "model_type" : "llama",
        "vocab_size" : 360,
        "hidden_size" : 64,
        "intermediate_size" : 128,
        "num_hidden_layers" : 2,
        "num_attention_heads" : 4,
        "num_key_value_heads" : 4,
        "hidden_act" : "silu",
        "rms_norm_eps" : 1.0E-5,
        "rope_theta" : 10000.0,
        "tie_word_embeddings" : false,
        "max_position_embeddings" : 1024
      }
      """;

  private static final DecoderConfig CONFIG =
      PublishedConfig.read(ModelFolder.CONFIG, CONFIG_JSON.getBytes(StandardCharsets.UTF_8));

  private EmbeddedModelRecipe() {}

  /**
   * Writes the three files.
   *
   * @param args the path of the folder
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: EmbeddedModelRecipe FOLDER");
      System.exit(2);
    }
    Path folder = Files.createDirectories(Path.of(args[0]));
    Files.writeString(folder.resolve(ModelFolder.CONFIG), CONFIG_JSON);
    Files.writeString(folder.resolve(ModelFolder.TOKENIZER), BaseVocabulary.standard().toJson());
    Files.write(folder.resolve(ModelFolder.WEIGHTS), weights(SEED));
  }

  /** The bytes of {@code model.safetensors}. */
  public static byte[] weights(long seed) {
    ParameterLayout layout = ParameterLayout.of(CONFIG, CONFIG.vocabSize(), CONFIG.vocabSize());
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (int e = 0; e < layout.entries().size(); e++) {
      ParameterLayout.Entry entry = layout.entries().get(e);
      SeededRandom random = new SeededRandom(seed, RandomStream.EMBEDDED_MODEL, e);
      float[] data = new float[entry.length()];
      for (int i = 0; i < data.length; i++) {
        data[i] =
            entry.shape().length > 1 ? (float) (deviation(entry.name()) * random.gaussian()) : 1;
      }
      if (entry.name().equals(CONFIG.names().embeddingTable())) {
        curves(data, random);
      }
      tensors.put(entry.name(), new Safetensors.Tensor(entry.shape(), data));
    }
    return new Safetensors(Map.of("format", "pt"), tensors).toBytes();
  }

  /** Projections into the residual stream have smaller weights, as in GPT-2. */
  private static double deviation(String name) {
    if (name.equals(CONFIG.names().embeddingTable())) {
      return EMBEDDING_DEVIATION;
    }
    boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    return residual ? MATRIX_DEVIATION / Math.sqrt(2.0 * CONFIG.layers()) : MATRIX_DEVIATION;
  }

  /** Each dimension of the integers' embeddings is a cosine of random frequency and phase. */
  private static void curves(float[] table, SeededRandom random) {
    int width = CONFIG.hiddenSize();
    for (int d = 0; d < width; d++) {
      double frequency = MAX_FREQUENCY * random.uniform();
      double phase = random.uniform();
      for (int n = 0; n < BaseVocabulary.INTEGERS; n++) {
        double angle = 2 * Math.PI * (frequency * n / (BaseVocabulary.INTEGERS - 1.0) + phase);
        int row = BaseVocabulary.standard().integer(n);
        table[row * width + d] =
            (float) (Math.sqrt(2) * EMBEDDING_DEVIATION * StrictMath.cos(angle));
      }
    }
  }
}
