package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Projection;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.checkpoint.published.Residual;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One forward pass. {@link #logits()} computes all of it. Its steps are {@link #embed}, each {@link
 * #layer} from input to output, and {@link #logits(NDArray)}. They pass on the residual stream x,
 * of shape (M, R / M * T, D). The last layer computes the output positions only. A layer is a
 * function of x alone, so it can be recomputed where its inner results were not kept. Dimensions
 * are those of {@link Decoder}.
 *
 * <p>Matrix products use the type of the weights. The residual stream, norms, rotations, attention
 * weights and adapters use float32, so that half precision neither overflows nor adds up errors.
 */
public final class Pass {
  private static final double LEAST_SQUARE = 1e-24; // of a vector's length

  private final Decoder decoder;
  private final DecoderConfig config;
  private final DecoderWeights weights;
  private final TokenInput tokens;
  private final int outputLength;
  private final float dropout;
  private final Attention attention;

  Pass(
      Decoder decoder,
      DecoderWeights weights,
      TokenInput tokens,
      int outputLength,
      float dropout,
      boolean caching) {
    this.decoder = decoder;
    this.config = decoder.config();
    this.weights = weights;
    this.tokens = tokens;
    // every token of an encoder counts, in the mean of them all
    this.outputLength = config.encoder() ? tokens.length() : outputLength;
    this.dropout = dropout;
    this.attention = new Attention(decoder, weights.type(), tokens, this.outputLength, caching);
  }

  /**
   * The embedded tokens.
   *
   * @return (M, R / M * T, D)
   */
  public NDArray embed() {
    NDArray x = rows(weights.embedding(), tokens.ids()); // (R * T, D)
    if (weights.positions() != null) {
      x = x.add(rows(weights.positions(), attention.positions()));
    }
    x = x.toType(DataType.FLOAT32, false);
    if (weights.embeddingNorm() != null) {
      x = exactNorm(x, weights.embeddingNorm(), decoder.widthMean());
    }
    return drop(x.reshape(weights.members(), -1, config.hiddenSize()));
  }

  /**
   * One layer.
   *
   * @param l 0 for the first
   * @param x (M, R / M * T, D)
   * @return the same shape; (M, R / M * outputLength, D) for the last layer
   */
  public NDArray layer(int l, NDArray x) {
    DecoderWeights.Layer layer = weights.layers().get(l);
    // of the last layer only the output positions are used, so only they have queries
    int queryLength = l == config.layers() - 1 ? outputLength : tokens.length();

    // attention
    NDArray h =
        config.residual() == Residual.POST_NORM
            ? x.toType(weights.type(), false)
            : norm(x, layer.inputNorm(), decoder.widthMean());
    NDArray queryInput = last(h, queryLength);
    NDArray q =
        heads(
            apply(l, Projection.QUERY, layer.query(), queryInput, queryLength),
            queryLength,
            config.heads());
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
    NDArray mixed = attention.attend(l, q, k, kv.get(1)); // (R, queryLength, H, S)
    mixed = mixed.reshape(weights.members(), -1, config.inputSize(Projection.OUTPUT));
    NDArray attended = drop(apply(l, Projection.OUTPUT, layer.output(), mixed, queryLength));
    x = last(x, queryLength);
    switch (config.residual()) {
      case PRE_NORM -> {
        x = x.add(attended);
        h = norm(x, layer.mlpNorm(), decoder.widthMean());
      }
      case POST_NORM -> {
        x = exactNorm(x.add(attended), layer.inputNorm(), decoder.widthMean());
        h = x.toType(weights.type(), false);
      }
      case PARALLEL -> h = queryInput;
    }

    // MLP
    NDArray inner = apply(l, Projection.UP, layer.up(), h, queryLength);
    if (config.gated()) {
      NDList gateUp = inner.split(new long[] {config.intermediateSize()}, 2);
      inner = Activations.apply(config.activation(), gateUp.get(0)).mul(gateUp.get(1));
    } else {
      inner = Activations.apply(config.activation(), inner);
    }
    x = x.add(drop(apply(l, Projection.DOWN, layer.down(), inner, queryLength)));
    return switch (config.residual()) {
      case PRE_NORM -> x;
      case PARALLEL -> x.add(attended);
      case POST_NORM -> exactNorm(x, layer.mlpNorm(), decoder.widthMean());
    };
  }

  /**
   * The residual stream after the last layer, at the output positions: (M, R / M * outputLength,
   * D). The inner results of a layer are freed before the next one, so it has no gradient.
   */
  public NDArray hiddenStates() {
    NDArray x = embed();
    for (int l = 0; l < config.layers(); l++) {
      NDArray below = x;
      x = freeingInnerResults(l, below);
      below.close();
    }
    return x;
  }

  private NDArray freeingInnerResults(int l, NDArray x) {
    List<NDArray> kept = new ArrayList<>();
    try (NDScope inner = new NDScope()) {
      kept.add(layer(l, x));
      kept.addAll(attention.cached(l));
      kept.forEach(NDScope::unregister);
    }
    kept.forEach(NDScope::register);
    return kept.get(0);
  }

  /** The logits of the output positions, (M, R / M * outputLength, V), in float32. */
  public NDArray logits() {
    return logits(hiddenStates());
  }

  /**
   * The final norm and the head. Where all rows are one group, the caller may select positions of x
   * first. An encoder has one position per row, see {@link #vectors}.
   *
   * @param x (M, n, D) after the last layer
   * @return (M, n, V) in float32; (1, R, V) of an encoder
   */
  public NDArray logits(NDArray x) {
    NDArray h =
        config.encoder()
            ? vectors(x).toType(weights.type(), false)
            : norm(x, weights.norm(), decoder.widthMean());
    int positions = config.encoder() ? 1 : outputLength;
    NDArray product =
        apply(PublishedLinear.NO_LAYER, Projection.HEAD, weights.head(), h, positions);
    return product.toType(DataType.FLOAT32, false);
  }

  /**
   * The vectors of an encoder's texts: the mean of the tokens' last states, scaled to length 1
   * (Sentence-BERT, arXiv 1908.10084).
   *
   * @param x (1, R * T, D) after the last layer
   * @return (1, R, D)
   */
  public NDArray vectors(NDArray x) {
    int rows = tokens.rows();
    int length = tokens.length();
    float[] shares = new float[rows * length];
    for (int r = 0; r < rows; r++) {
      int padding = tokens.padding() == null ? 0 : tokens.padding()[r];
      Arrays.fill(shares, r * length + padding, (r + 1) * length, 1f / (length - padding));
    }
    NDArray mean =
        tokens
            .ids()
            .getManager()
            .create(shares, new Shape(rows, 1, length))
            .matMul(x.reshape(rows, length, config.hiddenSize())); // (R, 1, D)
    NDArray square = Scalars.times(mean.mul(mean).matMul(decoder.widthMean()), config.hiddenSize());
    return mean.mul(Scalars.power(square.add(LEAST_SQUARE), -0.5))
        .reshape(1, rows, config.hiddenSize());
  }

  /**
   * The keys and values of all layers, of a {@linkplain Decoder#cachingPass caching pass}.
   *
   * @param owner the manager that they belong to from now on
   */
  public KeyValueCache.Part cachePart(NDManager owner) {
    return attention.cachePart(owner);
  }

  /**
   * A product with the updates of the groups' adapters.
   *
   * @param positions of each row in x
   */
  private NDArray apply(int l, Projection projection, Linear linear, NDArray x, int positions) {
    NDArray y = linear.apply(x);
    List<TokenInput.Group> groups = tokens.groups();
    if (groups.size() == 1) {
      Adapter adapter = groups.get(0).adapter();
      LoraUpdate update = adapter == null ? null : adapter.at(l, projection);
      return update == null ? y : y.add(update.apply(x));
    }
    // a pass with cached tokens is never trained on, so y may be changed in place
    boolean inPlace = groups.stream().anyMatch(group -> group.cache() != null);
    NDList parts = new NDList();
    int row = 0;
    for (TokenInput.Group group : groups) {
      LoraUpdate update = group.adapter() == null ? null : group.adapter().at(l, projection);
      long from = (long) row * positions;
      long to = from + (long) group.rows() * positions;
      NDArray part = slice(y, 1, from, to);
      if (update != null) {
        NDArray added = update.apply(slice(x, 1, from, to));
        part = inPlace ? part.addi(added) : part.add(added);
      }
      parts.add(part);
      row += group.rows();
    }
    return inPlace ? y : NDArrays.concat(parts, 1);
  }

  private NDArray norm(NDArray x, DecoderWeights.Norm norm, NDArray mean) {
    return exactNorm(x, norm, mean).toType(weights.type(), false);
  }

  /** In the type of x, float32 for an RMSNorm. */
  private NDArray exactNorm(NDArray x, DecoderWeights.Norm norm, NDArray mean) {
    if (norm.bias() != null) {
      NDArray gain = norm.gain().reshape(-1);
      NDArray bias = norm.bias().reshape(-1);
      return x.getNDArrayInternal()
          .layerNorm(x, gain.getShape(), gain, bias, (float) config.normEps())
          .get(0);
    }
    // RMSNorm (arXiv 1910.07467): x / sqrt(mean(x^2) + eps) * gain
    x = x.toType(DataType.FLOAT32, false);
    NDArray meanSquare = x.mul(x).matMul(mean);
    return x.mul(Scalars.power(meanSquare.add(config.normEps()), -0.5)).mul(norm.gain());
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

  /** Rows of a table by index. */
  static NDArray rows(NDArray table, NDArray indices) {
    return indices.getNDArrayInternal().embedding(indices, table, SparseFormat.DENSE).get(0);
  }
}
