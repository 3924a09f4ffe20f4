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
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.checkpoint.published.PublishedTensors;
import io.lift.checkpoint.published.TensorNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reads the weights of a published model into the engine's memory, tensor by tensor. Numbers go
 * straight from the file to the engine's memory. Peak memory is the model plus the tensors of one
 * product. Matrices keep the order in which they are stored: those stored (out, in) become
 * transposed views.
 */
public final class WeightLoader {
  private static final int CHUNK = 1 << 28; // numbers that one buffer can hold

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
   * @param type the type of matrices and biases; norms are float32
   * @param manager owns the weights, on its device
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
    NDArray embedding = retained(() -> inType(names.embeddingTable()));
    NDArray positions = config.rotary() == null ? retained(this::positions) : null;
    DecoderWeights.Norm embeddingNorm =
        config.encoder() ? norm(names.root() + names.embeddingNorm()) : null;
    List<DecoderWeights.Layer> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(layer(l));
    }
    if (config.encoder()) {
      return new DecoderWeights(1, embedding, positions, embeddingNorm, layers, null, null);
    }
    DecoderWeights.Norm norm = norm(names.root() + names.norm());
    Linear head = linear(PublishedLinear.NO_LAYER, Projection.HEAD, embedding);
    return new DecoderWeights(1, embedding, positions, null, layers, norm, head);
  }

  /** Learned positions, (P, D). All texts of an encoder are of its first token type. */
  private NDArray positions() {
    NDArray table = inType(names.positionTable());
    return config.encoder() ? table.add(Pass.slice(inType(names.typeTable()), 0, 0, 1)) : table;
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
    NDArray gain = retained(() -> inFloat32(name + TensorNames.WEIGHT).reshape(1, 1, -1));
    NDArray bias =
        config.layerNorm()
            ? retained(() -> inFloat32(name + TensorNames.BIAS).reshape(1, 1, -1))
            : null;
    return new DecoderWeights.Norm(gain, bias);
  }

  private Linear linear(int layer, Projection projection) {
    return linear(layer, projection, null);
  }

  /**
   * A product, its published pieces side by side.
   *
   * @param embedding the matrix of a tied head; otherwise not used
   */
  private Linear linear(int layer, Projection projection, NDArray embedding) {
    boolean inputFirst = names.inputFirst() && projection != Projection.HEAD;
    boolean tied = projection == Projection.HEAD && config.tiedEmbeddings();
    NDArray weight =
        retained(
            () -> {
              NDArray matrix =
                  tied
                      ? embedding
                      : concat(layer, projection, TensorNames.WEIGHT, inputFirst ? 1 : 0);
              NDArray one = matrix.expandDims(0); // (1, in, out) or (1, out, in)
              return inputFirst ? one : one.transpose(0, 2, 1);
            });
    NDArray bias = null;
    if (config.hasBias(projection)) {
      bias = retained(() -> concat(layer, projection, TensorNames.BIAS, 0).reshape(1, 1, -1));
    }
    return new Linear(weight, bias);
  }

  /**
   * The pieces of a product's matrix or bias in one array.
   *
   * @param axis axis of the outputs
   */
  private NDArray concat(int layer, Projection projection, String suffix, int axis) {
    NDList pieces = new NDList();
    for (TensorNames.Piece piece : names.pieces(projection)) {
      NDArray whole = inType(names.module(layer, piece) + suffix);
      long share = whole.getShape().get(axis) / piece.of();
      boolean all = piece.to() - piece.from() == piece.of();
      pieces.add(
          all
              ? whole
              : Pass.slice(whole, axis, piece.from() * share, piece.to() * share).duplicate());
    }
    return pieces.size() == 1 ? pieces.get(0) : NDArrays.concat(pieces, axis);
  }

  /** An array that the manager owns; all intermediate arrays are freed. */
  private NDArray retained(Supplier<NDArray> maker) {
    try (NDScope scope = new NDScope()) {
      NDArray array = maker.get();
      NDScope.unregister(array);
      array.attach(manager);
      return array;
    }
  }

  /** A tensor on the model's device, in the type of the products. */
  private NDArray inType(String name) {
    return inFloat32(name).toType(type, false);
  }

  /** A tensor on the model's device, in float32. */
  private NDArray inFloat32(String name) {
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
