package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The forward pass of a decoder-only language model. What differs from family to family is data in
 * its {@link DecoderConfig}. Stateless but for tables of constants; safe for concurrent use. The
 * computing is in {@link Pass}.
 *
 * <p>Dimensions: M members, R rows of all members, T tokens, D width, H heads of size S for queries
 * and K for keys and values, V tokens of the vocabulary.
 */
public final class Decoder {
  /** Added to the attention of what must not be seen. */
  public static final float HIDDEN = -1e9f;

  private static final int MAX_EXACT = 64;

  private final DecoderConfig config;
  private final NDManager manager;
  private final NDArray rotation; // (S, S): what a turn's sine goes with, as a product; or null
  private final Map<DataType, NDArray> rotations = new ConcurrentHashMap<>();
  private final NDArray widthMean; // (D, 1), all 1 / D: a mean as a product is faster both ways
  private final NDArray headMean; // (S, 1), all 1 / S
  private final Map<Integer, NDArray> causal = new ConcurrentHashMap<>();
  private final Map<Integer, Turns> turns = new ConcurrentHashMap<>();

  /**
   * The turns of places 0 to T - 1.
   *
   * @param cos (T, 1, S), 1 in dimensions that do not turn
   * @param sin (T, 1, S), 0 in dimensions that do not turn
   * @param queryCos cos / sqrt(S): attention's scale comes with the queries' turn
   * @param querySin sin / sqrt(S)
   */
  record Turns(NDArray cos, NDArray sin, NDArray queryCos, NDArray querySin) {}

  /**
   * @param manager owns the tables
   */
  public Decoder(DecoderConfig config, NDManager manager) {
    this.config = config;
    this.manager = manager;
    this.rotation = config.rotary() == null ? null : rotation(config.rotary());
    this.widthMean = mean(config.hiddenSize());
    this.headMean = mean(config.headSize());
  }

  /** What it computes. */
  public DecoderConfig config() {
    return config;
  }

  /**
   * A pass over some tokens.
   *
   * @param want positions at the end of each row whose result is asked for, 1..T
   * @param dropout probability, 0 when not training
   */
  public Pass pass(DecoderWeights weights, TokenInput tokens, int want, float dropout) {
    return new Pass(this, weights, tokens, want, dropout, false);
  }

  /**
   * Logits of the token after each of the last {@code want} positions.
   *
   * @return (M, R / M * want, V) in float32
   */
  public NDArray logits(DecoderWeights weights, TokenInput tokens, int want, float dropout) {
    return pass(weights, tokens, want, dropout).logits();
  }

  /** A pass that keeps its keys and values: {@link Pass#part} has them after the last layer. */
  public Pass remembering(DecoderWeights weights, TokenInput tokens, int want) {
    return new Pass(this, weights, tokens, want, 0, true);
  }

  /**
   * Reads tokens that others will go on from.
   *
   * @param keeper owns the keys and values
   */
  public KeyValueCache.Part read(DecoderWeights weights, TokenInput tokens, NDManager keeper) {
    Pass pass = remembering(weights, tokens, 1);
    pass.top();
    return pass.part(keeper);
  }

  /** Arrays of this decoder that live in the engine. */
  public int residentArrays() {
    return manager.getManagedArrays().size();
  }

  /** 0 where the key is not after the query: (G * A, T), once for each query of a key. */
  NDArray causal(int asking, int length) {
    NDArray square = causal.computeIfAbsent(capacity(length), this::causal);
    NDArray rows = Pass.slice(square, 0, length - asking, length);
    rows = Pass.slice(rows, 1, 0, length);
    return config.queriesPerKey() == 1 ? rows : rows.tile(new long[] {config.queriesPerKey(), 1});
  }

  Turns turns(int length) {
    Turns all = turns.computeIfAbsent(capacity(length), this::tables);
    return new Turns(
        Pass.slice(all.cos(), 0, 0, length),
        Pass.slice(all.sin(), 0, 0, length),
        Pass.slice(all.queryCos(), 0, 0, length),
        Pass.slice(all.querySin(), 0, 0, length));
  }

  /** Short tables are kept as they are asked for, long ones serve many lengths. */
  private static int capacity(int length) {
    return length <= MAX_EXACT ? length : Integer.highestOneBit(length - 1) << 1;
  }

  NDArray widthMean() {
    return widthMean;
  }

  NDArray headMean() {
    return headMean;
  }

  NDArray rotation(DataType type) {
    return type == DataType.FLOAT32
        ? rotation
        : rotations.computeIfAbsent(type, t -> kept(rotation.toType(t, true)));
  }

  private NDArray mean(int width) {
    float[] share = new float[width];
    Arrays.fill(share, 1f / width);
    return owned(share, width, 1);
  }

  private NDArray causal(int length) {
    float[] hidden = new float[length * length];
    for (int t = 0; t < length; t++) {
      Arrays.fill(hidden, t * length + t + 1, (t + 1) * length, HIDDEN);
    }
    return owned(hidden, length, length);
  }

  /** x -> (-x2, x1) for each pair (x1, x2), 0 where nothing turns. */
  private NDArray rotation(Rotary rotary) {
    int s = config.headSize();
    float[] r = new float[s * s];
    for (int i = 0; i < rotary.dims(); i++) {
      for (int j = 0; j < i; j++) {
        if (rotary.pair(i) == rotary.pair(j)) {
          r[i * s + j] = -1; // the first takes minus the second
          r[j * s + i] = 1; // the second takes the first
        }
      }
    }
    return owned(r, s, s);
  }

  private Turns tables(int length) {
    Rotary rotary = config.rotary();
    int s = config.headSize();
    float[] cos = new float[length * s];
    float[] sin = new float[length * s];
    for (int t = 0; t < length; t++) {
      Arrays.fill(cos, t * s, (t + 1) * s, 1);
      for (int i = 0; i < rotary.dims(); i++) {
        double angle = rotary.angle(t, i);
        cos[t * s + i] = (float) (rotary.scaling().magnitude() * StrictMath.cos(angle));
        sin[t * s + i] = (float) (rotary.scaling().magnitude() * StrictMath.sin(angle));
      }
    }
    return new Turns(
        owned(cos, length, 1, s),
        owned(sin, length, 1, s),
        owned(scaled(cos), length, 1, s),
        owned(scaled(sin), length, 1, s));
  }

  private float[] scaled(float[] table) {
    float[] scaled = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      scaled[i] = (float) (table[i] / Math.sqrt(config.headSize()));
    }
    return scaled;
  }

  private NDArray owned(float[] data, long... shape) {
    return kept(manager.create(data, new Shape(shape)));
  }

  /** Outlives the scope of the step that happens to need it first. */
  private NDArray kept(NDArray array) {
    NDScope.unregister(array);
    array.attach(manager);
    return array;
  }
}
