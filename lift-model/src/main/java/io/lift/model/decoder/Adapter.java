package io.lift.model.decoder;

import java.util.Map;

/**
 * Low-rank changes to some of a decoder's products: what one task's fine-tuning learnt on a frozen
 * base.
 *
 * @param changes by place
 */
public record Adapter(Map<Place, LoraUpdate> changes) {

  /**
   * Where a change belongs.
   *
   * @param layer 0 for the first; {@link #NO_LAYER} for the head
   * @param site the product
   */
  public record Place(int layer, Projection site) {
    public static final int NO_LAYER = -1;
  }

  /** The change at a place, or null. */
  public LoraUpdate at(int layer, Projection site) {
    return changes.get(new Place(layer, site));
  }
}
