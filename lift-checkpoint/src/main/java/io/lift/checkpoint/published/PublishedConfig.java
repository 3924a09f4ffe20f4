package io.lift.checkpoint.published;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidModelException;
import java.io.IOException;
import java.util.Map;

/**
 * Reads the {@code config.json} of a published model: GPT-2, GPT-J, Llama 2 and 3, Qwen2, Qwen2.5,
 * Qwen3, SmolLM2, and the encoder BERT. An absent key takes the default of the family's own code.
 */
public final class PublishedConfig {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "silu", Activation.SILU,
          "swish", Activation.SILU,
          "gelu", Activation.GELU,
          "gelu_new", Activation.GELU_TANH,
          "gelu_pytorch_tanh", Activation.GELU_TANH,
          "relu", Activation.RELU);

  private final ConfigValues values;

  private PublishedConfig(ConfigValues values) {
    this.values = values;
  }

  /**
   * Reads a {@code config.json}.
   *
   * @param file name of the file, for messages
   * @throws InvalidModelException if it is not the configuration of a supported decoder
   */
  public static DecoderConfig read(String file, byte[] bytes) {
    JsonNode json = null;
    try {
      json = JSON.readTree(bytes);
    } catch (IOException e) {
      // reported below
    }
    if (json == null || !json.isObject()) {
      throw new InvalidModelException(
          file + " is not a model configuration: it is not a JSON object.");
    }
    return new PublishedConfig(new ConfigValues(file, json)).read();
  }

  private DecoderConfig read() {
    values.rejectIfSet("quantization_config", "its weights are quantised");
    values.rejectIfSet("add_cross_attention", "it reads another model's output");
    String family = values.text("model_type", "");
    return switch (family) {
      case "gpt2" -> gpt2();
      case "gptj" -> gptj();
      case "llama" -> llama(family, values.flag("attention_bias", false));
      case "qwen2" -> llama(family, true);
      case "qwen3" -> llama(family, values.flag("attention_bias", false));
      case "bert" -> bert();
      default ->
          throw values.invalid(
              (family.isEmpty() ? "has no model_type" : "has model_type " + family)
                  + "; supported are gpt2, gptj, llama, qwen2, qwen3 and bert");
    };
  }

  private DecoderConfig gpt2() {
    values.rejectIfSet(
        "scale_attn_by_inverse_layer_idx", "attention is scaled by the layer's number");
    if (!values.flag("scale_attn_weights", true)) {
      throw values.invalid("switches scale_attn_weights off, which is not supported");
    }
    int width = values.size("n_embd", 768);
    int heads = values.size("n_head", 12);
    return new DecoderConfig(
        TensorNames.GPT2,
        values.size("vocab_size", 50_257),
        width,
        values.size("n_inner", 4 * width),
        values.layers("n_layer", 12),
        heads,
        heads,
        headSize(width, heads),
        true,
        values.positive("layer_norm_epsilon", 1e-5),
        false,
        null,
        Residual.PRE_NORM,
        false,
        false,
        activation("activation_function", "gelu_new"),
        true,
        true,
        true,
        false,
        values.flag("tie_word_embeddings", true),
        values.size("n_positions", 1024));
  }

  private DecoderConfig gptj() {
    int width = values.size("n_embd", 4096);
    int heads = values.size("n_head", 16);
    int headSize = headSize(width, heads);
    int rotated = values.size("rotary_dim", 64);
    if (rotated > headSize || rotated % 2 != 0) {
      throw values.invalid("has rotary_dim " + rotated + ", which must be even and fit a head");
    }
    return new DecoderConfig(
        TensorNames.GPTJ,
        values.size("vocab_size", 50_400),
        width,
        values.size("n_inner", 4 * width),
        values.layers("n_layer", 28),
        heads,
        heads,
        headSize,
        true,
        values.positive("layer_norm_epsilon", 1e-5),
        false,
        new Rotary(rotated, true, 10_000, new Rotary.Plain()),
        Residual.PARALLEL,
        false,
        false,
        activation("activation_function", "gelu_new"),
        false,
        false,
        true,
        true,
        values.flag("tie_word_embeddings", false),
        values.size("n_positions", 2048));
  }

  private DecoderConfig llama(String family, boolean queryKeyValueBias) {
    boolean qwen3 = family.equals("qwen3");
    if (values.flag("use_sliding_window", false)) {
      throw values.invalid("uses a sliding window, which is not supported");
    }
    for (JsonNode type : values.get("layer_types")) {
      if (!type.asText().equals("full_attention")) {
        throw values.invalid("has layers of type " + type.asText() + ", which is not supported");
      }
    }
    int width = values.size("hidden_size", null);
    int heads = values.size("num_attention_heads", null);
    int keyValueHeads = values.size("num_key_value_heads", heads);
    if (heads % keyValueHeads != 0) {
      throw values.invalid("needs num_attention_heads to be a multiple of num_key_value_heads");
    }
    int headSize =
        values.get("head_dim").isNumber()
            ? values.size("head_dim", null)
            : qwen3 ? 128 : headSize(width, heads);
    int maxPositions =
        values.size("max_position_embeddings", family.equals("llama") ? 2048 : 32_768);
    return new DecoderConfig(
        TensorNames.LLAMA,
        values.size("vocab_size", null),
        width,
        values.size("intermediate_size", null),
        values.layers("num_hidden_layers", null),
        heads,
        keyValueHeads,
        headSize,
        false,
        values.positive("rms_norm_eps", 1e-6),
        qwen3,
        RotaryReader.read(values, headSize, maxPositions),
        Residual.PRE_NORM,
        false,
        true,
        activation("hidden_act", "silu"),
        queryKeyValueBias,
        family.equals("qwen2") ? false : values.flag("attention_bias", false),
        family.equals("llama") && values.flag("mlp_bias", false),
        false,
        values.flag("tie_word_embeddings", false),
        maxPositions);
  }

  private DecoderConfig bert() {
    String positions = values.text("position_embedding_type", "absolute");
    if (!positions.equals("absolute")) {
      throw values.invalid("has " + positions + " positions, which are not supported");
    }
    values.rejectIfSet("is_decoder", "its tokens see only those before them");
    int width = values.size("hidden_size", 768);
    int heads = values.size("num_attention_heads", 12);
    return new DecoderConfig(
        TensorNames.BERT,
        values.size("vocab_size", 30_522),
        width,
        values.size("intermediate_size", 3072),
        values.layers("num_hidden_layers", 12),
        heads,
        heads,
        headSize(width, heads),
        true,
        values.positive("layer_norm_eps", 1e-12),
        false,
        null,
        Residual.POST_NORM,
        true,
        false,
        activation("hidden_act", "gelu"),
        true,
        true,
        true,
        false,
        true,
        values.size("max_position_embeddings", 512));
  }

  private int headSize(int width, int heads) {
    if (width % heads != 0) {
      throw values.invalid("has a width of " + width + ", which " + heads + " heads do not divide");
    }
    return width / heads;
  }

  private Activation activation(String key, String fallback) {
    String name = values.text(key, fallback);
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw values.invalid("has " + key + " " + name + ", which is not supported");
    }
    return activation;
  }
}
