package io.lift.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An open folder of a published model: {@code config.json}, {@code tokenizer.json} and the weights.
 * These are in {@code model.safetensors}, or in shards that {@code model.safetensors.index.json}
 * lists. Tensors are read on demand; the weights are not held in memory.
 */
public final class ModelFolder implements AutoCloseable {
  /** In place of a folder's path: the encoder that comes with Lift. */
  public static final String MINILM = "minilm";

  public static final String CONFIG = "config.json";
  public static final String TOKENIZER = "tokenizer.json";
  public static final String WEIGHTS = "model.safetensors";
  public static final String INDEX = "model.safetensors.index.json";

  private static final int CHUNK = 1 << 20;
  private static final long MAX_JSON = 256L << 20; // bytes of a JSON file
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final byte[] config;
  private final byte[] tokenizer;
  private final List<Path> hashed; // the index, if there is one, then the weight files
  private final List<TensorFile> files = new ArrayList<>();
  private final Map<String, TensorFile> fileByTensor = new LinkedHashMap<>();

  private ModelFolder(Path folder) {
    this.folder = folder;
    this.config = bytes(CONFIG);
    this.tokenizer = bytes(TOKENIZER);
    this.hashed = new ArrayList<>();
  }

  /**
   * Opens a folder and reads the headers of its weights.
   *
   * @throws InvalidModelException if a file is missing or invalid
   */
  public static ModelFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidModelException("There is no model folder " + folder + ".");
    }
    ModelFolder opened = new ModelFolder(folder);
    try {
      if (Files.exists(folder.resolve(WEIGHTS))) {
        opened.openSingle();
      } else if (Files.exists(folder.resolve(INDEX))) {
        opened.openShards();
      } else {
        throw new InvalidModelException(
            "The model folder " + folder + " has neither " + WEIGHTS + " nor " + INDEX + ".");
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void openSingle() {
    TensorFile file = open(WEIGHTS);
    file.names().forEach(name -> fileByTensor.put(name, file));
    hashed.add(folder.resolve(WEIGHTS));
  }

  private void openShards() {
    Map<String, TensorFile> shards = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : index().properties()) {
      String shard = e.getValue().asText();
      if (!isPlainName(shard)) {
        throw new InvalidModelException(
            INDEX
                + " looks for tensor "
                + TensorHeader.shortened(e.getKey())
                + " in "
                + TensorHeader.shortened(shard)
                + ", which is not a .safetensors file of its folder.");
      }
      TensorFile file = shards.computeIfAbsent(shard, this::open);
      if (file.tensor(e.getKey()) == null) {
        throw new InvalidModelException(
            INDEX
                + " looks for tensor "
                + TensorHeader.shortened(e.getKey())
                + " in "
                + shard
                + ", which does not have it.");
      }
      fileByTensor.put(e.getKey(), file);
    }
    hashed.add(folder.resolve(INDEX));
    shards.keySet().forEach(shard -> hashed.add(folder.resolve(shard)));
  }

  private JsonNode index() {
    JsonNode map = null;
    try {
      map = JSON.readTree(bytes(INDEX)).path("weight_map");
    } catch (IOException e) {
      // reported below
    }
    if (map == null || !map.isObject()) {
      throw new InvalidModelException(INDEX + " is not a JSON object with a weight_map.");
    }
    return map;
  }

  /** Whether a file name cannot refer to another folder. */
  private static boolean isPlainName(String shard) {
    return shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
  }

  private TensorFile open(String file) {
    TensorFile opened = TensorFile.open(folder.resolve(file));
    files.add(opened);
    return opened;
  }

  /** The name of the folder. */
  public String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** The bytes of {@code config.json}. */
  public byte[] config() {
    return config.clone();
  }

  /** The bytes of {@code tokenizer.json}. */
  public byte[] tokenizer() {
    return tokenizer.clone();
  }

  /** The names of all tensors. */
  public Iterable<String> names() {
    return fileByTensor.keySet();
  }

  /**
   * A tensor of this folder. Its numbers are not read yet.
   *
   * @return null if there is no tensor of that name
   */
  public TensorFile.Tensor tensor(String name) {
    TensorFile file = fileByTensor.get(name);
    return file == null ? null : file.tensor(name);
  }

  /** The name of the weight file or, for shards, of the index; for messages. */
  public String weights() {
    return files.size() == 1 ? files.get(0).name() : INDEX;
  }

  /** A name from a file, shortened and without control characters; for messages. */
  public static String shortened(String name) {
    return TensorHeader.shortened(name);
  }

  /**
   * The SHA-256 of configuration, tokenizer and weights, in hex.
   *
   * @throws InvalidModelException if a file cannot be read
   */
  public String hash() {
    MessageDigest digest = sha256();
    update(digest, config);
    update(digest, tokenizer);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    for (Path path : hashed) {
      try (FileChannel channel = FileChannel.open(path)) {
        digest.update((channel.size() + ":").getBytes());
        while (channel.read(chunk.clear()) >= 0) {
          digest.update(chunk.flip());
        }
      } catch (IOException e) {
        throw new InvalidModelException(
            "The file " + path + " cannot be read: " + e.getMessage() + ".");
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of a folder whose files are in memory: configuration, tokenizer, weights. */
  public static String hash(byte[]... files) {
    MessageDigest digest = sha256();
    for (byte[] file : files) {
      update(digest, file);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, byte[] file) {
    digest.update((file.length + ":").getBytes());
    digest.update(file);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] bytes(String file) {
    try {
      if (Files.size(folder.resolve(file)) > MAX_JSON) {
        throw new InvalidModelException("The file " + folder.resolve(file) + " is too large.");
      }
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new InvalidModelException(
          "The model folder " + folder + " has no readable " + file + ".");
    }
  }

  @Override
  public void close() {
    files.forEach(TensorFile::close);
  }
}
