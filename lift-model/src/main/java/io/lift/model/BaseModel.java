package io.lift.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.PlainText;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderConfig;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.PublishedConfig;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.files.ModelFolder;
import io.lift.model.files.ModelInvalid;
import io.lift.model.files.Safetensors;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The language model that every task starts from: configuration, tokenizer and frozen weights, on
 * one device. Opened once per process and shared by all fine-tunings and scorers.
 */
public final class BaseModel implements AutoCloseable {
  private final String name;
  private final String hash;
  private final DecoderConfig config;
  private final BaseVocabulary vocabulary;
  private final float[] weights;
  private final NDManager manager;
  private final Decoder decoder;

  private BaseModel(String name, Device device, byte[] config, byte[] tokenizer, byte[] weights) {
    this.name = name;
    this.hash = sha256(config, tokenizer, weights);
    this.config = PublishedConfig.read(ModelFolder.CONFIG, config);
    this.vocabulary = BaseVocabulary.read(ModelFolder.TOKENIZER, tokenizer);
    if (vocabulary.size() != this.config.vocabSize()) {
      throw new ModelInvalid(
          ModelFolder.TOKENIZER
              + " has "
              + vocabulary.size()
              + " tokens, but "
              + ModelFolder.CONFIG
              + " says "
              + this.config.vocabSize()
              + ".");
    }
    this.weights = flat(ParameterLayout.of(this.config, vocabulary.size()), weights);
    this.manager = TorchEngine.load().newBaseManager(device);
    this.decoder = new Decoder(this.config, manager);
  }

  /** The model that ships in this jar, on a GPU if PyTorch finds one. */
  public static BaseModel embedded() {
    return open(null, "auto");
  }

  /**
   * Opens a model.
   *
   * @param path a folder with {@code config.json}, {@code tokenizer.json} and {@code
   *     model.safetensors}, or null for the model in this jar
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @throws ModelInvalid if it cannot be opened; the message says why in one sentence
   */
  public static BaseModel open(String path, String device) {
    Device where = TorchEngine.device(device);
    if (path == null) {
      return new BaseModel(
          "embedded",
          where,
          resource(ModelFolder.CONFIG),
          resource(ModelFolder.TOKENIZER),
          resource(ModelFolder.WEIGHTS));
    }
    Path folder = Path.of(path);
    if (!Files.isDirectory(folder)) {
      throw new ModelInvalid("There is no model folder " + path + ".");
    }
    return new BaseModel(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        where,
        file(folder, ModelFolder.CONFIG),
        file(folder, ModelFolder.TOKENIZER),
        file(folder, ModelFolder.WEIGHTS));
  }

  /** A short name, e.g. {@code embedded}. */
  public String name() {
    return name;
  }

  /** The sha256 of configuration, tokenizer and weights, hex. Checkpoints fit one base only. */
  public String hash() {
    return hash;
  }

  /** Where it computes: {@code cpu} or {@code gpu(0)}. */
  public String device() {
    Device device = manager.getDevice();
    return device.isGpu() ? device.toString() : "cpu";
  }

  /** Parameters of the base model, a task's own tokens excluded. */
  public long parameters() {
    return weights.length;
  }

  /** The shape of the decoder. */
  public DecoderConfig config() {
    return config;
  }

  /** Tokens that the model tells apart for a task: its own, and those of the task. */
  public int vocabulary(TaskLanguage language) {
    return encoder(language).tokenizer().vocabulary();
  }

  /**
   * The weights that adapters stand beside; null for the embedded model, which is trained whole.
   */
  DecoderWeights frozen() {
    return null;
  }

  Decoder decoder() {
    return decoder;
  }

  NDManager newManager() {
    return manager.newSubManager();
  }

  Sequence.Encoder encoder(TaskLanguage language) {
    // words that look like integers get tokens of their own: they are names, not places on a grid
    List<String> words = new ArrayList<>(language.pieces());
    for (Column feature : language.task().features()) {
      feature.categories().forEach(category -> words.add(PlainText.of(category)));
    }
    language.task().labels().forEach(label -> words.add(PlainText.of(label)));
    return new Sequence.Encoder(
        new TableTokenizer(vocabulary, words), language.task().type(), config.maxPositions());
  }

  /**
   * The base weights of M members with fresh rows for a task's tokens, which differ by member.
   *
   * @param total base vocabulary and task tokens, V
   * @return (M, P) of the layout for V
   */
  float[] initial(int total, int members, long seed) {
    ParameterLayout from = ParameterLayout.of(config, config.vocabSize());
    ParameterLayout to = ParameterLayout.of(config, total);
    float[] all = new float[Math.multiplyExact(members, to.size())];
    for (int m = 0; m < members; m++) {
      for (int e = 0; e < to.entries().size(); e++) {
        ParameterLayout.Entry source = from.entries().get(e);
        ParameterLayout.Entry target = to.entries().get(e);
        int at = m * to.size() + target.offset();
        System.arraycopy(weights, source.offset(), all, at, source.length());
        double deviation = deviation(source);
        SeededRandom random = new SeededRandom(seed, Purpose.TASK_TOKENS, m, e);
        for (int i = source.length(); i < target.length(); i++) {
          all[at + i] = (float) (deviation * random.gaussian());
        }
      }
    }
    return all;
  }

  /** Fresh rows are as large as those of the base vocabulary. */
  private double deviation(ParameterLayout.Entry table) {
    double sum = 0;
    for (int i = table.offset(); i < table.offset() + table.length(); i++) {
      sum += (double) weights[i] * weights[i];
    }
    return Math.sqrt(sum / table.length());
  }

  @Override
  public void close() {
    manager.close();
  }

  private static float[] flat(ParameterLayout layout, byte[] file) {
    Safetensors read;
    try {
      read = Safetensors.read(ModelFolder.WEIGHTS, file);
    } catch (Safetensors.Invalid e) {
      throw new ModelInvalid(e.getMessage());
    }
    float[] flat = new float[layout.size()];
    for (ParameterLayout.Entry e : layout.entries()) {
      Safetensors.Tensor tensor = read.tensors().get(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new ModelInvalid(
            ModelFolder.WEIGHTS
                + " lacks tensor "
                + e.name()
                + " of shape "
                + Arrays.toString(e.shape())
                + ".");
      }
      System.arraycopy(tensor.data(), 0, flat, e.offset(), e.length());
    }
    return flat;
  }

  private static byte[] resource(String file) {
    try (InputStream in = BaseModel.class.getResourceAsStream("embedded/" + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] file(Path folder, String file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new ModelInvalid("The model folder " + folder + " has no readable " + file + ".");
    }
  }

  private static String sha256(byte[]... files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] file : files) {
        digest.update((file.length + ":").getBytes());
        digest.update(file);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
