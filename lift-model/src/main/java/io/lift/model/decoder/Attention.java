package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The attention of one pass: what its layers share is computed once. Dimensions are those of {@link
 * Decoder}; G = H / K queries share a key, and A of the T positions ask.
 */
final class Attention {
  private final Decoder decoder;
  private final DecoderConfig config;
  private final DataType type;
  private final TokenInput tokens;
  private final NDManager manager;
  private final int[] places; // (R * T); null where only distances count, and all rows agree
  private final Decoder.Turns turns; // (T, 1, S) or (R, T, 1, S), null where nothing turns
  private final NDArray padding; // (R, 1, 1, T), or null
  private final Map<Integer, NDArray> masks; // by A; made at once, so that no layer owns them
  private final List<NDArray> keys; // null where nothing is remembered
  private final List<NDArray> values;

  Attention(Decoder decoder, DataType type, TokenInput tokens, int want, boolean remember) {
    this.decoder = decoder;
    this.config = decoder.config();
    this.type = type;
    this.tokens = tokens;
    this.manager = tokens.ids().getManager();
    this.keys = remember ? new ArrayList<>() : null;
    this.values = remember ? new ArrayList<>() : null;
    this.padding = hidden(tokens.padding(), tokens.length());
    this.places = distancesSuffice(remember) ? null : places(tokens);
    this.turns = config.rotary() == null || atStart() ? null : turns();
    this.masks = new HashMap<>();
    masks.put(tokens.length(), newMask(tokens.length()));
    masks.computeIfAbsent(want, this::newMask);
  }

  /** The place of every token, (R * T), for a table of learned positions. */
  NDArray places() {
    return manager.create(Arrays.stream(places).asLongStream().toArray());
  }

  /**
   * What the queries of a layer see.
   *
   * @param q (R, A, H, S), the last A positions
   * @param k (R, T, K, S)
   * @param v (R, T, K, S)
   * @return (R, A, H, S)
   */
  NDArray attend(int layer, NDArray q, NDArray k, NDArray v) {
    int asking = (int) q.getShape().get(1);
    if (turns == null) {
      q = Scalars.times(q, 1 / Math.sqrt(config.headSize()));
    } else {
      int axis = turns.cos().getShape().dimension() - 3;
      NDArray cos = Pass.tail(turns.queryCos(), axis, asking);
      NDArray sin = Pass.tail(turns.querySin(), axis, asking);
      q = turn(q, cos, sin);
      k = turn(k, turns.cos(), turns.sin());
    }
    int shared = config.queriesPerKey();
    q = q.transpose(0, 2, 1, 3); // (R, H, A, S)
    if (shared > 1) {
      q = q.reshape(-1, config.keyValueHeads(), (long) shared * asking, config.headSize());
    }
    k = k.transpose(0, 2, 3, 1); // (R, K, S, T)
    v = v.transpose(0, 2, 1, 3); // (R, K, T, S)
    if (keys != null) {
      keys.add(k);
      values.add(v.duplicate());
    }
    NDArray mixed = attend(layer, q, k, v, masks.get(asking)); // (R, K, G * A, S)
    if (shared > 1) {
      mixed = mixed.reshape(-1, config.heads(), asking, config.headSize());
    }
    return mixed.transpose(0, 2, 1, 3);
  }

  /** The keys and values that were read. */
  KeyValueCache.Part part(NDManager keeper) {
    for (List<NDArray> all : List.of(keys, values)) {
      all.forEach(array -> keep(array, keeper));
    }
    if (padding != null) {
      keep(padding, keeper);
    }
    return new KeyValueCache.Part(
        tokens.rows(), tokens.length(), tokens.padding(), padding, keys, values);
  }

  /** The keys and values of a layer that has been read, if they are remembered. */
  List<NDArray> remembered(int layer) {
    return keys == null ? List.of() : List.of(keys.get(layer), values.get(layer));
  }

