package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.published.DecoderConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The attention of one pass: {@code softmax(Q K^T / sqrt(S)) V}, causal unless in an encoder, or
 * under the tokens' own mask. Masks and rotary tables are shared by the layers and computed once.
 * Dimensions are those of {@link Decoder}; G = H / K query heads share a key head, and A is the
 * query length: the number of last positions, of T, that attend.
 */
final class Attention {
  private final Decoder decoder;
  private final DecoderConfig config;
  private final DataType type;
  private final TokenInput tokens;
  private final NDManager manager;
  private final TokenPositions positions;
  private final RotaryTable rotary; // null where nothing is rotated
  private final NDArray paddingMask; // (R, 1, 1, T), or null
  private final Map<Integer, NDArray> masks; // by A; made at once, so that no layer owns them
  private final List<NDArray> keys; // by layer; null where nothing is cached
  private final List<NDArray> values;

  /**
   * @param type of the weights
   * @param outputLength A of the last layer
   * @param caching whether keys and values are kept for {@link #cachePart}
   */
  Attention(Decoder decoder, DataType type, TokenInput tokens, int outputLength, boolean caching) {
    this.decoder = decoder;
    this.config = decoder.config();
    this.type = type;
    this.tokens = tokens;
    this.manager = tokens.ids().getManager();
    this.keys = caching ? new ArrayList<>() : null;
    this.values = caching ? new ArrayList<>() : null;
    this.paddingMask = paddingMask(tokens.padding(), tokens.length());
    this.positions = new TokenPositions(decoder, tokens, caching);
    this.rotary = positions.rotaryTable();
    this.masks = new HashMap<>();
    masks.put(tokens.length(), newMask(tokens.length()));
    masks.computeIfAbsent(outputLength, this::newMask);
  }

  /** The position of every token, (R * T), for a table of learned positions. */
  NDArray positions() {
    return positions.array();
  }

  /**
   * The attention of one layer.
   *
   * @param q (R, A, H, S), the last A positions
   * @param k (R, T, K, S)
   * @param v (R, T, K, S)
   * @return (R, A, H, S)
   */
  NDArray attend(int layer, NDArray q, NDArray k, NDArray v) {
    int queryLength = (int) q.getShape().get(1);
    if (rotary == null) {
      q = Scalars.times(q, 1 / Math.sqrt(config.headSize()));
    } else {
      int axis = rotary.positionAxis();
      NDArray cos = Pass.tail(rotary.queryCos(), axis, queryLength);
      NDArray sin = Pass.tail(rotary.querySin(), axis, queryLength);
      q = applyRotary(q, cos, sin);
      k = applyRotary(k, rotary.cos(), rotary.sin());
    }
    int shared = config.queriesPerKey();
    q = q.transpose(0, 2, 1, 3); // (R, H, A, S)
    if (shared > 1) {
      q = q.reshape(-1, config.keyValueHeads(), (long) shared * queryLength, config.headSize());
    }
    k = k.transpose(0, 2, 3, 1); // (R, K, S, T)
    v = v.transpose(0, 2, 1, 3); // (R, K, T, S)
    if (keys != null) {
      keys.add(k);
      values.add(v.duplicate());
    }
    NDArray mixed = attend(layer, q, k, v, masks.get(queryLength)); // (R, K, G * A, S)
    if (shared > 1) {
      mixed = mixed.reshape(-1, config.heads(), queryLength, config.headSize());
    }
    return mixed.transpose(0, 2, 1, 3);
  }

  /**
   * The keys and values of this pass.
   *
   * @param owner the manager that the arrays belong to from now on
   */
  KeyValueCache.Part cachePart(NDManager owner) {
    for (List<NDArray> all : List.of(keys, values)) {
      all.forEach(array -> attach(array, owner));
    }
    if (paddingMask != null) {
      attach(paddingMask, owner);
    }
    return new KeyValueCache.Part(
        tokens.rows(), tokens.length(), tokens.padding(), paddingMask, keys, values);
  }

  /** The keys and values of a layer that has been computed; none where nothing is cached. */
  List<NDArray> cached(int layer) {
    return keys == null ? List.of() : List.of(keys.get(layer), values.get(layer));
  }

  /** Each group attends to its own cached tokens. */
  private NDArray attend(int layer, NDArray q, NDArray k, NDArray v, NDArray mask) {
    List<TokenInput.Group> groups = tokens.groups();
    if (groups.stream().allMatch(g -> g.cache() == null)) {
      return weights(scores(q, k, mask)).matMul(v);
    }
    if (groups.size() == 1) {
      return attend(layer, q, k, v, mask, groups.get(0).cache());
    }
    NDList mixed = new NDList();
    int from = 0;
    for (TokenInput.Group group : groups) {
      int to = from + group.rows();
      boolean maskPerRow =
          mask != null && mask.getShape().get(0) == tokens.rows() && tokens.rows() > 1;
      mixed.add(
          attend(
              layer,
              Pass.slice(q, 0, from, to),
              Pass.slice(k, 0, from, to),
              Pass.slice(v, 0, from, to),
              maskPerRow ? Pass.slice(mask, 0, from, to) : mask,
              group.cache()));
      from = to;
    }
    return NDArrays.concat(mixed, 0);
  }

