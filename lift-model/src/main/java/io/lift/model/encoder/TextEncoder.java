package io.lift.model.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.decoder.WeightLoader;
import io.lift.model.text.EncoderTokenizer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A pretrained encoder of the BERT family: a text becomes the mean of its tokens' last hidden
 * states, scaled to length 1 (Sentence-BERT, arXiv 1908.10084). Texts of like meaning have a large
 * inner product. Safe for concurrent use.
 */
public final class TextEncoder implements AutoCloseable {
  /** Tokens that are read of a text. */
  public static final int MAX_TOKENS = 256;

  /** Tokens of one pass, padding included, so that its arrays stay in the processor's caches. */
  private static final int PASS_TOKENS = 2048;

  private static final double LEAST_LENGTH = 1e-12;

  private final DecoderConfig config;
  private final NDManager manager;
  private final Decoder decoder;
  private final DecoderWeights weights;
  private final EncoderTokenizer tokenizer;
  private final String hash;

  private TextEncoder(
      DecoderConfig config,
      NDManager manager,
      DecoderWeights weights,
      EncoderTokenizer tokenizer,
      String hash) {
    this.config = config;
    this.manager = manager;
    this.decoder = new Decoder(config, manager);
    this.weights = weights;
    this.tokenizer = tokenizer;
    this.hash = hash;
  }

  /**
   * Opens the folder of a published encoder.
   *
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}; f16 on a GPU
   * @throws InvalidModelException if it is not an encoder, or cannot be opened
   */
  public static TextEncoder open(Path path, String device) {
    Device where = TorchEngine.device(device);
    DataType type = TorchEngine.type("auto", where);
    try (ModelFolder folder = ModelFolder.open(path)) {
      DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, folder.config());
      if (!config.encoder()) {
        throw new InvalidModelException(
            "The model folder " + path + " is not that of an encoder: its model_type is not bert.");
      }
      EncoderTokenizer tokenizer =
          EncoderTokenizer.read(
              ModelFolder.TOKENIZER,
              folder.tokenizer(),
              config.vocabSize(),
              Math.min(MAX_TOKENS, config.maxPositions()));
      NDManager manager = TorchEngine.load().newBaseManager(where);
      try {
        DecoderWeights weights = WeightLoader.load(folder, config, type, manager);
        return new TextEncoder(config, manager, weights, tokenizer, folder.hash());
      } catch (RuntimeException e) {
        manager.close();
        tokenizer.close();
        throw e;
      }
    }
  }

  /** The length of a vector, D. */
  public int width() {
    return config.hiddenSize();
  }

  /** The SHA-256 of its folder. */
  public String hash() {
    return hash;
  }

  /**
   * The vectors of texts.
   *
   * @return (texts, D), each of length 1
   */
  public float[][] vectors(List<String> texts) {
    int[][] ids = texts.stream().map(tokenizer::ids).toArray(int[][]::new);
    int[] order =
        IntStream.range(0, ids.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> ids[i].length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[ids.length][];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && (to + 1 - from) * ids[order[to]].length <= PASS_TOKENS) {
        to++;
      }
      read(ids, order, from, to, vectors);
      from = to;
    }
    return vectors;
  }

  /** Reads some of the texts in one pass. */
  private void read(int[][] ids, int[] order, int from, int to, float[][] vectors) {
    int rows = to - from;
    int length = ids[order[to - 1]].length;
    long[] tokens = new long[rows * length];
    int[] padding = new int[rows];
    float[] shares = new float[rows * length];
    boolean padded = false;
    for (int r = 0; r < rows; r++) {
      int[] own = ids[order[from + r]];
      padding[r] = length - own.length;
      padded |= padding[r] > 0;
      for (int t = 0; t < own.length; t++) {
        tokens[r * length + padding[r] + t] = own[t];
        shares[r * length + padding[r] + t] = 1f / own.length;
      }
    }
    int width = config.hiddenSize();
    float[] pooled;
    try (NDManager own = manager.newSubManager();
        NDScope scope = new NDScope()) {
      TokenInput input = TokenInput.of(own.create(tokens), rows, length, padded ? padding : null);
      NDArray hidden = decoder.pass(weights, input, length, 0).hiddenStates();
      NDArray mean =
          own.create(shares, new Shape(rows, 1, length))
              .matMul(hidden.reshape(rows, length, width)); // (R, 1, D)
      pooled = mean.toFloatArray();
    }
    for (int r = 0; r < rows; r++) {
      vectors[order[from + r]] = unit(pooled, r * width, width);
    }
  }

  private static float[] unit(float[] numbers, int from, int width) {
    double square = 0;
    for (int d = 0; d < width; d++) {
      square += (double) numbers[from + d] * numbers[from + d];
    }
    double length = Math.max(LEAST_LENGTH, Math.sqrt(square));
    float[] unit = new float[width];
    for (int d = 0; d < width; d++) {
      unit[d] = (float) (numbers[from + d] / length);
    }
    return unit;
  }

  @Override
  public void close() {
    manager.close();
    tokenizer.close();
  }
}
