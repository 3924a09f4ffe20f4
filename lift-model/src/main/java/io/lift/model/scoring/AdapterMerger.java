package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Linear;
import io.lift.model.decoder.LoraUpdate;
import java.util.ArrayList;
import java.util.List;

/** An adapter added to the weights once, instead of to every product: W + scale A B. */
public final class AdapterMerger {
  private AdapterMerger() {}

  /**
   * @param base of one member; not changed
   * @param owner of the matrices that differ from the base's
   */
  public static DecoderWeights of(DecoderWeights base, Adapter adapter, NDManager owner) {
    List<DecoderWeights.Layer> layers = new ArrayList<>();
    for (int l = 0; l < base.layers().size(); l++) {
      DecoderWeights.Layer layer = base.layers().get(l);
      layers.add(
          new DecoderWeights.Layer(
              layer.inputNorm(),
              merged(layer.query(), adapter.at(l, Projection.QUERY), owner),
              merged(layer.keyValue(), adapter.at(l, Projection.KEY_VALUE), owner),
              layer.queryNorm(),
              layer.keyNorm(),
              merged(layer.output(), adapter.at(l, Projection.OUTPUT), owner),
              layer.mlpNorm(),
              merged(layer.up(), adapter.at(l, Projection.UP), owner),
              merged(layer.down(), adapter.at(l, Projection.DOWN), owner)));
    }
    return new DecoderWeights(
        base.members(),
        base.embedding(),
        base.positions(),
        base.embeddingNorm(),
        layers,
        base.norm(),
        merged(base.head(), adapter.at(PublishedLinear.NO_LAYER, Projection.HEAD), owner));
  }

  /** Memory of the matrices that differ from the base's. */
  public static long bytes(DecoderWeights base, Adapter adapter) {
    long size = base.type().getNumOfBytes();
    return adapter.updates().values().stream()
        .mapToLong(update -> update.a().getShape().get(0) * update.b().getShape().get(1) * size)
        .sum();
  }

  /** Memory of an adapter; null is none. */
  public static long bytes(Adapter adapter) {
    return adapter == null
        ? 0
        : adapter.updates().values().stream()
            .mapToLong(update -> bytes(update.a()) + bytes(update.b()))
            .sum();
  }

  private static long bytes(NDArray array) {
    return array.size() * array.getDataType().getNumOfBytes();
  }

  private static Linear merged(Linear linear, LoraUpdate update, NDManager owner) {
    if (update == null) {
      return linear;
    }
    try (NDScope scope = new NDScope()) {
      NDArray weight = linear.weight(); // (1, in, out)
      NDArray delta = update.a().matMul(update.b()).mul(update.scale());
      // summed in the adapter's precision, then rounded once
      NDArray sum = weight.toType(delta.getDataType(), false).add(delta);
      NDArray merged = sum.toType(weight.getDataType(), false);
      NDScope.unregister(merged);
      merged.attach(owner);
      return new Linear(merged, linear.bias());
    }
  }
}
