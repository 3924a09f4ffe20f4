package io.lift.model.random;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderConfig;
import io.lift.model.decoder.PublishedConfig;
import io.lift.model.decoder.PublishedLinear;
import io.lift.model.decoder.TensorNames;
import io.lift.model.files.ModelFolder;
import io.lift.model.files.TensorType;
import io.lift.model.files.TensorWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes folders laid out exactly like published models, with random weights and a tokenizer of
 * their own: for tests and measurements where no model can be downloaded. Equal arguments make
 * equal bytes.
 */
public final class RandomModelFolder {
  private static final double DEVIATION = 0.02;
  private static final ObjectMapper JSON = new ObjectMapper();

  private RandomModelFolder() {}

  /**
   * Writes {@code config.json}, {@code tokenizer.json} and the weights.
   *
   * @param config a {@code config.json} that {@link PublishedConfig} reads, such as {@link #gpt2}
   * @param type F32, F16 or BF16
   * @param shards files of about equal size; 1 makes {@code model.safetensors}
   */
  public static void write(Path folder, String config, TensorType type, int shards, long seed)
      throws IOException {
    Files.createDirectories(folder);
    DecoderConfig shape =
        PublishedConfig.read(ModelFolder.CONFIG, config.getBytes(StandardCharsets.UTF_8));
    Files.writeString(folder.resolve(ModelFolder.CONFIG), config);
    Files.write(folder.resolve(ModelFolder.TOKENIZER), tokenizer(shape.vocabSize()));
    Map<String, long[]> tensors = tensors(shape);
    if (shards == 1) {
      write(folder.resolve(ModelFolder.WEIGHTS), type, tensors, seed);
      return;
    }
    ObjectNode index = JSON.createObjectNode();
    long total = tensors.values().stream().mapToLong(RandomModelFolder::count).sum();
    index.putObject("metadata").put("total_size", total * type.bytes());
    ObjectNode map = index.putObject("weight_map");
    Map<String, long[]> part = new LinkedHashMap<>();
    long written = 0;
    int shard = 1;
    for (Map.Entry<String, long[]> e : tensors.entrySet()) {
      String file = "model-%05d-of-%05d.safetensors".formatted(shard, shards);
      part.put(e.getKey(), e.getValue());
      map.put(e.getKey(), file);
      written += count(e.getValue());
      if (written * shards >= total * shard) {
        write(folder.resolve(file), type, part, seed + shard);
        part.clear();
        shard++;
      }
    }
    Files.writeString(folder.resolve(ModelFolder.INDEX), index.toPrettyString());
  }

  /** The {@code config.json} of a model shaped like GPT-2. */
  public static String gpt2(int layers, int width, int heads, int vocabulary) {
    return JSON.createObjectNode()
        .put("model_type", "gpt2")
        .put("vocab_size", vocabulary)
        .put("n_embd", width)
        .put("n_layer", layers)
        .put("n_head", heads)
        .put("n_positions", 1024)
        .put("activation_function", "gelu_new")
        .put("layer_norm_epsilon", 1e-5)
        .toPrettyString();
  }

  /**
   * The {@code config.json} of a model shaped like Llama 3: rotary positions, gated MLP, tied head.
   *
   * @param groups heads of keys and values
   */
  public static String llama(
      int layers, int width, int heads, int groups, int inner, int vocabulary) {
    return JSON.createObjectNode()
        .put("model_type", "llama")
        .put("vocab_size", vocabulary)
        .put("hidden_size", width)
        .put("intermediate_size", inner)
        .put("num_hidden_layers", layers)
        .put("num_attention_heads", heads)
        .put("num_key_value_heads", groups)
        .put("hidden_act", "silu")
        .put("rms_norm_eps", 1e-5)
        .put("rope_theta", 500_000.0)
        .put("tie_word_embeddings", true)
        .put("max_position_embeddings", 2048)
        .toPrettyString();
  }

  /** Shapes by published name, in order. */
  private static Map<String, long[]> tensors(DecoderConfig config) {
    TensorNames names = config.names();
    long d = config.hiddenSize();
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put(names.embeddingTable(), new long[] {config.vocabSize(), d});
    if (config.rotary() == null) {
      String positions = names.root() + names.positions() + TensorNames.WEIGHT;
      tensors.put(positions, new long[] {config.maxPositions(), d});
    }
    int layer = -1;
    for (PublishedLinear linear : config.linears()) {
      boolean head = linear.layer() == Adapter.Place.NO_LAYER;
      if (!head && linear.layer() > layer) {
        layer = linear.layer();
        norm(config, names.inLayer(layer, names.inputNorm()), d, tensors);
        if (!config.parallel()) {
          norm(config, names.inLayer(layer, names.mlpNorm()), d, tensors);
        }
        if (config.queryKeyNorm()) {
          norm(config, names.inLayer(layer, names.queryNorm()), config.headSize(), tensors);
          norm(config, names.inLayer(layer, names.keyNorm()), config.headSize(), tensors);
        }
      }
      if (!head || !config.tiedEmbeddings()) {
        boolean turned = names.inputFirst() && !head;
        long[] shape = {turned ? linear.in() : linear.out(), turned ? linear.out() : linear.in()};
        tensors.put(linear.path() + TensorNames.WEIGHT, shape);
        if (config.bias(linear.slices().get(0).site())) {
          tensors.put(linear.path() + TensorNames.BIAS, new long[] {linear.out()});
        }
      }
    }
    norm(config, names.root() + names.norm(), d, tensors);
    return tensors;
  }

