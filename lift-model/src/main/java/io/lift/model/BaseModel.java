package io.lift.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.EmbeddedModelFiles;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.core.prompt.LabelSentences;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.decoder.WeightLoader;
import io.lift.model.embedded.TableModel;
import io.lift.model.encoder.EncoderFiles;
import io.lift.model.encoder.NearestWord;
import io.lift.model.encoder.TextEncoder;
import io.lift.model.encoder.TextReader;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.incontext.InContextPredictor;
import io.lift.model.incontext.InContextReader;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.TransformerWeights;
import io.lift.model.incontext.WarmUp;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.PublishedEncoder;
import io.lift.model.text.PublishedTokenizer;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.text.WordLikeness;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The language model that every task starts from: configuration, tokenizer and frozen weights, on
 * one device. Opened once per process and shared by all fine-tunings and scorers.
 */
public final class BaseModel implements AutoCloseable {
  /** What a service says at its start if {@link #hasEncoder} is false. */
  public static final String NO_ENCODER =
      "this is a slim build without an encoder: texts are read by their words and letters alone";

  private static final String EMBEDDED = "embedded";

  /** From this width on, a product is faster on several threads than on one. */
  private static final int WIDE = 256;

  /** Tokens of the longest row that is read as cells. */
  private static final int CELLS_MOST = 4096;

  private final String name;
  private final String hash;
  private final DecoderConfig config;
  private final NDManager manager;
  private final Decoder decoder;
  private final TableModel table; // null for a published model
  private final DecoderWeights frozen; // null for a table model
  private final PublishedTokenizer tokenizer; // null for a table model and an encoder
  private final EncoderBase encoder; // null unless this is an encoder
  private final WordLikeness likeness = new NearestWord(this::textReader);
  private InContextPredictor inContextModel; // opened when first needed
  private TextReader textReader; // likewise, but with an encoder's own vectors at once

  private BaseModel(
      String name,
      String hash,
      DecoderConfig config,
      NDManager manager,
      TableModel table,
      DecoderWeights frozen,
      PublishedTokenizer tokenizer,
      EncoderBase encoder) {
    this.name = name;
    this.hash = hash;
    this.config = config;
    this.manager = manager;
    this.decoder = new Decoder(config, manager);
    this.table = table;
    this.frozen = frozen;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.textReader = encoder == null ? null : encoder.reader();
  }

  /** The model that ships in this jar, on a GPU if PyTorch finds one. */
  public static BaseModel embedded() {
    return open(null, "auto");
  }

  /** Opens a model in the type that its device is fastest with. */
  public static BaseModel open(String path, String device) {
    return open(path, device, "auto");
  }

