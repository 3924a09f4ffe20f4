package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The forward pass of a Llama-shaped decoder: RMSNorm before each half-layer, rotary positions,
 * causal attention, gated MLP, no biases. Stateless but for cached position tables; safe for
 * concurrent use.
 *
 * <p>Dimensions: M members, B rows each, T tokens, D width, H heads of size S = D / H, V tokens.
 */
public final class Decoder {
  private static final float HIDDEN = -1e9f;

  private final DecoderConfig config;
  private final NDManager manager;
  private final NDArray rotation; // (S, S): x -> (-x2, x1) as a product
  private final NDArray averaging; // (D, 1), all 1 / D: a mean as a product is faster both ways
  private final Map<Integer, Positions> positions = new ConcurrentHashMap<>();

  /**
   * Tables of sequences of T tokens.
   *
   * @param cos (T, 1, S)
   * @param sin (T, 1, S)
   * @param queryCos cos / sqrt(S): attention's scale comes with the queries' rotation
   * @param querySin sin / sqrt(S)
   * @param causal (T, T), 0 where the key is not after the query
   */
  private record Positions(
      NDArray cos, NDArray sin, NDArray queryCos, NDArray querySin, NDArray causal) {}

  /**
   * @param manager owns the tables
   */
  public Decoder(DecoderConfig config, NDManager manager) {
    this.config = config;
    this.manager = manager;
    this.rotation = rotation();
    float[] share = new float[config.hiddenSize()];
    java.util.Arrays.fill(share, 1f / share.length);
    this.averaging = owned(share, share.length, 1);
  }

  /**
   * Logits of the token after each of the last {@code want} positions.
   *
   * @param tokens (M * B * T), already shifted by member * V; rows end together (left padding)
   * @param padding (M * B, 1, 1, T), 0 for a token and -1e9 for padding, or null if there is none
   * @param length T
   * @param want positions at the end that are asked for, 1..T
   * @param dropout probability, 0 when not training
   * @return (M, B * want, V)
   */
  public NDArray logits(
      DecoderWeights weights,
      NDArray tokens,
      NDArray padding,
      int length,
      int want,
      float dropout) {
    int d = config.hiddenSize();
    long members = weights.members();
    Positions table = positions.computeIfAbsent(length, this::positions);
    NDArray x = embedding(tokens, weights.embedding()); // (M * B * T, D)
    x = drop(x.reshape(members, -1, d), dropout); // (M, B * T, D)

    for (int l = 0; l < config.layers(); l++) {
      DecoderWeights.Layer layer = weights.layers().get(l);
      // above the last layer only the wanted positions are read, so only they ask
      int asking = l == config.layers() - 1 ? want : length;

      // attention
      NDArray h = norm(x, layer.inputNorm());
      NDArray q = heads(tail(h, members, length, asking).matMul(layer.query()), asking);
      NDList kv = h.matMul(layer.keyValue()).split(new long[] {d}, 2);
      NDArray k = heads(kv.get(0), length);
      NDArray v = heads(kv.get(1), length); // (M * B, T, H, S)
      NDArray cos = rows(table.queryCos(), length, asking);
      NDArray sin = rows(table.querySin(), length, asking);
      q = rotate(q, cos, sin).transpose(0, 2, 1, 3); // (M * B, H, asking, S)
      k = rotate(k, table.cos(), table.sin()).transpose(0, 2, 3, 1); // (M * B, H, S, T)
      NDArray scores = q.matMul(k); // (M * B, H, asking, T)
      if (asking > 1) {
        scores = scores.add(rows(table.causal(), length, asking));
      }
      if (padding != null) {
        scores = scores.add(padding);
      }
      NDArray mixed = scores.softmax(3).matMul(v.transpose(0, 2, 1, 3)); // (M * B, H, asking, S)
      NDArray attended = mixed.transpose(0, 2, 1, 3).reshape(members, -1, d);
      x = tail(x, members, length, asking).add(drop(attended.matMul(layer.output()), dropout));

      // gated MLP
      NDList gateUp =
          norm(x, layer.mlpNorm())
              .matMul(layer.gateUp())
              .split(new long[] {config.intermediateSize()}, 2);
      NDArray gate = gateUp.get(0);
      NDArray inner = gate.mul(gate.getNDArrayInternal().sigmoid()).mul(gateUp.get(1));
      x = x.add(drop(inner.matMul(layer.down()), dropout));
    }
    return norm(x, weights.norm()).matMul(weights.head());
  }

