package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * One forward pass: {@link #logits()} is all of it. For those who need the steps: {@link #embed},
 * each {@link #layer} from input to output, {@link #logits(NDArray)}. Between them goes the
 * residual stream x, (M, R / M * T, D); above the last layer only the wanted positions are left of
 * it. A layer is a function of x alone, so that it can be computed again where its inner results
 * were not kept. Dimensions are those of {@link Decoder}.
 *
 * <p>Products are computed in the type of the weights; the residual stream, norms, turns, attention
 * weights and adapters in float32, so that half precision neither overflows nor adds up errors.
 */
public final class Pass {
  private final Decoder decoder;
  private final DecoderConfig config;
  private final DecoderWeights weights;
  private final TokenInput tokens;
  private final int want;
  private final float dropout;
  private final Attention attention;

  Pass(
      Decoder decoder,
      DecoderWeights weights,
      TokenInput tokens,
      int want,
      float dropout,
      boolean remember) {
    this.decoder = decoder;
    this.config = decoder.config();
    this.weights = weights;
    this.tokens = tokens;
    this.want = want;
    this.dropout = dropout;
    this.attention = new Attention(decoder, weights.type(), tokens, want, remember);
  }

  /**
   * The embedded tokens.
   *
   * @return (M, R / M * T, D)
   */
  public NDArray embed() {
    NDArray x = rows(weights.embedding(), tokens.ids()); // (R * T, D)
    if (weights.positions() != null) {
      x = x.add(rows(weights.positions(), attention.places()));
    }
    x = x.toType(DataType.FLOAT32, false);
    return drop(x.reshape(weights.members(), -1, config.hiddenSize()));
  }

  /**
   * One layer.
   *
   * @param l 0 for the first
   * @param x (M, R / M * T, D)
   * @return the same, but above the last layer (M, R / M * want, D)
   */
  public NDArray layer(int l, NDArray x) {
    DecoderWeights.Layer layer = weights.layers().get(l);
    // above the last layer only the wanted positions are read, so only they ask
    int asking = l == config.layers() - 1 ? want : tokens.length();

    // attention
    NDArray h = norm(x, layer.inputNorm(), decoder.widthMean());
    NDArray asks = last(h, asking);
    NDArray q =
        heads(apply(l, Projection.QUERY, layer.query(), asks, asking), asking, config.heads());
    NDList kv =
        heads(
                apply(l, Projection.KEY_VALUE, layer.keyValue(), h, tokens.length()),
                tokens.length(),
                2 * config.keyValueHeads())
            .split(new long[] {config.keyValueHeads()}, 2);
    NDArray k = kv.get(0);
    if (layer.queryNorm() != null) {
      q = norm(q, layer.queryNorm(), decoder.headMean());
      k = norm(k, layer.keyNorm(), decoder.headMean());
    }
    NDArray mixed = attention.attend(l, q, k, kv.get(1)); // (R, asking, H, S)
    mixed = mixed.reshape(weights.members(), -1, config.in(Projection.OUTPUT));
    NDArray attended = drop(apply(l, Projection.OUTPUT, layer.output(), mixed, asking));
    x = last(x, asking);
    if (!config.parallel()) {
      x = x.add(attended);
    }

    // MLP
    h = config.parallel() ? asks : norm(x, layer.mlpNorm(), decoder.widthMean());
    NDArray inner = apply(l, Projection.UP, layer.up(), h, asking);
    if (config.gated()) {
      NDList gateUp = inner.split(new long[] {config.intermediateSize()}, 2);
      inner = config.activation().apply(gateUp.get(0)).mul(gateUp.get(1));
    } else {
      inner = config.activation().apply(inner);
    }
    x = x.add(drop(apply(l, Projection.DOWN, layer.down(), inner, asking)));
    return config.parallel() ? x.add(attended) : x;
  }

  /**
   * The wanted positions above the last layer: (M, R / M * want, D). What a layer computes on the
   * way is let go of before the next one, so there is no gradient of it.
   */
  public NDArray top() {
    NDArray x = embed();
    for (int l = 0; l < config.layers(); l++) {
      NDArray below = x;
      x = alone(l, below);
      below.close();
    }
    return x;
  }

  private NDArray alone(int l, NDArray x) {
    List<NDArray> kept = new ArrayList<>();
    try (NDScope inner = new NDScope()) {
      kept.add(layer(l, x));
      kept.addAll(attention.remembered(l));
      kept.forEach(NDScope::unregister);
    }
    kept.forEach(NDScope::register);
    return kept.get(0);
  }

  /** All of it: the logits after the wanted positions, (M, R / M * want, V). */
  public NDArray logits() {
    return logits(top());
  }

  /**
   * What the head makes of x. Positions can be left out before it, where all rows are one group.
   *
   * @param x (M, n, D) above the last layer
   * @return (M, n, V) in float32
   */
  public NDArray logits(NDArray x) {
    NDArray h = norm(x, weights.norm(), decoder.widthMean());
    NDArray product = apply(Adapter.Place.NO_LAYER, Projection.HEAD, weights.head(), h, want);
    return product.toType(DataType.FLOAT32, false);
  }

  /**
   * The keys and values of all layers, if this pass remembers them.
   *
   * @param keeper owns them
   */
  public KeyValueCache.Part part(NDManager keeper) {
    return attention.part(keeper);
  }

  /** A product with the changes of the groups' adapters. */
  private NDArray apply(int l, Projection site, Linear linear, NDArray x, int each) {
    NDArray y = linear.apply(x);
    List<TokenInput.Group> groups = tokens.groups();
    if (groups.size() == 1) {
      Adapter adapter = groups.get(0).adapter();
      LoraUpdate change = adapter == null ? null : adapter.at(l, site);
      return change == null ? y : y.add(change.apply(x));
    }
    // what goes on from cached tokens is never learnt from, so y may change in its place
    boolean inPlace = groups.stream().anyMatch(group -> group.cache() != null);
    NDList parts = new NDList();
    int row = 0;
    for (TokenInput.Group group : groups) {
      LoraUpdate change = group.adapter() == null ? null : group.adapter().at(l, site);
      long from = (long) row * each;
      long to = from + (long) group.rows() * each;
      NDArray part = slice(y, 1, from, to);
      if (change != null) {
        NDArray changed = change.apply(slice(x, 1, from, to));
        part = inPlace ? part.addi(changed) : part.add(changed);
      }
      parts.add(part);
      row += group.rows();
    }
    return inPlace ? y : NDArrays.concat(parts, 1);
  }

  private NDArray norm(NDArray x, DecoderWeights.Norm norm, NDArray mean) {
    if (norm.bias() != null) {
      NDArray gain = norm.gain().reshape(-1);
      NDArray bias = norm.bias().reshape(-1);
      return x.getNDArrayInternal()
          .layerNorm(x, gain.getShape(), gain, bias, (float) config.normEps())
          .get(0)
          .toType(weights.type(), false);
    }
    // RMSNorm: x / sqrt(mean(x^2) + eps) * gain
    x = x.toType(DataType.FLOAT32, false);
    NDArray meanSquare = x.mul(x).matMul(mean);
    NDArray normed = x.mul(Scalars.power(meanSquare.add(config.normEps()), -0.5)).mul(norm.gain());
    return normed.toType(weights.type(), false);
  }

  /** (M, R / M * n, heads * S) to (R, n, heads, S). */
  private NDArray heads(NDArray x, int n, int heads) {
    return x.reshape(-1, n, heads, config.headSize());
  }

  /** The last n of every T positions: (M, R / M * T, D) to (M, R / M * n, D). */
  private NDArray last(NDArray x, int n) {
    if (n == tokens.length()) {
      return x;
    }
    NDArray sequences = x.reshape(-1, tokens.length(), config.hiddenSize());
    return tail(sequences, 1, n).reshape(weights.members(), -1, config.hiddenSize());
  }

  private NDArray drop(NDArray x) {
    return dropout == 0 ? x : x.getNDArrayInternal().dropout(x, dropout, true).get(0);
  }

  /** The last n along an axis. */
  static NDArray tail(NDArray x, int axis, long n) {
    long length = x.getShape().get(axis);
    return n == length ? x : x.split(new long[] {length - n}, axis).get(1);
  }

  /** A view of from..to along an axis. */
  static NDArray slice(NDArray x, int axis, long from, long to) {
    if (from == 0) {
      return to == x.getShape().get(axis) ? x : x.split(new long[] {to}, axis).get(0);
    }
    return x.split(to == x.getShape().get(axis) ? new long[] {from} : new long[] {from, to}, axis)
        .get(1);
  }

  /** Rows of a table by number. */
  static NDArray rows(NDArray table, NDArray numbers) {
    return numbers.getNDArrayInternal().embedding(numbers, table, SparseFormat.DENSE).get(0);
  }
}
