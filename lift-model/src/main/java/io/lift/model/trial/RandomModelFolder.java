package io.lift.model.trial;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.model.decoder.DecoderConfig;
import io.lift.model.decoder.PublishedConfig;
import io.lift.model.decoder.PublishedLinear;
import io.lift.model.decoder.TensorNames;
import io.lift.model.files.ModelFolder;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a folder laid out exactly as a model is published: {@code config.json}, a byte-level
 * {@code tokenizer.json} of that vocabulary, weights in bfloat16, in shards with their index. The
 * weights are random, so that it is good for trials of size, speed and memory, and for nothing
 * else.
 */
public final class RandomModelFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double BOUND = 0.02 * Math.sqrt(3); // uniform, of deviation 0.02
  private static final int CHUNK = 1 << 20;

  private RandomModelFolder() {}

  /**
   * How large, and of which family.
   *
   * @param family {@code gpt2}, {@code llama} or {@code qwen2}
   * @param vocabulary tokens, at least 300
   * @param width D
   * @param layers decoder layers
   * @param heads attention heads
   * @param keyValueHeads heads of keys and values; all for GPT-2
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

    /** Shaped as GPT-2 small, with 32,768 tokens: 111 million parameters. */
    public static Size gpt2Small() {
      return new Size("gpt2", 32_768, 768, 12, 12, 12, 3072);
    }

    /** Shaped as Qwen2, with 32,768 tokens: 105 million parameters. */
    public static Size qwen2Small() {
      return new Size("qwen2", 32_768, 768, 12, 12, 4, 2048);
    }

    /** Shaped exactly as Qwen2 0.5B: 494 million parameters. */
    public static Size qwen2Half() {
      return new Size("qwen2", 151_936, 896, 24, 14, 2, 4864);
    }
  }

  /**
   * Writes the files; the folder is made where it does not exist.
   *
   * @param shards files of weights
   */
  public static void write(Path folder, Size size, int shards, long seed) throws IOException {
    Files.createDirectories(folder);
    byte[] config = config(size);
    Files.write(folder.resolve(ModelFolder.CONFIG), config);
    Files.write(
        folder.resolve(ModelFolder.TOKENIZER), RandomTokenizer.byteLevel(size.vocabulary()));
    DecoderConfig read = PublishedConfig.read(ModelFolder.CONFIG, config);
    List<Tensor> tensors = tensors(read, size);
    long total = tensors.stream().mapToLong(Tensor::bytes).sum();
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", total);
    ObjectNode places = index.putObject("weight_map");
    SplittableRandom random = new SplittableRandom(SeededRandom.mix(seed, 1));
    int next = 0;
    for (int s = 1; s <= shards; s++) {
      String file =
          shards == 1 ? ModelFolder.WEIGHTS : "model-%05d-of-%05d.safetensors".formatted(s, shards);
      List<Tensor> part = new ArrayList<>();
      for (long bytes = 0; next < tensors.size() && (s == shards || bytes < total / shards); ) {
        Tensor tensor = tensors.get(next++);
        part.add(tensor);
        bytes += tensor.bytes();
        places.put(tensor.name(), file);
      }
      write(folder.resolve(file), part, random);
    }
    if (shards > 1) {
      Files.write(folder.resolve(ModelFolder.INDEX), JSON.writeValueAsBytes(index));
    }
  }

  private static byte[] config(Size size) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    boolean gpt2 = size.family().equals("gpt2");
    json.put("model_type", size.family()).put("vocab_size", size.vocabulary());
    json.put("torch_dtype", "bfloat16").put("tie_word_embeddings", true);
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

  /**
   * A tensor to write.
   *
   * @param name as published
   * @param shape as published
   * @param constant what all its numbers are; NaN for random ones
   */
  private record Tensor(String name, long[] shape, float constant) {
    long bytes() {
      long count = 2;
      for (long dimension : shape) {
        count *= dimension;
      }
      return count;
    }
  }

  private static List<Tensor> tensors(DecoderConfig config, Size size) {
    TensorNames names = config.names();
    List<Tensor> all = new ArrayList<>();
    all.add(random(names.embeddingTable(), config.vocabSize(), config.hiddenSize()));
    if (names.positions() != null) {
      String table = names.root() + names.positions() + TensorNames.WEIGHT;
      all.add(random(table, config.maxPositions(), config.hiddenSize()));
    }
    for (int l = 0; l < config.layers(); l++) {
      norm(all, config, names.inLayer(l, names.inputNorm()));
      norm(all, config, names.inLayer(l, names.mlpNorm()));
    }
    norm(all, config, names.root() + names.norm());
    for (PublishedLinear linear : config.linears()) {
      if (linear.path().equals("lm_head")) {
        continue; // tied
      }
      String weight = linear.path() + TensorNames.WEIGHT;
      all.add(
          names.inputFirst()
              ? random(weight, linear.in(), linear.out())
              : random(weight, linear.out(), linear.in()));
      if (config.bias(linear.slices().get(0).site())) {
        all.add(new Tensor(linear.path() + TensorNames.BIAS, new long[] {linear.out()}, 0));
      }
    }
    return all;
  }

  private static void norm(List<Tensor> all, DecoderConfig config, String name) {
    long[] shape = {config.hiddenSize()};
    all.add(new Tensor(name + TensorNames.WEIGHT, shape, 1));
    if (config.layerNorm()) {
      all.add(new Tensor(name + TensorNames.BIAS, shape, 0));
    }
  }

  private static Tensor random(String name, long... shape) {
    return new Tensor(name, shape, Float.NaN);
  }

  private static void write(Path file, List<Tensor> tensors, SplittableRandom random)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("format", "pt"));
    long end = 0;
    for (Tensor tensor : tensors) {
      List<Long> span = List.of(end, end + tensor.bytes());
      header.put(
          tensor.name(), Map.of("dtype", "BF16", "shape", tensor.shape(), "data_offsets", span));
      end += tensor.bytes();
    }
    String text = new String(JSON.writeValueAsBytes(header), StandardCharsets.UTF_8);
    text += " ".repeat((8 - text.length() % 8) % 8);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      flush(out, length.putLong(text.length()));
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      for (Tensor tensor : tensors) {
        for (long i = 0; i < tensor.bytes() / 2; i++) {
          float number =
              Float.isNaN(tensor.constant())
                  ? (float) (BOUND * (2 * random.nextDouble() - 1))
                  : tensor.constant();
          chunk.putShort((short) (Float.floatToIntBits(number) >>> 16)); // bfloat16
          if (!chunk.hasRemaining()) {
            flush(out, chunk);
          }
        }
      }
      flush(out, chunk);
    }
  }

  private static void flush(FileChannel out, ByteBuffer chunk) {
    try {
      chunk.flip();
      while (chunk.hasRemaining()) {
        out.write(chunk);
      }
      chunk.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
