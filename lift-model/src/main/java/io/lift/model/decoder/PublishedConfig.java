package io.lift.model.decoder;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidModelException;
import java.io.IOException;
import java.util.Map;

/**
 * Reads the {@code config.json} of a published model: GPT-2, GPT-J, Llama 2 and 3, Qwen2, Qwen2.5,
 * Qwen3, SmolLM2. Absent keys mean what they mean in the family's own code.
 */
public final class PublishedConfig {
  private static final int MAX_SIZE = 1 << 24;
  private static final int MAX_LAYERS = 1000;
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

  private final String file;
  private final JsonNode json;

  private PublishedConfig(String file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a {@code config.json}.
   *
   * @param file its name, for messages
   * @throws InvalidModelException if it is not the configuration of a decoder that can be computed
   *     here
   */
  public static DecoderConfig read(String file, byte[] bytes) {
    JsonNode json = null;
    try {
      json = JSON.readTree(bytes);
    } catch (IOException e) {
      // said below
    }
    if (json == null || !json.isObject()) {
      throw new InvalidModelException(
          file + " is not a model configuration: it is not a JSON object.");
    }
    return new PublishedConfig(file, json).read();
  }

  private DecoderConfig read() {
    refuse("quantization_config", "its weights are quantised");
    refuse("add_cross_attention", "it reads another model's output");
    String family = json.path("model_type").asText("");
    return switch (family) {
      case "gpt2" -> gpt2();
      case "gptj" -> gptj();
      case "llama" -> llama(family, flag("attention_bias", false));
      case "qwen2" -> llama(family, true);
      case "qwen3" -> llama(family, flag("attention_bias", false));
      default ->
          throw invalid(
              "has model_type "
                  + (family.isEmpty() ? "missing" : family)
                  + "; supported are gpt2, gptj, llama, qwen2 and qwen3");
    };
  }

  private DecoderConfig gpt2() {
    refuse("scale_attn_by_inverse_layer_idx", "attention is scaled by the layer's number");
    if (!flag("scale_attn_weights", true)) {
      throw invalid("switches scale_attn_weights off, which is not supported");
    }
    int width = size("n_embd", 768);
    int heads = size("n_head", 12);
    return new DecoderConfig(
        TensorNames.GPT2,
        size("vocab_size", 50_257),
        width,
        size("n_inner", 4 * width),
        layers("n_layer", 12),
        heads,
        heads,
        headSize(width, heads),
        true,
        positive("layer_norm_epsilon", 1e-5),
        false,
        null,
        false,
        false,
        activation("activation_function", "gelu_new"),
        true,
        true,
        true,
        false,
        flag("tie_word_embeddings", true),
        size("n_positions", 1024));
  }

  private DecoderConfig gptj() {
    int width = size("n_embd", 4096);
    int heads = size("n_head", 16);
    int headSize = headSize(width, heads);
    int turning = size("rotary_dim", 64);
    if (turning > headSize || turning % 2 != 0) {
      throw invalid("has rotary_dim " + turning + ", which must be even and fit a head");
    }
    return new DecoderConfig(
        TensorNames.GPTJ,
        size("vocab_size", 50_400),
        width,
        size("n_inner", 4 * width),
        layers("n_layer", 28),
        heads,
        heads,
        headSize,
        true,
        positive("layer_norm_epsilon", 1e-5),
        false,
        new Rotary(turning, true, 10_000, new Rotary.Plain()),
        true,
        false,
        activation("activation_function", "gelu_new"),
        false,
        false,
        true,
        true,
        flag("tie_word_embeddings", false),
        size("n_positions", 2048));
  }

  private DecoderConfig llama(String family, boolean queryKeyValueBias) {
    boolean qwen3 = family.equals("qwen3");
    if (flag("use_sliding_window", false)) {
      throw invalid("uses a sliding window, which is not supported");
    }
    for (JsonNode kind : json.path("layer_types")) {
      if (!kind.asText().equals("full_attention")) {
        throw invalid("has layers of type " + kind.asText() + ", which is not supported");
      }
    }
    int width = size("hidden_size", null);
    int heads = size("num_attention_heads", null);
    int keyValueHeads = size("num_key_value_heads", heads);
    if (heads % keyValueHeads != 0) {
      throw invalid("needs num_attention_heads to be a multiple of num_key_value_heads");
    }
    int headSize =
        json.path("head_dim").isNumber()
            ? size("head_dim", null)
            : qwen3 ? 128 : headSize(width, heads);
    int positions = size("max_position_embeddings", family.equals("llama") ? 2048 : 32_768);
    return new DecoderConfig(
        TensorNames.LLAMA,
        size("vocab_size", null),
        width,
        size("intermediate_size", null),
        layers("num_hidden_layers", null),
        heads,
        keyValueHeads,
        headSize,
        false,
        positive("rms_norm_eps", 1e-6),
        qwen3,
        rotary(headSize, positions),
        false,
        true,
        activation("hidden_act", "silu"),
        queryKeyValueBias,
        family.equals("qwen2") ? false : flag("attention_bias", false),
        family.equals("llama") && flag("mlp_bias", false),
        false,
        flag("tie_word_embeddings", false),
        positions);
  }

  /**
   * Both spellings: {@code rope_theta} beside {@code rope_scaling}, and {@code rope_parameters}.
   */
  private Rotary rotary(int headSize, int positions) {
    boolean together = json.path("rope_parameters").isObject();
    JsonNode rope = together ? json.get("rope_parameters") : json.path("rope_scaling");
    if (!rope.isObject() && !rope.isMissingNode() && !rope.isNull()) {
      throw invalid("has a rope_scaling that is not an object");
    }
    PublishedConfig scaling = new PublishedConfig(file, rope);
    double theta =
        (together && rope.has("rope_theta") ? scaling : this).positive("rope_theta", 1e4);
    double share =
        (together && rope.has("partial_rotary_factor") ? scaling : this)
            .positive("partial_rotary_factor", 1.0);
    int dims = (int) (headSize * share);
    if (dims < 2 || dims > headSize || dims % 2 != 0) {
      throw invalid("lets " + dims + " of " + headSize + " dimensions of a head turn");
    }
    return new Rotary(dims, false, theta, scaling.scaling(positions));
  }

  /** Read from the object that describes the scaling. */
  private Rotary.Scaling scaling(int positions) {
    String kind = json.path("rope_type").asText(json.path("type").asText("default"));
    return switch (kind) {
      case "default", "dynamic" -> new Rotary.Plain();
      case "linear" -> new Rotary.Linear(positive("factor", null));
      case "llama3" ->
          new Rotary.Llama3(
              positive("factor", null),
              positive("low_freq_factor", null),
              positive("high_freq_factor", null),
              positive("original_max_position_embeddings", null));
      case "yarn" -> yarn(positive("original_max_position_embeddings", (double) positions));
      default ->
          throw invalid(
              "has rope_scaling of type "
                  + kind
                  + "; supported are linear, dynamic, llama3 and yarn");
    };
  }

  private Rotary.Yarn yarn(double original) {
    double factor = positive("factor", null);
    double magnitude = sharpness(factor, 1);
    if (json.path("attention_factor").isNumber()) {
      magnitude = positive("attention_factor", null);
    } else if (json.path("mscale").asDouble() != 0 && json.path("mscale_all_dim").asDouble() != 0) {
      magnitude =
          sharpness(factor, json.get("mscale").asDouble())
              / sharpness(factor, json.get("mscale_all_dim").asDouble());
    }
    return new Rotary.Yarn(
        factor,
        positive("beta_fast", 32.0),
        positive("beta_slow", 1.0),
        original,
        flag("truncate", true),
        magnitude);
  }

  private static double sharpness(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private int headSize(int width, int heads) {
    if (width % heads != 0) {
      throw invalid("has a width of " + width + ", which " + heads + " heads do not divide");
    }
    return width / heads;
  }

  private Activation activation(String key, String fallback) {
    String name = json.path(key).asText(fallback);
    Activation activation = ACTIVATIONS.get(name);
    if (activation == null) {
      throw invalid("has " + key + " " + name + ", which is not supported");
    }
    return activation;
  }

  private boolean flag(String key, boolean fallback) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw invalid("has a " + key + " that is neither true nor false");
    }
    return value.asBoolean(fallback);
  }

  private int layers(String key, Integer fallback) {
    int layers = size(key, fallback);
    if (layers > MAX_LAYERS) {
      throw invalid("has " + layers + " layers, more than can be");
    }
    return layers;
  }

  private int size(String key, Integer fallback) {
    double value = positive(key, fallback == null ? null : fallback.doubleValue());
    if (value != Math.rint(value) || value > MAX_SIZE) {
      throw invalid("has " + key + " " + value + ", which is not a possible size");
    }
    return (int) value;
  }

  /** A number above 0; absent, and no fallback, is an error. */
  private double positive(String key, Double fallback) {
    JsonNode value = json.path(key);
    boolean absent = value.isMissingNode() || value.isNull();
    double number = absent && fallback != null ? fallback : value.isNumber() ? value.asDouble() : 0;
    if (!(number > 0) || Double.isInfinite(number)) {
      throw invalid("needs a positive " + key);
    }
    return number;
  }

  private void refuse(String key, String why) {
    JsonNode value = json.path(key);
    if (value.isObject() || value.asBoolean()) {
      throw invalid("has " + key + ": " + why + ", which is not supported");
    }
  }

  private InvalidModelException invalid(String what) {
    return new InvalidModelException(file + " " + what + ".");
  }
}
