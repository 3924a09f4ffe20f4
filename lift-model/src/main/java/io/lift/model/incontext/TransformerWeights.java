package io.lift.model.incontext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of a {@link TabularTransformer}, in memory.
 *
 * @param shape of the model
 * @param tensors by name, row-major
 */
public record TransformerWeights(TransformerShape shape, Map<String, float[]> tensors) {
  private static final double SMALL = 0.5;
  private static final double LABEL_SCORE = 3; // ridge scores are nearly 0 or 1
  private static final double SPREAD = 0.4; // standard deviations, around the ridge prediction

  /** A model before pretraining: it answers as ridge regression does. */
  public static TransformerWeights initial(TransformerShape shape, long seed) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    int index = 0;
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      SeededRandom random = new SeededRandom(seed, RandomStream.PRETRAINING, index++);
      float[] data = new float[e.length()];
      switch (e.start()) {
        case NORMAL -> fill(data, random, 1 / Math.sqrt(e.shape()[0]));
        case SMALL -> fill(data, random, SMALL);
        case ONE -> Arrays.fill(data, 1);
        case DIRECT -> direct(data, (int) e.shape()[1]);
        case ZERO -> {}
      }
      if (e.name().equals("quantiles.out.bias")) {
        for (int i = 0; i < data.length; i++) {
          double p = Quantiles.level(i);
          data[i] = (float) (SPREAD * Math.log(p / (1 - p)));
        }
      }
      tensors.put(e.name(), data);
    }
    return new TransformerWeights(shape, tensors);
  }

  private static void fill(float[] data, SeededRandom random, double deviation) {
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (deviation * random.gaussian());
    }
  }

  private static void direct(float[] data, int out) {
    for (int i = 0; i < out; i++) {
      if (out == RowFeatures.LABELS) {
        data[(RowFeatures.RIDGE + i) * out + i] = (float) LABEL_SCORE;
      } else {
        data[RowFeatures.NUMBER_RIDGE * out + i] = 1;
      }
    }
  }

  /**
   * Reads the two files of a model.
   *
   * @throws InvalidModelException if they do not belong together
   */
  public static TransformerWeights read(byte[] json, byte[] file) {
    TransformerShape shape = TransformerShape.read(json);
    Map<String, Safetensors.Tensor> found = Safetensors.read(ModelFolder.WEIGHTS, file).tensors();
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      Safetensors.Tensor tensor = found.get(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new InvalidModelException(
            "%s lacks tensor %s of shape %s."
                .formatted(ModelFolder.WEIGHTS, e.name(), Arrays.toString(e.shape())));
      }
      tensors.put(e.name(), tensor.data());
    }
    return new TransformerWeights(shape, tensors);
  }

  /** The model that ships in this jar. */
  public static TransformerWeights embedded() {
    return read(resource(ModelFolder.CONFIG), resource(ModelFolder.WEIGHTS));
  }

  private static byte[] resource(String file) {
    try (InputStream in = TransformerWeights.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of {@code model.safetensors}. */
  public byte[] toBytes() {
    Map<String, Safetensors.Tensor> out = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      out.put(e.name(), new Safetensors.Tensor(e.shape(), tensors.get(e.name())));
    }
    return new Safetensors(Map.of("format", "pt"), out).toBytes();
  }

  /** The sha256 of {@code model.safetensors}, hex. */
  public String hash() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The weights as the engine's arrays, which the manager owns. */
  public Map<String, NDArray> arrays(NDManager manager) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      arrays.put(e.name(), TorchEngine.array(manager, tensors.get(e.name()), e.shape()));
    }
    return arrays;
  }
}