  private static void norm(
      DecoderConfig config, String name, long width, Map<String, long[]> tensors) {
    tensors.put(name + TensorNames.WEIGHT, new long[] {width});
    if (config.layerNorm()) {
      tensors.put(name + TensorNames.BIAS, new long[] {width});
    }
  }

  private static long count(long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      count *= dimension;
    }
    return count;
  }

  /** Matrices and biases around 0, the gains of norms around 1. */
  private static void write(Path file, TensorType type, Map<String, long[]> shapes, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    try (TensorWriter writer = new TensorWriter(file, type, shapes)) {
      for (Map.Entry<String, long[]> e : shapes.entrySet()) {
        boolean gain = e.getValue().length == 1 && e.getKey().endsWith(TensorNames.WEIGHT);
        long left = count(e.getValue());
        while (left > 0) {
          float[] numbers = new float[(int) Math.min(left, 1 << 18)];
          fill(numbers, gain ? 1 : 0, random);
          writer.write(numbers);
          left -= numbers.length;
        }
      }
    }
  }

  /**
   * Uniform, which is as good as normal here and much faster: four numbers of 16 bits at a time.
   */
  private static void fill(float[] numbers, float mean, SplittableRandom random) {
    float step = (float) (DEVIATION * Math.sqrt(12) / (1 << 16));
    long bits = 0;
    for (int i = 0; i < numbers.length; i++) {
      bits = i % 4 == 0 ? random.nextLong() : bits >>> 16;
      numbers[i] = mean + step * (short) bits;
    }
  }

  /**
   * A byte-level BPE {@code tokenizer.json}: the 256 bytes, then numbers and strings of small
   * letters, with and without a blank before them, the short ones first.
   *
   * @param size tokens, 256 at least and 38,000 at most
   */
  static byte[] tokenizer(int size) throws IOException {
    Set<String> tokens = new LinkedHashSet<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(letterOf(b));
    }
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putArray("added_tokens");
    for (String part : List.of("pre_tokenizer", "decoder")) {
      root.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", true);
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    ArrayNode merges = model.putArray("merges");
    List<String> digits = List.of("0123456789".split(""));
    List<String> letters = List.of("abcdefghijklmnopqrstuvwxyz".split(""));
    List<String> blank = List.of(letterOf(' '));
    List<String> tens = joined(digits, digits, tokens, merges, size);
    joined(blank, digits, tokens, merges, size);
    joined(blank, tens, tokens, merges, size);
    List<String> pairs = joined(letters, letters, tokens, merges, size);
    joined(blank, letters, tokens, merges, size);
    joined(blank, pairs, tokens, merges, size);
    List<String> triples = joined(pairs, letters, tokens, merges, size);
    joined(blank, triples, tokens, merges, size);
    if (tokens.size() != size) {
      throw new IllegalArgumentException("a vocabulary has 256 to " + tokens.size() + " tokens");
    }
    tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
    return JSON.writeValueAsBytes(root);
  }

  /** Every left with every right, as far as there is room. */
  private static List<String> joined(
      List<String> left, List<String> right, Set<String> tokens, ArrayNode merges, int size) {
    Set<String> joined = new LinkedHashSet<>();
    for (String l : left) {
      for (String r : right) {
        if (tokens.size() < size && tokens.add(l + r)) {
          merges.add(l + " " + r);
          joined.add(l + r);
        }
      }
    }
    return List.copyOf(joined);
  }

  /** How byte-level vocabularies write a byte: itself where it can be seen, else another letter. */
  private static String letterOf(int b) {
    int hidden = 0;
    for (int c = 0; c < 256; c++) {
      boolean visible = c > ' ' && c <= '~' || c >= 0xa1 && c != 0xad;
      if (c == b) {
        return Character.toString(visible ? c : 256 + hidden);
      }
      hidden += visible ? 0 : 1;
    }
    throw new IllegalArgumentException("not a byte: " + b);
  }
}
