package io.lift.model.decoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.model.files.ModelFolder;
import io.lift.model.files.ModelInvalid;
import io.lift.model.files.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads the weights of a published model into the engine's memory, tensor by tensor: numbers go
 * from the file straight to where the engine computes with them, so that beside the model itself
 * there are never more than the tensors of one product in memory. Matrices stay as they are stored;
 * those stored (out, in) are multiplied by as transposed views.
 */
public final class WeightLoader {
  private static final int CHUNK = 1 << 28; // numbers of one tensor that a buffer can hold
  private static final List<String> NOT_WEIGHTS =
      List.of("attn.bias", "attn.masked_bias", "rotary_emb.inv_freq");

  private final ModelFolder folder;
  private final DecoderConfig config;
  private final TensorNames names;
  private final DataType type;
  private final NDManager manager;
  private final NDManager host;
  private final Set<String> used = new HashSet<>();

  private WeightLoader(
      ModelFolder folder, DecoderConfig config, DataType type, NDManager manager, NDManager host) {
    this.folder = folder;
    this.config = config;
    this.names = config.names();
    this.type = type;
    this.manager = manager;
    this.host = host;
  }

  /**
   * Reads all weights.
   *
   * @param type what they are computed in
   * @param manager owns them, on its device
   * @throws ModelInvalid if a tensor is missing, of another shape, not finite, or not known to the
   *     configuration
   */
  public static DecoderWeights load(
      ModelFolder folder, DecoderConfig config, DataType type, NDManager manager) {
    try (NDManager host = manager.newSubManager(Device.cpu())) {
      return new WeightLoader(folder, config, type, manager, host).load();
    }
  }

  private DecoderWeights load() {
    int d = config.hiddenSize();
    NDArray embedding = kept(() -> tensor(names.embeddingTable(), config.vocabSize(), d));
    NDArray positions = null;
    if (config.rotary() == null) {
      String table = names.root() + names.positions() + TensorNames.WEIGHT;
      positions = kept(() -> tensor(table, config.maxPositions(), d));
    }
    List<DecoderWeights.Layer> layers = new ArrayList<>();
    for (int l = 0; l < config.layers(); l++) {
      layers.add(layer(l));
    }
    DecoderWeights.Norm norm = norm(names.root() + names.norm(), d);
    Linear head;
    if (config.tiedEmbeddings()) {
      used.add(names.headTable());
      head = new Linear(kept(() -> embedding.expandDims(0).transpose(0, 2, 1)), null);
    } else {
      head = linear(Adapter.Place.NO_LAYER, Site.HEAD);
    }
    refuseUnused();
    return new DecoderWeights(1, embedding, positions, layers, norm, head);
  }

  private DecoderWeights.Layer layer(int l) {
    int d = config.hiddenSize();
    int s = config.headSize();
    boolean headNorms = config.queryKeyNorm();
    return new DecoderWeights.Layer(
        norm(names.inLayer(l, names.inputNorm()), d),
        linear(l, Site.QUERY),
        linear(l, Site.KEY_VALUE),
        headNorms ? norm(names.inLayer(l, names.queryNorm()), s) : null,
        headNorms ? norm(names.inLayer(l, names.keyNorm()), s) : null,
        linear(l, Site.OUTPUT),
        config.parallel() ? null : norm(names.inLayer(l, names.mlpNorm()), d),
        linear(l, Site.UP),
        linear(l, Site.DOWN));
  }

  private DecoderWeights.Norm norm(String name, int width) {
    Shape row = new Shape(1, 1, width);
    return new DecoderWeights.Norm(
        kept(() -> wide(name + TensorNames.WEIGHT, width).reshape(row)),
        config.layerNorm() ? kept(() -> wide(name + TensorNames.BIAS, width).reshape(row)) : null);
  }

  /** A product, its pieces side by side. */
  private Linear linear(int layer, Site site) {
    boolean inputFirst = names.inputFirst() && site != Site.HEAD;
    NDArray weight =
        kept(
            () -> {
              NDArray matrix = joined(layer, site, TensorNames.WEIGHT, inputFirst ? 1 : 0);
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
  private NDArray joined(int layer, Site site, String suffix, int axis) {
    NDList pieces = new NDList();
    for (TensorNames.Piece piece : names.pieces(site)) {
      int width = config.width(site, piece);
      int share = width / (piece.to() - piece.from());
      long all = (long) piece.of() * share;
      long in = config.in(site);
      String name = names.module(layer, piece) + suffix;
      NDArray whole =
          suffix.equals(TensorNames.BIAS)
              ? tensor(name, all)
              : axis == 0 ? tensor(name, all, in) : tensor(name, in, all);
      long from = (long) piece.from() * share;
      pieces.add(width == all ? whole : Pass.slice(whole, axis, from, from + width).duplicate());
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

  /** A tensor of the model, on its device and in its type. */
  private NDArray tensor(String name, long... shape) {
    return wide(name, shape).toType(type, false);
  }

  /** A tensor of the model, on its device in float32. */
  private NDArray wide(String name, long... shape) {
    TensorFile.Tensor tensor = find(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new ModelInvalid(
          "%s lacks tensor %s of shape %s%s."
              .formatted(
                  folder.weights(),
                  name,
                  Arrays.toString(shape),
                  tensor == null ? "" : ", it has shape " + Arrays.toString(tensor.shape())));
    }
    return read(tensor).toDevice(manager.getDevice(), false);
  }

  /** GPT-2's own files lack the family's root. */
  private TensorFile.Tensor find(String name) {
    used.add(name);
    TensorFile.Tensor tensor = folder.tensor(name);
    if (tensor == null && name.startsWith(names.root())) {
      String bare = name.substring(names.root().length());
      used.add(bare);
      tensor = folder.tensor(bare);
    }
    return tensor;
  }

  /** In the computer's memory, in float32. */
  private NDArray read(TensorFile.Tensor tensor) {
    long count = tensor.count();
    NDArray flat = host.create(new Shape(count), DataType.FLOAT32);
    for (long from = 0; from < count; from += CHUNK) {
      NDArray part = Pass.slice(flat, 0, from, Math.min(count, from + CHUNK));
      tensor.read(from, part.toByteBuffer(true).asFloatBuffer());
    }
    return flat.reshape(new Shape(tensor.shape()));
  }

  /** What the configuration does not know would be left out of the computation unnoticed. */
  private void refuseUnused() {
    for (String name : folder.names()) {
      boolean weight = NOT_WEIGHTS.stream().noneMatch(name::endsWith);
      if (weight && !used.contains(name)) {
        throw new ModelInvalid(
            "%s holds tensor %s, which %s knows nothing of."
                .formatted(folder.weights(), name, ModelFolder.CONFIG));
      }
    }
  }
}