  /**
   * Opens a model.
   *
   * @param path the folder of a published model (see {@link ModelFolder}), {@link
   *     ModelFolder#MINILM}, or null for the model in this jar
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   * @param type what a published model is computed in: {@code auto}, {@code f32} or {@code f16};
   *     auto is f32 on a CPU and f16 on a GPU
   * @throws InvalidModelException if it cannot be opened; the message says why in one sentence
   */
  public static BaseModel open(String path, String device, String type) {
    Device where = TorchEngine.device(device);
    DataType computed = TorchEngine.type(type, where);
    if (path == null) {
      return embedded(where);
    }
    try (ModelFolder folder = ModelFolder.open(folder(path))) {
      DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, folder.config());
      if (BaseVocabulary.isTable(folder.tokenizer())) {
        TableModel table = TableModel.read(config, folder);
        NDManager manager = TorchEngine.load().newBaseManager(where);
        return new BaseModel(
            folder.name(), folder.hash(), config, manager, table, null, null, null);
      }
      if (config.encoder()) {
        TextEncoder encoder = TextEncoder.open(folder, config, where, computed);
        TorchEngine.useAllCores();
        NDManager manager = TorchEngine.load().newBaseManager(where);
        return new BaseModel(
            folder.name(),
            folder.hash(),
            config,
            manager,
            null,
            encoder.weights(),
            null,
            new EncoderBase(encoder, config.vocabSize(), manager));
      }
      return published(folder, config, where, computed);
    }
  }

  private static Path folder(String path) {
    return path.equals(ModelFolder.MINILM) ? EncoderFiles.folder() : Path.of(path);
  }

  /** The {@link #hash()} of the model in this jar, computed without opening it. */
  public static String embeddedHash() {
    return Embedded.read().hash();
  }

  /** The files of the model in this jar. */
  private record Embedded(byte[] json, byte[] tokenizer, byte[] weights) {
    static Embedded read() {
      return new Embedded(
          EmbeddedModelFiles.read(ModelFolder.CONFIG),
          EmbeddedModelFiles.read(ModelFolder.TOKENIZER),
          EmbeddedModelFiles.read(ModelFolder.WEIGHTS));
    }

    String hash() {
      return ModelFolder.hash(json, tokenizer, weights);
    }

    DecoderConfig config() {
      return PublishedConfig.read(ModelFolder.CONFIG, json);
    }

    TableModel model() {
      return TableModel.read(config(), tokenizer, weights);
    }
  }

  /**
   * A hash of the weights that the members of a task's ensemble start from, with all number
   * encodings and with the model in this jar.
   */
  public static String embeddedStart(TaskLanguage language) {
    Embedded files = Embedded.read();
    TableModel table = files.model();
    TableEncoder encoder =
        table.encoder(language, files.config().maxPositions(), true, WordLikeness.NONE);
    Ensemble each = Ensemble.of(List.of(NumberEncoding.values()), 1);
    float[] start = table.initial(encoder, each, 0);
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * start.length);
    bytes.asFloatBuffer().put(start);
    return ModelFolder.hash(bytes.array());
  }

  private static BaseModel embedded(Device device) {
    Embedded files = Embedded.read();
    TableModel table = files.model();
    NDManager manager = TorchEngine.load().newBaseManager(device);
    return new BaseModel(EMBEDDED, files.hash(), files.config(), manager, table, null, null, null);
  }

  private static BaseModel published(
      ModelFolder folder, DecoderConfig config, Device device, DataType type) {
    PublishedTokenizer tokenizer =
        PublishedTokenizer.read(ModelFolder.TOKENIZER, folder.tokenizer());
    NDManager manager = TorchEngine.load().newBaseManager(device);
    if (config.hiddenSize() >= WIDE) {
      TorchEngine.useAllCores();
    }
    try {
      tokenizer.checkFits(config.vocabSize());
      DecoderWeights weights = WeightLoader.load(folder, config, type, manager);
      return new BaseModel(
          folder.name(), folder.hash(), config, manager, null, weights, tokenizer, null);
    } catch (RuntimeException e) {
      manager.close();
      tokenizer.close();
      throw e;
    }
  }

  /** A short name, e.g. {@code embedded}. */
  public String name() {
    return name;
  }

  /** The sha256 of configuration, tokenizer and weights, hex. Checkpoints fit one base only. */
  public String hash() {
    return hash;
  }

  /** The device that it computes on: {@code cpu} or {@code gpu(0)}. */
  public String device() {
    Device device = manager.getDevice();
    return device.isGpu() ? device.toString() : "cpu";
  }

  /** Parameters of the base model, a task's own tokens excluded. */
  public long parameters() {
    return table != null ? table.parameters() : frozen.parameters(config.tiedEmbeddings());
  }

  /**
   * The weights that adapters are trained beside, shared by all tasks and never changed; null for a
   * model whose weights are all trained, as those of the embedded one are.
   */
  public DecoderWeights frozen() {
    return frozen;
  }

  /**
   * The weights that a task's adapters are trained beside: those of {@link #frozen}, and of an
   * encoder the vectors of the labels' sentences as its head.
   */
  DecoderWeights frozen(TaskLanguage language) {
    return isEncoder() ? encoder.weights(language) : frozen;
  }

  /** Whether it compares texts, and writes none. */
  boolean isEncoder() {
    return encoder != null;
  }

  /** The shape of the decoder. */
  public DecoderConfig config() {
    return config;
  }

  /** The forward pass. */
  public Decoder decoder() {
    return decoder;
  }

  /** A manager on the model's device, closed with the model at the latest. */
  public NDManager newManager() {
    return manager.newSubManager();
  }

  /**
   * The encoder of a task's sentences into this model's tokens.
   *
   * @throws InvalidModelException if the model is too short for the task's answers, or cannot give
   *     such
   */
  public TaskEncoder taskEncoder(TaskLanguage language) {
    if (isEncoder()) {
      return encoder.taskEncoder(language);
    }
    return table != null
        ? encoder(language)
        : new PublishedEncoder(tokenizer, config.vocabSize(), language, config.maxPositions());
  }

  TableEncoder encoder(TaskLanguage language) {
    return table.encoder(
        language,
        config.maxPositions(),
        name.equals(EMBEDDED) && SupportSet.fits(language),
        likeness);
  }

  /** The in-context model as a member of ensembles; null beside any other base model. */
  InContextReader inContextModel() {
    return name.equals(EMBEDDED) ? inContextReader() : null;
  }

  /** The in-context model, which reads labelled rows of tasks with any base model. */
  InContextReader inContextReader() {
    return new InContextReader(inContextPredictor(), this::textReader);
  }

  private synchronized InContextPredictor inContextPredictor() {
    if (inContextModel == null) {
      inContextModel = new InContextPredictor(TransformerWeights.embedded(), device());
    }
    return inContextModel;
  }

  /** Whether texts are read with an encoder. A slim build has none. */
  public static boolean hasEncoder() {
    return EncoderFiles.present();
  }

  /** What reads the texts of tasks: with an encoder, unless a slim build has none. */
  public synchronized TextReader textReader() {
    if (textReader == null) {
      textReader =
          new TextReader(hasEncoder() ? TextEncoder.open(EncoderFiles.folder(), device()) : null);
    }
    return textReader;
  }

  /** How often texts were read. */
  public synchronized TextReader.Counts textCounts() {
    return textReader == null ? TextReader.Counts.NONE : textReader.counts();
  }

  /**
   * What the labels of a task with texts mean; null for a task without texts, a regression, labels
   * without words, and where there is no encoder.
   */
  LabelMeanings meanings(TaskLanguage language, TaskEncoder encoder) {
    List<List<String>> sentences = LabelSentences.of(language.task());
    return encoder instanceof TableEncoder table && table.hasTexts() && !sentences.isEmpty()
        ? LabelMeanings.of(textReader(), sentences).orElse(null)
        : null;
  }

  /** Reads tables in context for this long, see {@link WarmUp}. */
  public void warmUp(Duration time) {
    WarmUp.run(inContextPredictor(), time);
  }

  /** The encoder of a task's sentences into the cells that the in-context model reads. */
  TableEncoder cellEncoder(TaskLanguage language) {
    return name.equals(EMBEDDED)
        ? encoder(language)
        : new TableEncoder(
            BaseVocabulary.standard(), language, CELLS_MOST, SupportSet.fits(language), likeness);
  }

  /** See {@link TableModel#weights}. */
  float[] weights() {
    return table.weights();
  }

  /** See {@link TableModel#initial}. */
  float[] initial(TableEncoder encoder, Ensemble ensemble, long seed) {
    return table.initial(encoder, ensemble, seed);
  }

  @Override
  public void close() {
    if (inContextModel != null) {
      inContextModel.close();
    }
    if (textReader != null) {
      textReader.close();
    }
    manager.close();
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