  /** Each group sees its own cached tokens. */
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
      boolean each = mask != null && mask.getShape().get(0) == tokens.rows() && tokens.rows() > 1;
      mixed.add(
          attend(
              layer,
              Pass.slice(q, 0, from, to),
              Pass.slice(k, 0, from, to),
              Pass.slice(v, 0, from, to),
              each ? Pass.slice(mask, 0, from, to) : mask,
              group.cache()));
      from = to;
    }
    return NDArrays.concat(mixed, 0);
  }

  /** Cached tokens and those of this pass, under one softmax. */
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
      NDArray s = scores(folded, part.keys().get(layer), part.hidden());
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

  /** How well queries and keys agree, in float32. */
  private static NDArray scores(NDArray q, NDArray k, NDArray mask) {
    NDArray scores = q.matMul(k).toType(DataType.FLOAT32, false);
    return mask == null ? scores : scores.add(mask);
  }

  private NDArray weights(NDArray scores) {
    return scores.softmax(3).toType(type, false);
  }

  /**
   * Brings the rows that share a row of a part together, as more queries of that row: no key is
   * copied. (R, K, n, S) to (R', K, R / R' * n, S).
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

  /** The opposite of {@link #fold}: (R', K, R / R' * n, any) to (R, K, n, any). */
  private static NDArray unfold(NDArray x, Shape to) {
    Shape shape = x.getShape();
    if (shape.get(0) == to.get(0)) {
      return x;
    }
    return x.reshape(shape.get(0), to.get(1), to.get(0) / shape.get(0), to.get(2), shape.get(3))
        .transpose(0, 2, 1, 3, 4)
        .reshape(to.get(0), to.get(1), to.get(2), shape.get(3));
  }

  private NDArray turn(NDArray x, NDArray cos, NDArray sin) {
    NDArray turned = x.mul(cos).add(x.matMul(decoder.rotation(type)).mul(sin));
    return turned.toType(type, false);
  }

  /** What hides tokens of this pass from the last A of them: (R or 1, 1, G * A, T), or null. */
  private NDArray newMask(int asking) {
    NDArray mask = null;
    if (tokens.mask() != null) {
      mask = Pass.tail(tokens.mask(), 2, asking);
      mask =
          config.queriesPerKey() == 1
              ? mask
              : mask.tile(new long[] {1, 1, config.queriesPerKey(), 1});
    } else if (asking > 1) {
      mask = decoder.causal(asking, tokens.length());
    }
    if (padding == null) {
      return mask;
    }
    return mask == null ? padding : padding.add(mask);
  }

  private NDArray hidden(int[] padding, int length) {
    if (padding == null) {
      return null;
    }
    float[] mask = new float[padding.length * length];
    for (int r = 0; r < padding.length; r++) {
      Arrays.fill(mask, r * length, r * length + padding[r], Decoder.HIDDEN);
    }
    return manager.create(mask, new Shape(padding.length, 1, 1, length));
  }

  /** Turning positions count distances only, which padding and a common start leave as they are. */
  private boolean distancesSuffice(boolean remember) {
    return config.rotary() != null
        && tokens.positions() == null
        && tokens.groups().stream().allMatch(g -> g.cache() == null)
        && !(remember && tokens.padding() != null);
  }

  /** Whether all tokens stand at place 0, where turning changes nothing. */
  private boolean atStart() {
    return places != null
        && config.rotary().scaling().magnitude() == 1
        && Arrays.stream(places).allMatch(place -> place == 0);
  }

  private static int[] places(TokenInput tokens) {
    if (tokens.positions() != null) {
      return tokens.positions();
    }
    int[] places = new int[tokens.rows() * tokens.length()];
    int at = 0;
    for (TokenInput.Group group : tokens.groups()) {
      for (int r = 0; r < group.rows(); r++) {
        int row = at / tokens.length();
        int before = group.cache() == null ? 0 : group.cache().before(r, group.rows());
        int pad = tokens.padding() == null ? 0 : tokens.padding()[row];
        for (int t = 0; t < tokens.length(); t++) {
          places[at++] = before + Math.max(0, t - pad);
        }
      }
    }
    return places;
  }

  private Decoder.Turns turns() {
    if (places == null) {
      return decoder.turns(tokens.length());
    }
    int last = Arrays.stream(places).max().orElse(0);
    Decoder.Turns all = decoder.turns(last + 1);
    NDArray numbers = places();
    return new Decoder.Turns(
        at(all.cos(), numbers),
        at(all.sin(), numbers),
        at(all.queryCos(), numbers),
        at(all.querySin(), numbers));
  }

  /** Rows of a table, (P, 1, S) to (R, T, 1, S). */
  private NDArray at(NDArray table, NDArray numbers) {
    NDArray flat = table.reshape(-1, config.headSize());
    return Pass.rows(flat, numbers).reshape(-1, tokens.length(), 1, config.headSize());
  }

  private static void keep(NDArray array, NDManager keeper) {
    NDScope.unregister(array);
    array.attach(keeper);
  }
}
