package io.lift.model.decoder;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lift.model.files.ModelInvalid;

/**
 * The shape of a decoder, as in the {@code config.json} of a published Llama model.
 *
 * @param modelType {@code llama}
 * @param vocabSize tokens of the base vocabulary, V
 * @param hiddenSize width of the residual stream, D
 * @param intermediateSize width inside the gated MLP, I
 * @param layers decoder layers
 * @param heads attention heads, H; each is D / H wide
 * @param keyValueHeads must equal {@code heads}: grouped queries are not read yet
 * @param hiddenAct {@code silu}
 * @param normEps added to the mean square in RMSNorm
 * @param ropeTheta base of the rotary position frequencies
 * @param tiedEmbeddings whether the output head is the embedding table
 * @param maxPositions longest sequence, in tokens
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DecoderConfig(
    @JsonProperty("model_type") String modelType,
    @JsonProperty("vocab_size") int vocabSize,
    @JsonProperty("hidden_size") int hiddenSize,
    @JsonProperty("intermediate_size") int intermediateSize,
    @JsonProperty("num_hidden_layers") int layers,
    @JsonProperty("num_attention_heads") int heads,
    @JsonProperty("num_key_value_heads") int keyValueHeads,
    @JsonProperty("hidden_act") String hiddenAct,
    @JsonProperty("rms_norm_eps") double normEps,
    @JsonProperty("rope_theta") double ropeTheta,
    @JsonProperty("tie_word_embeddings") boolean tiedEmbeddings,
    @JsonProperty("max_position_embeddings") int maxPositions) {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  /** Width of one attention head. */
  public int headSize() {
    return hiddenSize / heads;
  }

  /**
   * Reads a {@code config.json}.
   *
   * @param file its name, for messages
   * @throws ModelInvalid if it is not the configuration of a decoder that can be computed here
   */
  public static DecoderConfig read(String file, byte[] json) {
    DecoderConfig config;
    try {
      config = JSON.readValue(json, DecoderConfig.class);
    } catch (java.io.IOException e) {
      throw new ModelInvalid(file + " is not a model configuration: it is not valid JSON.");
    }
    config.check(file);
    return config;
  }

  /** The file that {@link #read} reads. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void check(String file) {
    if (!"llama".equals(modelType)) {
      throw new ModelInvalid(file + " has model_type " + modelType + "; only llama is supported.");
    }
    if (!"silu".equals(hiddenAct)) {
      throw new ModelInvalid(file + " has hidden_act " + hiddenAct + "; only silu is supported.");
    }
    positive(file, "vocab_size", vocabSize);
    positive(file, "hidden_size", hiddenSize);
    positive(file, "intermediate_size", intermediateSize);
    positive(file, "num_hidden_layers", layers);
    positive(file, "num_attention_heads", heads);
    positive(file, "max_position_embeddings", maxPositions);
    positive(file, "rms_norm_eps", normEps);
    positive(file, "rope_theta", ropeTheta);
    if (keyValueHeads != heads) {
      throw new ModelInvalid(
          file + " has grouped queries (num_key_value_heads), which are not supported.");
    }
    if (hiddenSize % heads != 0 || headSize() % 2 != 0) {
      throw new ModelInvalid(
          file + ": hidden_size must be an even multiple of num_attention_heads.");
    }
  }

  private static void positive(String file, String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new ModelInvalid(file + " needs a positive " + name + ".");
    }
  }
}