  /** Additive padding mask for {@link #logits}: (rows, 1, 1, T). */
  public static float[] padding(int[] lengths, int length) {
    float[] mask = new float[lengths.length * length];
    for (int r = 0; r < lengths.length; r++) {
      java.util.Arrays.fill(mask, r * length, r * length + length - lengths[r], HIDDEN);
    }
    return mask;
  }

  public int residentArrays() {
    return manager.getManagedArrays().size();
  }

  private static NDArray embedding(NDArray tokens, NDArray table) {
    return tokens.getNDArrayInternal().embedding(tokens, table, SparseFormat.DENSE).get(0);
  }

  /** RMSNorm: x / sqrt(mean(x^2) + eps) * gain. */
  private NDArray norm(NDArray x, NDArray gain) {
    NDArray meanSquare = x.mul(x).matMul(averaging); // (M, B * T, 1)
    return x.mul(meanSquare.add(config.normEps()).pow(-0.5)).mul(gain);
  }

  /** (M, B * n, D) to (M * B, n, H, S). */
  private NDArray heads(NDArray x, int n) {
    return x.reshape(-1, n, config.heads(), config.headSize());
  }

  /** The last n of every T positions: (M, B * T, D) to (M, B * n, D). */
  private NDArray tail(NDArray x, long members, int length, int n) {
    if (n == length) {
      return x;
    }
    int d = config.hiddenSize();
    NDArray sequences = x.reshape(-1, length, d);
    return sequences.split(new long[] {length - n}, 1).get(1).reshape(members, -1, d);
  }

  private static NDArray rows(NDArray table, int length, int n) {
    return n == length ? table : table.split(new long[] {length - n}, 0).get(1);
  }

  /** Rotary positions in the half-split form of published Llama weights. */
  private NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
    return x.mul(cos).add(x.matMul(rotation).mul(sin));
  }

  private static NDArray drop(NDArray x, float probability) {
    return probability == 0 ? x : x.getNDArrayInternal().dropout(x, probability, true).get(0);
  }

  private NDArray rotation() {
    int s = config.headSize();
    float[] r = new float[s * s];
    for (int i = 0; i < s / 2; i++) {
      r[(i + s / 2) * s + i] = -1; // first half takes minus the second
      r[i * s + i + s / 2] = 1; // second half takes the first
    }
    return owned(r, s, s);
  }

  private Positions positions(int length) {
    int s = config.headSize();
    float[] cos = new float[length * s];
    float[] sin = new float[length * s];
    float[] causal = new float[length * length];
    for (int t = 0; t < length; t++) {
      for (int i = 0; i < s; i++) {
        double angle = t * StrictMath.pow(config.ropeTheta(), -2.0 * (i % (s / 2)) / s);
        cos[t * s + i] = (float) StrictMath.cos(angle);
        sin[t * s + i] = (float) StrictMath.sin(angle);
      }
      java.util.Arrays.fill(causal, t * length + t + 1, (t + 1) * length, HIDDEN);
    }
    return new Positions(
        owned(cos, length, 1, s),
        owned(sin, length, 1, s),
        owned(scaled(cos), length, 1, s),
        owned(scaled(sin), length, 1, s),
        owned(causal, length, length));
  }

  private float[] scaled(float[] table) {
    float[] scaled = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      scaled[i] = (float) (table[i] / Math.sqrt(config.headSize()));
    }
    return scaled;
  }

  /** Outlives the scope of the step that happens to need it first. */
  private NDArray owned(float[] data, long... shape) {
    NDArray array = manager.create(data, new Shape(shape));
    ai.djl.ndarray.NDScope.unregister(array);
    return array;
  }
}
