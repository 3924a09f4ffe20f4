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

  /** Of the logistic distribution of variance 1. */
  private static final double LOGISTIC = Math.sqrt(3) / Math.PI;

  /** How much of the answers of a model that is widened are the new features' own. */
  private static final double NEW_SHARE = 0.7;

  /** A model before pretraining: it answers as {@link StackedScores} do. */
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
        case DIRECT -> direct(data, (int) e.shape()[1], 1);
        case ZERO -> {}
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

  /** The stack of all statistics as the answer. */
  private static void direct(float[] data, int out, double share) {
    for (int i = 0; i < out; i++) {
      if (out == RowFeatures.LABELS) {
        data[(RowFeatures.STACK + i) * out + i] = (float) share;
      } else {
        double p = Quantiles.level(i);
        data[RowFeatures.NUMBER_STACK * out + i] = (float) share;
        data[RowFeatures.NUMBER_SPREAD * out + i] =
            (float) (share * LOGISTIC * Math.log(p / (1 - p)));
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
      tensors.put(e.name(), tensor(found, e.name(), e.shape()));
    }
    return new TransformerWeights(shape, tensors);
  }

  /**
   * Reads the two files of a model, which may be of a version with fewer features of cells or rows.
   * Nothing of the network reads those that are new. Where the stack of all statistics is new, it
   * is a share of the answers from the start.
   *
   * @throws InvalidModelException if they do not belong together, or have other features
   */
  public static TransformerWeights widened(byte[] json, byte[] file) {
    TransformerShape.Features old = TransformerShape.features(json);
    if (old.equals(TransformerShape.Features.OWN)) {
      return read(json, file);
    }
    TransformerShape shape = TransformerShape.read(old.replaced(json));
    boolean first = old.rows() <= RowFeatures.STACK; // it knows no stack
    Map<String, Safetensors.Tensor> found = Safetensors.read(ModelFolder.WEIGHTS, file).tensors();
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (TransformerLayout.Entry e : TransformerLayout.of(shape).entries()) {
      long[] before = old.shape(e);
      float[] data = Arrays.copyOf(tensor(found, e.name(), before), e.length());
      boolean answer = e.name().endsWith(".direct") || e.name().contains(".out.");
      if (answer && first && !e.name().contains(".pool.") && !e.name().startsWith("rows.")) {
        for (int i = 0; i < data.length; i++) {
          data[i] *= (float) (1 - NEW_SHARE);
        }
      }
      if (first && e.start() == TransformerLayout.Start.DIRECT) {
        direct(data, (int) e.shape()[1], NEW_SHARE);
      }
      tensors.put(e.name(), data);
    }
    return new TransformerWeights(shape, tensors);
  }

  private static float[] tensor(Map<String, Safetensors.Tensor> found, String name, long[] shape) {
    Safetensors.Tensor tensor = found.get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new InvalidModelException(
          "%s lacks tensor %s of shape %s."
              .formatted(ModelFolder.WEIGHTS, name, Arrays.toString(shape)));
    }
    return tensor.data();
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
