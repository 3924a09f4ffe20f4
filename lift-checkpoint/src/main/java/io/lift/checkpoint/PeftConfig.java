package io.lift.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code adapter_config.json} of PEFT, for plain LoRA on linear layers. Settings that would
 * change the numbers and are not supported (DoRA, rank-stabilised scales, per-layer ranks, trained
 * biases) are rejected.
 *
 * @param rank r, rows of each A
 * @param alpha numerator of the scale {@code alpha / r}
 * @param dropout probability of dropping an input of A, in training
 * @param targets names of the layers with adapters: whole paths or their ends
 * @param fanInFanOut whether the base stores these layers as (in, out), as GPT-2 does
 * @param base name of the base model, for information
 */
public record PeftConfig(
    int rank,
    double alpha,
    double dropout,
    List<String> targets,
    boolean fanInFanOut,
    String base) {
  public static final String FILE = "adapter_config.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Flags that must be absent, null or false. */
  private static final List<String> UNSET_FLAGS =
      List.of("use_dora", "use_rslora", "use_qalora", "lora_bias");

  /** Settings that must be absent, null or empty. */
  private static final List<String> UNSET_SETTINGS =
      List.of(
          "rank_pattern",
          "alpha_pattern",
          "modules_to_save",
          "trainable_token_indices",
          "layer_replication",
          "target_parameters",
          "megatron_config");

  public PeftConfig {
    targets = List.copyOf(targets);
  }

  /**
   * Reads an {@code adapter_config.json}.
   *
   * @param file name of the file, for messages
   * @throws InvalidModelException if it is not a supported LoRA
   */
  public static PeftConfig read(String file, byte[] json) {
    JsonNode tree;
    try {
      tree = JSON.readTree(json);
    } catch (IOException e) {
      throw new InvalidModelException(file + " is not JSON.");
    }
    if (tree == null || !tree.isObject()) {
      throw new InvalidModelException(file + " is not a JSON object.");
    }
    String type = tree.path("peft_type").asText("");
    if (!type.equals("LORA")) {
      throw new InvalidModelException(
          file + " has peft_type \"" + type + "\"; only LORA is supported.");
    }
    for (String name : UNSET_FLAGS) {
      if (tree.path(name).asBoolean(false)) {
        throw new InvalidModelException(file + " sets " + name + ", which is not supported.");
      }
    }
    for (String name : UNSET_SETTINGS) {
      JsonNode value = tree.path(name);
      if (!value.isMissingNode() && !value.isNull() && !value.isEmpty()) {
        throw new InvalidModelException(file + " sets " + name + ", which is not supported.");
      }
    }
    if (!tree.path("bias").asText("none").equals("none")) {
      throw new InvalidModelException(
          file + " trains biases; only \"bias\": \"none\" is supported.");
    }
    int rank = tree.path("r").asInt(0);
    double alpha = tree.path("lora_alpha").asDouble(Double.NaN);
    double dropout = tree.path("lora_dropout").asDouble(0);
    if (rank < 1 || !Double.isFinite(alpha) || !(dropout >= 0 && dropout < 1)) {
      throw new InvalidModelException(file + " has no valid r, lora_alpha and lora_dropout.");
    }
    return new PeftConfig(
        rank,
        alpha,
        dropout,
        targets(tree.path("target_modules")),
        tree.path("fan_in_fan_out").asBoolean(false),
        tree.path("base_model_name_or_path").asText(""));
  }

  private static List<String> targets(JsonNode node) {
    List<String> targets = new ArrayList<>();
    if (node.isTextual()) {
      targets.add(node.asText());
    }
    node.elements().forEachRemaining(each -> targets.add(each.asText()));
    return targets;
  }

  /** The JSON that PEFT reads. */
  public String toJson() {
    ObjectNode tree = JSON.createObjectNode();
    tree.put("peft_type", "LORA");
    tree.put("task_type", "CAUSAL_LM");
    tree.put("base_model_name_or_path", base);
    tree.put("r", rank);
    tree.put("lora_alpha", alpha);
    tree.put("lora_dropout", dropout);
    targets.forEach(tree.putArray("target_modules")::add);
    tree.put("fan_in_fan_out", fanInFanOut);
    tree.put("bias", "none");
    tree.put("inference_mode", true);
    try {
      return JSON.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
