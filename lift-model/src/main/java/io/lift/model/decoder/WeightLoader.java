package io.lift.model.decoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads the weights of a published model into the engine's memory, tensor by tensor: numbers go
 * from the file straight to where the engine computes with them, so that beside the model itself
 * there are never more than the tensors of one product in memory. Matrices stay as they are stored;
 * those stored (out, in) are multiplied by as transposed views.
 */
public final class WeightLoader {
  private static final int CHUNK = 1 << 28; // numbers of one tensor that a buffer can hold

  private final DecoderConfig config;
  private final TensorNames names;
  private final Map<String, TensorFile.Tensor> tensors;
  private final DataType type;
  private final NDManager manager;
  private final NDManager host;

  private WeightLoader(
      DecoderConfig config,
      Map<String, TensorFile.Tensor> tensors,
      DataType type,
      NDManager manager,
      NDManager host) {
    this.config = config;
    this.names = config.names();
    this.tensors = tensors;
    this.type = type;
    this.manager = manager;
    this.host = host;
  }

  /**
   * Reads all weights.
   *
   * @param type what the products are computed in; norms are float32
   * @param manager owns them, on its device
   * @throws InvalidModelException as {@link PublishedTensors#find}, and if a number is not finite
   */
  public static DecoderWeights load(
      ModelFolder folder, DecoderConfig config, DataType type, NDManager manager) {
    Map<String, TensorFile.Tensor> tensors = PublishedTensors.find(config, folder);
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      return new WeightLoader(config, tensors, type, manager, host).load();
    }
  }

  private DecoderWeights load() {
    NDArray embedding = kept(() -> typed(names.embeddingTable()));
    NDArray positions = config.rotary() == null ? kept(() -> typed(names.positionTable())) : null;
    List<DecoderWeights.Layer> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(layer(l));
    }
    DecoderWeights.Norm norm = norm(names.root() + names.norm());
    Linear head = linear(Adapter.Place.NO_LAYER, Projection.HEAD, embedding);
    return new DecoderWeights(1, embedding, positions, layers, norm, head);
  }

  private DecoderWeights.Layer layer(int l) {
    boolean headNorms = config.queryKeyNorm();
    return new DecoderWeights.Layer(
        norm(names.inLayer(l, names.inputNorm())),
        linear(l, Projection.QUERY),
        linear(l, Projection.KEY_VALUE),
        headNorms ? norm(names.inLayer(l, names.queryNorm())) : null,
        headNorms ? norm(names.inLayer(l, names.keyNorm())) : null,
        linear(l, Projection.OUTPUT),
        config.parallel() ? null : norm(names.inLayer(l, names.mlpNorm())),
        linear(l, Projection.UP),
        linear(l, Projection.DOWN));
  }

  private DecoderWeights.Norm norm(String name) {
    NDArray gain = kept(() -> wide(name + TensorNames.WEIGHT).reshape(1, 1, -1));
    NDArray bias =
        config.layerNorm() ? kept(() -> wide(name + TensorNames.BIAS).reshape(1, 1, -1)) : null;
    return new DecoderWeights.Norm(gain, bias);
  }

  private Linear linear(int layer, Projection site) {
    return linear(layer, site, null);
  }

  /**
   * A product, its pieces side by side.
   *
   * @param embedding the matrix of a tied head
   */
  private Linear linear(int layer, Projection site, NDArray embedding) {
    boolean inputFirst = names.inputFirst() && site != Projection.HEAD;
    boolean tied = site == Projection.HEAD && config.tiedEmbeddings();
    NDArray weight =
        kept(
            () -> {
              NDArray matrix =
                  tied ? embedding : joined(layer, site, TensorNames.WEIGHT, inputFirst ? 1 : 0);
              NDArray one = matrix.expandDims(0); // (1, in, out) or (1, out, in)
              return inputFirst ? one : one.transpose(0, 2, 1);
            });
    NDArray bias = null;
    if (config.bias(site)) {
      bias = kept(() -> joined(layer, site, TensorNames.BIAS, 0).reshape(1, 1, -1));
    }
    return new Linear(weight, bias);
  }

  /**
   * The pieces of a product's matrix or bias in one.
   *
   * @param axis of the outputs
   */
  private NDArray joined(int layer, Projection site, String suffix, int axis) {
    NDList pieces = new NDList();
    for (TensorNames.Piece piece : names.pieces(site)) {
      NDArray whole = typed(names.module(layer, piece) + suffix);
      long share = whole.getShape().get(axis) / piece.of();
      boolean all = piece.to() - piece.from() == piece.of();
      pieces.add(
          all
              ? whole
              : Pass.slice(whole, axis, piece.from() * share, piece.to() * share).duplicate());
    }
    return pieces.size() == 1 ? pieces.get(0) : NDArrays.concat(pieces, axis);
  }

  /** What is made is the manager's; whatever else it took is freed. */
  private NDArray kept(Supplier<NDArray> maker) {
    try (NDScope scope = new NDScope()) {
      NDArray made = maker.get();
      NDScope.unregister(made);
      made.attach(manager);
      return made;
    }
  }

  private NDArray typed(String name) {
    return wide(name).toType(type, false);
  }

  /** A tensor on the model's device, in float32. */
  private NDArray wide(String name) {
    TensorFile.Tensor tensor = tensors.get(name);
    long count = tensor.count();
    NDArray flat = host.create(new Shape(count), DataType.FLOAT32);
    for (long from = 0; from < count; from += CHUNK) {
      NDArray part = Pass.slice(flat, 0, from, Math.min(count, from + CHUNK));
      tensor.read(from, part.toByteBuffer(true).asFloatBuffer());
    }
    return flat.reshape(new Shape(tensor.shape())).toDevice(manager.getDevice(), false);
  }
}
