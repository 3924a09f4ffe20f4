package io.lift.model.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.decoder.WeightLoader;
import io.lift.model.text.EncoderTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A pretrained encoder of the BERT family: a text becomes the mean of its tokens' last hidden
 * states, scaled to length 1 (Sentence-BERT, arXiv 1908.10084). Texts of like meaning have a large
 * inner product. Safe for concurrent use.
 */
public final class TextEncoder implements AutoCloseable {
  /** Tokens that are read of a text. */
  public static final int MAX_TOKENS = 256;

  private final DecoderConfig config;
  private final NDManager manager;
  private final Decoder decoder;
  private final DecoderWeights weights;
  private final EncoderTokenizer tokenizer;

  private TextEncoder(
      DecoderConfig config, NDManager manager, DecoderWeights weights, EncoderTokenizer tokenizer) {
    this.config = config;
    this.manager = manager;
    this.decoder = new Decoder(config, manager);
    this.weights = weights;
    this.tokenizer = tokenizer;
  }

  /**
   * Opens the folder of a published encoder.
   *
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}; f16 on a GPU
   * @throws InvalidModelException if it is not an encoder, or cannot be opened
   */
  public static TextEncoder open(Path path, String device) {
    Device where = TorchEngine.device(device);
    try (ModelFolder folder = ModelFolder.open(path)) {
      DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, folder.config());
      if (!config.encoder()) {
        throw new InvalidModelException(
            "The model folder " + path + " is not that of an encoder: its model_type is not bert.");
      }
      return open(folder, config, where, TorchEngine.type("auto", where));
    }
  }

  /**
   * Opens the folder of a published encoder.
   *
   * @param config what its {@code config.json} says
   * @param type of its weights
   * @throws InvalidModelException if it cannot be opened
   */
  public static TextEncoder open(
      ModelFolder folder, DecoderConfig config, Device device, DataType type) {
    EncoderTokenizer tokenizer =
        EncoderTokenizer.read(
            ModelFolder.TOKENIZER,
            folder.tokenizer(),
            config.vocabSize(),
            Math.min(MAX_TOKENS, config.maxPositions()));
    NDManager manager = TorchEngine.load().newBaseManager(device);
    try {
      DecoderWeights weights = WeightLoader.load(folder, config, type, manager);
      return new TextEncoder(config, manager, weights, tokenizer);
    } catch (RuntimeException e) {
      manager.close();
      tokenizer.close();
      throw e;
    }
  }

  /** Its weights, without a head. */
  public DecoderWeights weights() {
    return weights;
  }

  /** Its tokenizer. */
  public EncoderTokenizer tokenizer() {
    return tokenizer;
  }

  /** The length of a vector, D. */
  public int width() {
    return config.hiddenSize();
  }

  /**
   * The vectors of texts.
   *
   * @return (texts, D), each of length 1
   */
  public float[][] vectors(List<String> texts) {
    int[][] ids = texts.stream().map(tokenizer::ids).toArray(int[][]::new);
    float[][] vectors = new float[ids.length][];
    for (TextBatch batch : TextBatch.of(ids)) {
      float[] read;
      try (NDManager own = manager.newSubManager();
          NDScope scope = new NDScope()) {
        Pass pass = decoder.pass(weights, batch.input(own, List.of()), 1, 0);
        read = pass.vectors(pass.hiddenStates()).toFloatArray();
      }
      for (int r = 0; r < batch.rows().length; r++) {
        vectors[batch.rows()[r]] = Arrays.copyOfRange(read, r * width(), (r + 1) * width());
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    manager.close();
    tokenizer.close();
  }
}
