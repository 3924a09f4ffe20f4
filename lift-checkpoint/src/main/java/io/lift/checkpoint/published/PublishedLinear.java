package io.lift.checkpoint.published;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer under its published name, and where its output columns lie in the decoder's fused
 * products. GPT-2's {@code c_attn} holds query, key and value. Llama's {@code gate_proj} is the
 * left half of {@link Projection#UP}.
 *
 * @param path full name without suffix, e.g. {@code model.layers.0.self_attn.q_proj}
 * @param layer number of the decoder layer; {@link #NO_LAYER} for the head
 * @param in number of inputs
 * @param out number of outputs
 * @param slices the outputs, from left to right
 */
public record PublishedLinear(String path, int layer, int in, int out, List<Slice> slices) {
  /** The layer number of the head, which belongs to no layer. */
  public static final int NO_LAYER = -1;

  /**
   * Neighbouring outputs.
   *
   * @param projection the fused product that computes them
   * @param column the first column in that product
   * @param width number of columns
   * @param projectionWidth columns of the whole product
   */
  public record Slice(Projection projection, int column, int width, int projectionWidth) {}

  /** This layer with the outputs of another one appended. */
  PublishedLinear and(PublishedLinear right) {
    List<Slice> all = new ArrayList<>(slices);
    all.addAll(right.slices);
    return new PublishedLinear(path, layer, in, out + right.out, List.copyOf(all));
  }

  /** Whether a name, as users and PEFT write it, matches this layer: its path or the end of it. */
  public boolean isCalled(String name) {
    return path.equals(name) || path.endsWith("." + name);
  }

  /** The last part of the path. */
  public String shortName() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
