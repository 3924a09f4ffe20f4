package io.lift.model.decoder;

import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.PublishedLinear;
import java.util.Map;

/**
 * The low-rank updates of one task to a frozen decoder.
 *
 * @param updates the update of each product that has one
 */
public record Adapter(Map<Target, LoraUpdate> updates) {

  /**
   * A product of the decoder.
   *
   * @param layer 0 for the first; {@link PublishedLinear#NO_LAYER} for the head
   * @param projection the product in that layer
   */
  public record Target(int layer, Projection projection) {}

  /** The update of a product, or null. */
  public LoraUpdate at(int layer, Projection projection) {
    return updates.get(new Target(layer, projection));
  }
}
