package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.Rotary;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A decoder-only language model without its weights. Differences between families are data in its
 * {@link DecoderConfig}. Its only state are tables of constants. Safe for concurrent use. {@link
 * Pass} does the computing.
 *
 * <p>Dimensions: M ensemble members, R rows of all members, T tokens per row, D width, H heads of
 * size S for queries and K for keys and values, V tokens of the vocabulary.
 */
public final class Decoder {
  /** Added to the attention score of a position that must not be attended to. */
  public static final float MASKED = -1e9f;

  private static final int MAX_EXACT = 64;

  private final DecoderConfig config;
  private final NDManager manager;
  private final NDArray rotationMatrix; // (S, S), float32; null without rotary positions
  private final Map<DataType, NDArray> rotationMatrices = new ConcurrentHashMap<>();
  private final NDArray widthMean; // (D, 1), all 1 / D: a mean as a product is faster both ways
  private final NDArray headMean; // (S, 1), all 1 / S
  private final Map<Integer, NDArray> causalMasks = new ConcurrentHashMap<>(); // by length
  private final Map<Integer, RotaryTable> rotaryTables = new ConcurrentHashMap<>(); // by length

  /**
   * @param manager owns the tables
   */
  public Decoder(DecoderConfig config, NDManager manager) {
    this.config = config;
    this.manager = manager;
    this.rotationMatrix = config.rotary() == null ? null : rotationMatrix(config.rotary());
    this.widthMean = mean(config.hiddenSize());
    this.headMean = mean(config.headSize());
  }

  /** The architecture. */
  public DecoderConfig config() {
    return config;
  }

  /**
   * A forward pass.
   *
   * @param outputLength number of last positions of each row whose outputs are computed, 1..T
   * @param dropout probability, 0 when not training
   */
  public Pass pass(DecoderWeights weights, TokenInput tokens, int outputLength, float dropout) {
    return new Pass(this, weights, tokens, outputLength, dropout, false);
  }

  /**
   * The logits of the token after each of the last {@code outputLength} positions.
   *
   * @return (M, R / M * outputLength, V) in float32
   */
  public NDArray logits(
      DecoderWeights weights, TokenInput tokens, int outputLength, float dropout) {
    return pass(weights, tokens, outputLength, dropout).logits();
  }

  /** A forward pass that keeps its keys and values for {@link Pass#cachePart}. */
  public Pass cachingPass(DecoderWeights weights, TokenInput tokens, int outputLength) {
    return new Pass(this, weights, tokens, outputLength, 0, true);
  }

  /**
   * Reads tokens whose keys and values later passes attend to.
   *
   * @param owner the manager that the keys and values belong to
   */
  public KeyValueCache.Part prefill(DecoderWeights weights, TokenInput tokens, NDManager owner) {
    Pass pass = cachingPass(weights, tokens, 1);
    pass.hiddenStates();
    return pass.cachePart(owner);
  }

  /** The number of arrays that this decoder holds in the engine. */
  public int residentArrays() {
    return manager.getManagedArrays().size();
  }

  /**
   * The causal mask of the last positions, 0 where the key is not after the query: (G * A, T), once
   * for each query head of a key head.
   */
  NDArray causalMask(int queryLength, int length) {
    NDArray square = causalMasks.computeIfAbsent(capacity(length), this::newCausalMask);
    NDArray rows = Pass.slice(square, 0, length - queryLength, length);
    rows = Pass.slice(rows, 1, 0, length);
    return config.queriesPerKey() == 1 ? rows : rows.tile(new long[] {config.queriesPerKey(), 1});
  }

  /** The rotary table of positions 0 to length - 1. */
  RotaryTable rotaryTable(int length) {
    return rotaryTables.computeIfAbsent(capacity(length), this::newRotaryTable).first(length);
  }

  /** Short tables have exactly the requested length; long ones serve many lengths. */
  private static int capacity(int length) {
    return length <= MAX_EXACT ? length : Integer.highestOneBit(length - 1) << 1;
  }

  NDArray widthMean() {
    return widthMean;
  }

  NDArray headMean() {
    return headMean;
  }

  /** The matrix that maps each rotated pair (x1, x2) to (-x2, x1), and other dimensions to 0. */
  NDArray rotationMatrix(DataType type) {
    return type == DataType.FLOAT32
        ? rotationMatrix
        : rotationMatrices.computeIfAbsent(type, t -> retained(rotationMatrix.toType(t, true)));
  }

  private NDArray mean(int width) {
    float[] share = new float[width];
    Arrays.fill(share, 1f / width);
    return retained(share, width, 1);
  }

  private NDArray newCausalMask(int length) {
    float[] mask = new float[length * length];
    for (int t = 0; t < length; t++) {
      Arrays.fill(mask, t * length + t + 1, (t + 1) * length, MASKED);
    }
    return retained(mask, length, length);
  }

  private NDArray rotationMatrix(Rotary rotary) {
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
    return retained(r, s, s);
  }

  private RotaryTable newRotaryTable(int length) {
    Rotary rotary = config.rotary();
    double factor = rotary.scaling().attentionFactor();
    int s = config.headSize();
    float[] cos = new float[length * s];
    float[] sin = new float[length * s];
    for (int t = 0; t < length; t++) {
      Arrays.fill(cos, t * s, (t + 1) * s, 1);
      for (int i = 0; i < rotary.dims(); i++) {
        double angle = rotary.angle(t, i);
        cos[t * s + i] = (float) (factor * StrictMath.cos(angle));
        sin[t * s + i] = (float) (factor * StrictMath.sin(angle));
      }
    }
    return new RotaryTable(
        retained(cos, length, 1, s),
        retained(sin, length, 1, s),
        retained(scaled(cos), length, 1, s),
        retained(scaled(sin), length, 1, s));
  }

  private float[] scaled(float[] table) {
    float[] scaled = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      scaled[i] = (float) (table[i] / Math.sqrt(config.headSize()));
    }
    return scaled;
  }

  private NDArray retained(float[] data, long... shape) {
    return retained(manager.create(data, new Shape(shape)));
  }

  /** Keeps an array beyond the scope of the step that needs it first. */
  private NDArray retained(NDArray array) {
    NDScope.unregister(array);
    array.attach(manager);
    return array;
  }
}
