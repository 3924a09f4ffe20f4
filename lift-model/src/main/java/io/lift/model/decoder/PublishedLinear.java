package io.lift.model.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer as a model's publishers call it, and where its output columns lie among the
 * decoder's own products: GPT-2's {@code c_attn} is query, key and value in one; Llama's {@code
 * gate_proj} is the left half of {@link Projection#UP}.
 *
 * @param path e.g. {@code model.layers.0.self_attn.q_proj}
 * @param layer of the decoder; {@link Adapter.Place#NO_LAYER} for the head
 * @param in inputs
 * @param out outputs
 * @param slices the outputs, from left to right
 */
public record PublishedLinear(String path, int layer, int in, int out, List<Slice> slices) {

  /**
   * Neighbouring outputs.
   *
   * @param site product that computes them
   * @param column where they begin in the product
   * @param width how many
   * @param siteWidth outputs of the whole product
   */
  public record Slice(Projection site, int column, int width, int siteWidth) {}

  /** This layer with further outputs at its right. */
  PublishedLinear and(PublishedLinear right) {
    List<Slice> all = new ArrayList<>(slices);
    all.addAll(right.slices);
    return new PublishedLinear(path, layer, in, out + right.out, List.copyOf(all));
  }

  /** Whether a name, as users and PEFT give it, means this layer: its path or the end of it. */
  public boolean isCalled(String name) {
    return path.equals(name) || path.endsWith("." + name);
  }

  /** The last part of the path. */
  public String shortName() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
