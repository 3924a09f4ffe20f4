package io.lift.checkpoint.published;

/**
 * Reads the rotary positions of a Llama-like model in both published spellings: {@code rope_theta}
 * beside {@code rope_scaling}, or both in {@code rope_parameters}.
 */
final class RotaryReader {
  private RotaryReader() {}

  /**
   * @param headSize width of a head, S
   * @param maxPositions longest sequence, in tokens
   */
  static Rotary read(ConfigValues config, int headSize, int maxPositions) {
    boolean together = config.get("rope_parameters").isObject();
    ConfigValues rope = config.nested(together ? "rope_parameters" : "rope_scaling");
    if (!rope.isObject() && !rope.isAbsent()) {
      throw config.invalid("has a rope_scaling that is not an object");
    }
    double theta = (together && rope.has("rope_theta") ? rope : config).positive("rope_theta", 1e4);
    double share =
        (together && rope.has("partial_rotary_factor") ? rope : config)
            .positive("partial_rotary_factor", 1.0);
    int dims = (int) (headSize * share);
    if (dims < 2 || dims > headSize || dims % 2 != 0) {
      throw config.invalid("rotates " + dims + " of " + headSize + " dimensions of a head");
    }
    return new Rotary(dims, false, theta, scaling(rope, maxPositions));
  }

  private static Rotary.Scaling scaling(ConfigValues rope, int maxPositions) {
    String type = rope.text("rope_type", rope.text("type", "default"));
    return switch (type) {
      case "default", "dynamic" -> new Rotary.Plain();
      case "linear" -> new Rotary.Linear(rope.positive("factor", null));
      case "llama3" ->
          new Rotary.Llama3(
              rope.positive("factor", null),
              rope.positive("low_freq_factor", null),
              rope.positive("high_freq_factor", null),
              rope.positive("original_max_position_embeddings", null));
      case "yarn" ->
          yarn(rope, rope.positive("original_max_position_embeddings", (double) maxPositions));
      default ->
          throw rope.invalid(
              "has rope_scaling of type "
                  + type
                  + "; supported are linear, dynamic, llama3 and yarn");
    };
  }

  private static Rotary.Yarn yarn(ConfigValues rope, double originalLength) {
    double factor = rope.positive("factor", null);
    double attentionFactor = attentionFactor(factor, 1);
    if (rope.get("attention_factor").isNumber()) {
      attentionFactor = rope.positive("attention_factor", null);
    } else if (rope.get("mscale").asDouble() != 0 && rope.get("mscale_all_dim").asDouble() != 0) {
      attentionFactor =
          attentionFactor(factor, rope.get("mscale").asDouble())
              / attentionFactor(factor, rope.get("mscale_all_dim").asDouble());
    }
    return new Rotary.Yarn(
        factor,
        rope.positive("beta_fast", 32.0),
        rope.positive("beta_slow", 1.0),
        originalLength,
        rope.flag("truncate", true),
        attentionFactor);
  }

  /** YaRN's factor, {@code 0.1 ln(s) + 1} (arXiv 2309.00071, section 3.4), weighted by mscale. */
  private static double attentionFactor(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }
}