  /** Cached tokens and the tokens of this pass, under one softmax. */
  private NDArray attend(
      int layer, NDArray q, NDArray k, NDArray v, NDArray mask, KeyValueCache cache) {
    if (cache == null) {
      return weights(scores(q, k, mask)).matMul(v);
    }
    Shape shape = q.getShape(); // (R, K, G * A, S)
    NDList scores = new NDList();
    long[] ends = new long[cache.parts().size()];
    long seen = 0;
    for (KeyValueCache.Part part : cache.parts()) {
      NDArray folded = fold(q, part.rows());
      NDArray s = scores(folded, part.keys().get(layer), part.paddingMask());
      scores.add(unfold(s, shape));
      seen += part.length();
      ends[scores.size() - 1] = seen;
    }
    scores.add(scores(q, k, mask));
    NDList weights = weights(NDArrays.concat(scores, 3)).split(ends, 3);
    NDArray mixed = weights.get(ends.length).matMul(v);
    for (int p = 0; p < ends.length; p++) {
      KeyValueCache.Part part = cache.parts().get(p);
      NDArray folded = fold(weights.get(p), part.rows());
      mixed = mixed.add(unfold(folded.matMul(part.values().get(layer)), shape));
    }
    return mixed;
  }

  /** The masked products of queries and keys, in float32. */
  private static NDArray scores(NDArray q, NDArray k, NDArray mask) {
    NDArray scores = q.matMul(k).toType(DataType.FLOAT32, false);
    return mask == null ? scores : scores.add(mask);
  }

  private NDArray weights(NDArray scores) {
    return scores.softmax(3).toType(type, false);
  }

  /**
   * Turns the rows that share one cached row into more queries of that row, so that no key is
   * copied: (R, K, n, S) to (R', K, R / R' * n, S).
   */
  private static NDArray fold(NDArray x, int rows) {
    Shape shape = x.getShape();
    long each = shape.get(0) / rows;
    if (each == 1) {
      return x;
    }
    return x.reshape(rows, each, shape.get(1), shape.get(2), shape.get(3))
        .transpose(0, 2, 1, 3, 4)
        .reshape(rows, shape.get(1), each * shape.get(2), shape.get(3));
  }

  /** The inverse of {@link #fold}: (R', K, R / R' * n, any) to (R, K, n, any). */
  private static NDArray unfold(NDArray x, Shape to) {
    Shape shape = x.getShape();
    if (shape.get(0) == to.get(0)) {
      return x;
    }
    return x.reshape(shape.get(0), to.get(1), to.get(0) / shape.get(0), to.get(2), shape.get(3))
        .transpose(0, 2, 1, 3, 4)
        .reshape(to.get(0), to.get(1), to.get(2), shape.get(3));
  }

  /** Rotates queries or keys: {@code x cos + (x R) sin} (RoPE, arXiv 2104.09864, section 3.4.2). */
  private NDArray applyRotary(NDArray x, NDArray cos, NDArray sin) {
    NDArray rotated = x.mul(cos).add(x.matMul(decoder.rotationMatrix(type)).mul(sin));
    return rotated.toType(type, false);
  }

  /** What masks tokens of this pass for its last A positions: (R or 1, 1, G * A, T), or null. */
  private NDArray newMask(int queryLength) {
    NDArray mask = null;
    if (tokens.mask() != null) {
      mask = Pass.tail(tokens.mask(), 2, queryLength);
      mask =
          config.queriesPerKey() == 1
              ? mask
              : mask.tile(new long[] {1, 1, config.queriesPerKey(), 1});
    } else if (queryLength > 1 && !config.encoder()) {
      mask = decoder.causalMask(queryLength, tokens.length());
    }
    if (paddingMask == null) {
      return mask;
    }
    return mask == null ? paddingMask : paddingMask.add(mask);
  }

  private NDArray paddingMask(int[] padding, int length) {
    if (padding == null) {
      return null;
    }
    float[] mask = new float[padding.length * length];
    for (int r = 0; r < padding.length; r++) {
      Arrays.fill(mask, r * length, r * length + padding[r], Decoder.MASKED);
    }
    return manager.create(mask, new Shape(padding.length, 1, 1, length));
  }

  private static void attach(NDArray array, NDManager owner) {
    NDScope.unregister(array);
    array.attach(owner);
  }
}
