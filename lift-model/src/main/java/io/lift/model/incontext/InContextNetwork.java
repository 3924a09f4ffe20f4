package io.lift.model.incontext;

import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of an in-context model, in memory.
 *
 * @param layout where each tensor lies
 * @param parameters (1, P)
 */
public record InContextNetwork(ParameterLayout layout, float[] parameters) {
  /** The shape that is pretrained: Llama's, with {@link RowTokens} for a vocabulary. */
  public static final String CONFIG_JSON =
      """
      {
        "model_type" : "llama",
        "vocab_size" : %d,
        "hidden_size" : 64,
        "intermediate_size" : 128,
        "num_hidden_layers" : 4,
        "num_attention_heads" : 4,
        "num_key_value_heads" : 4,
        "hidden_act" : "silu",
        "rms_norm_eps" : 1.0E-5,
        "rope_theta" : 10000.0,
        "tie_word_embeddings" : false,
        "max_position_embeddings" : 1024
      }
      """
          .formatted(RowTokens.SIZE);

  private static final double DEVIATION = 0.11;

  /** The layout of a configuration, which must be of {@link RowTokens}. */
  public static ParameterLayout layout(byte[] json) {
    DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, json);
    if (!config.plain() || config.vocabSize() != RowTokens.SIZE) {
      throw new InvalidModelException(
          ModelFolder.CONFIG
              + " is not of an in-context model: it needs "
              + RowTokens.SIZE
              + " tokens, RMSNorm and no biases.");
    }
    return ParameterLayout.of(config, config.vocabSize(), config.vocabSize());
  }

  /**
   * A model before pretraining. It answers like a kernel smoother, from which training is faster
   * than from random weights. Queries and keys begin as the same projection, so that rows attend to
   * similar rows. Outputs begin as the transposed values and the head as the labels' own vectors,
   * so that the output is the label of those rows.
   */
  public static InContextNetwork initial(long seed) {
    ParameterLayout layout = layout(CONFIG_JSON.getBytes(StandardCharsets.UTF_8));
    float[] all = new float[layout.size()];
    for (int e = 0; e < layout.entries().size(); e++) {
      ParameterLayout.Entry entry = layout.entries().get(e);
      SeededRandom random = new SeededRandom(seed, RandomStream.PRETRAINING, e);
      boolean table = entry.name().contains("embed_tokens");
      for (int i = 0; i < entry.length(); i++) {
        all[entry.offset() + i] =
            entry.shape().length == 1 ? 1 : (float) ((table ? 1 : DEVIATION) * random.gaussian());
      }
    }
    InContextNetwork model = new InContextNetwork(layout, all);
    for (int l = 0; l < layout.config().layers(); l++) {
      String attention = "model.layers." + l + ".self_attn.";
      model.copy(attention + "q_proj.weight", attention + "k_proj.weight", 1, false);
      model.copy(attention + "v_proj.weight", attention + "o_proj.weight", 1, true);
    }
    model.copy("model.embed_tokens.weight", "lm_head.weight", DEVIATION, false);
    return model;
  }

  private void copy(String from, String to, double factor, boolean transposed) {
    ParameterLayout.Entry source = entry(from);
    ParameterLayout.Entry target = entry(to);
    int columns = (int) source.shape()[1];
    for (int i = 0; i < source.length(); i++) {
      int at = transposed ? i % columns * (int) source.shape()[0] + i / columns : i;
      parameters[target.offset() + at] = (float) (factor * parameters[source.offset() + i]);
    }
  }

  private ParameterLayout.Entry entry(String name) {
    return layout.entries().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Reads the two files of a model.
   *
   * @throws InvalidModelException if they do not belong together
   */
  public static InContextNetwork read(byte[] json, byte[] file) {
    ParameterLayout layout = layout(json);
    Map<String, Safetensors.Tensor> tensors = Safetensors.read(ModelFolder.WEIGHTS, file).tensors();
    float[] all = new float[layout.size()];
    for (ParameterLayout.Entry e : layout.entries()) {
      Safetensors.Tensor tensor = tensors.get(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new InvalidModelException(
            "%s lacks tensor %s of shape %s."
                .formatted(ModelFolder.WEIGHTS, e.name(), Arrays.toString(e.shape())));
      }
      System.arraycopy(tensor.data(), 0, all, e.offset(), e.length());
    }
    return new InContextNetwork(layout, all);
  }

  /** The model that ships in this jar. */
  public static InContextNetwork embedded() {
    return read(resource(ModelFolder.CONFIG), resource(ModelFolder.WEIGHTS));
  }

  private static byte[] resource(String file) {
    try (InputStream in = InContextNetwork.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sha256 of {@code model.safetensors}, hex. Checkpoints store it with their support set. */
  public String hash() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The bytes of {@code model.safetensors}. */
  public byte[] toBytes() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (ParameterLayout.Entry e : layout.entries()) {
      float[] data = Arrays.copyOfRange(parameters, e.offset(), e.offset() + e.length());
      tensors.put(e.name(), new Safetensors.Tensor(e.shape(), data));
    }
    return new Safetensors(Map.of("format", "pt"), tensors).toBytes();
  }

  /** The weights in the decoder's form. */
  DecoderWeights weights(NDManager manager) {
    return DecoderWeights.of(layout, TorchEngine.array(manager, parameters, 1, layout.size()), 1);
  }
}
