package io.lift.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorType;
import io.lift.checkpoint.TensorWriter;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.checkpoint.published.PublishedTensors;
import io.lift.checkpoint.published.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Writes a folder laid out exactly as a model is published: {@code config.json}, a byte-level
 * {@code tokenizer.json} of that vocabulary, weights in one file or in shards with their index. The
 * weights are random. The folder serves measurements of size, speed and memory.
 */
public final class RandomModelFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double BOUND = 0.02 * Math.sqrt(3); // uniform, with standard deviation 0.02
  private static final int CHUNK = 1 << 18; // numbers written at once

  private RandomModelFolder() {}

  /**
   * The family and size of a model.
   *
   * @param family {@code gpt2}, {@code llama} or {@code qwen2}
   * @param vocabulary number of tokens, at least 300
   * @param width hidden size, D
   * @param layers decoder layers
   * @param heads attention heads
   * @param keyValueHeads heads of keys and values; the same as heads for GPT-2
   * @param inner width inside the MLP; 4 D for GPT-2
   */
  public record Size(
      String family,
      int vocabulary,
      int width,
      int layers,
      int heads,
      int keyValueHeads,
      int inner) {

    /** The shape of GPT-2 small with 32,768 tokens: 111 million parameters. */
    public static Size gpt2Small() {
      return new Size("gpt2", 32_768, 768, 12, 12, 12, 3072);
    }

    /** A small Qwen2 with 32,768 tokens: 105 million parameters. */
    public static Size qwen2Small() {
      return new Size("qwen2", 32_768, 768, 12, 12, 4, 2048);
    }
  }

  /** Writes the files in bfloat16. Creates the folder if needed. */
  public static void write(Path folder, Size size, int shards, long seed) throws IOException {
    write(folder, size, TensorType.BF16, shards, seed);
  }

  /**
   * Writes the files. Creates the folder if needed.
   *
   * @param type F32, F16 or BF16
   * @param shards number of weight files, of about equal size
   * @param seed of the weights: the same seed writes the same bytes
   */
  public static void write(Path folder, Size size, TensorType type, int shards, long seed)
      throws IOException {
    Files.createDirectories(folder);
    byte[] config = config(size);
    Files.write(folder.resolve(ModelFolder.CONFIG), config);
    Files.write(
        folder.resolve(ModelFolder.TOKENIZER), RandomTokenizer.byteLevel(size.vocabulary()));
    Map<String, long[]> left =
        new LinkedHashMap<>(
            PublishedTensors.shapes(PublishedConfig.read(ModelFolder.CONFIG, config)));
    long total = left.values().stream().mapToLong(RandomModelFolder::count).sum();
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", total * type.bytes());
    ObjectNode fileByTensor = index.putObject("weight_map");
    SplittableRandom random = new SplittableRandom(mix(mix(seed) ^ mix(1 + 0x9E3779B97F4A7C15L)));
    for (int s = 1; s <= shards; s++) {
      String file =
          shards == 1 ? ModelFolder.WEIGHTS : "model-%05d-of-%05d.safetensors".formatted(s, shards);
      Map<String, long[]> part = new LinkedHashMap<>();
      long numbers = 0;
      while (!left.isEmpty() && (s == shards || numbers < total / shards)) {
        String name = left.keySet().iterator().next();
        part.put(name, left.remove(name));
        numbers += count(part.get(name));
        fileByTensor.put(name, file);
      }
      write(folder.resolve(file), type, part, random);
    }
    if (shards > 1) {
      Files.write(folder.resolve(ModelFolder.INDEX), JSON.writeValueAsBytes(index));
    }
  }

  private static byte[] config(Size size) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    boolean gpt2 = size.family().equals("gpt2");
    json.put("model_type", size.family()).put("vocab_size", size.vocabulary());
    json.put("tie_word_embeddings", true);
    if (gpt2) {
      json.put("n_embd", size.width()).put("n_layer", size.layers()).put("n_head", size.heads());
      json.put("n_inner", size.inner()).put("n_positions", 1024);
      json.put("activation_function", "gelu_new").put("layer_norm_epsilon", 1e-5);
    } else {
      json.put("hidden_size", size.width()).put("intermediate_size", size.inner());
      json.put("num_hidden_layers", size.layers()).put("num_attention_heads", size.heads());
      json.put("num_key_value_heads", size.keyValueHeads()).put("hidden_act", "silu");
      json.put("rms_norm_eps", 1e-6).put("rope_theta", 1e6).put("max_position_embeddings", 2048);
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  /** Matrices are random, gains of norms are 1, biases are 0. */
  private static void write(
      Path file, TensorType type, Map<String, long[]> shapes, SplittableRandom random)
      throws IOException {
    try (TensorWriter writer = new TensorWriter(file, type, shapes)) {
      for (Map.Entry<String, long[]> e : shapes.entrySet()) {
        boolean matrix = e.getValue().length > 1;
        float constant = e.getKey().endsWith(TensorNames.BIAS) ? 0 : 1;
        for (long left = count(e.getValue()); left > 0; left -= CHUNK) {
          float[] numbers = new float[(int) Math.min(left, CHUNK)];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = matrix ? (float) (BOUND * (2 * random.nextDouble() - 1)) : constant;
          }
          writer.write(numbers);
        }
      }
    }
  }

  /** The finalizer of MurmurHash3: neighbouring seeds give unrelated weights. */
  private static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  private static long count(long[] shape) {
    return LongStream.of(shape).reduce(1, Math::multiplyExact);
  }
}
