package io.lift.model.embedded;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.TensorFile;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.WordLikeness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A small model with a vocabulary for tables, to which each task adds tokens: the embedded model,
 * or a folder like it. Each task fine-tunes all weights of a copy.
 */
public final class TableModel {
  private final DecoderConfig config;
  private final BaseVocabulary vocabulary;
  private final float[] weights;

  private TableModel(
      DecoderConfig config, byte[] tokenizer, Function<String, Safetensors.Tensor> tensors) {
    this.config = config;
    this.vocabulary = BaseVocabulary.read(ModelFolder.TOKENIZER, tokenizer);
    if (!config.plain() || config.tiedEmbeddings()) {
      throw new InvalidModelException(
          ModelFolder.CONFIG
              + " has biases, norms or a tied head that a model with a tokenizer of kind \"table\""
              + " cannot have.");
    }
    if (vocabulary.size() != config.vocabSize()) {
      throw new InvalidModelException(
          "%s has %d tokens, but %s says %d."
              .formatted(
                  ModelFolder.TOKENIZER,
                  vocabulary.size(),
                  ModelFolder.CONFIG,
                  config.vocabSize()));
    }
    this.weights = flat(ParameterLayout.of(config, vocabulary.size(), vocabulary.size()), tensors);
  }

  /**
   * Reads a folder.
   *
   * @throws InvalidModelException if configuration, tokenizer and weights do not belong together
   */
  public static TableModel read(DecoderConfig config, ModelFolder folder) {
    return new TableModel(
        config,
        folder.tokenizer(),
        name -> {
          TensorFile.Tensor tensor = folder.tensor(name);
          return tensor == null ? null : new Safetensors.Tensor(tensor.shape(), tensor.floats());
        });
  }

  /**
   * Reads files in memory.
   *
   * @param tokenizer the bytes of {@code tokenizer.json}
   * @param file the bytes of {@code model.safetensors}
   * @throws InvalidModelException if configuration, tokenizer and weights do not belong together
   */
  public static TableModel read(DecoderConfig config, byte[] tokenizer, byte[] file) {
    Safetensors read = Safetensors.read(ModelFolder.WEIGHTS, file);
    return new TableModel(config, tokenizer, read.tensors()::get);
  }

  /** The number of parameters, without a task's own tokens. */
  public long parameters() {
    return weights.length;
  }

  /** The weights, (P) in the layout of the base vocabulary. */
  public float[] weights() {
    return weights.clone();
  }

  /**
   * The encoder of a task's sentences.
   *
   * @param maxLength longest sequence, in tokens
   * @param inContext whether there is an in-context model, which reads texts
   * @param likeness of words that a category does not have
   */
  public TableEncoder encoder(
      TaskLanguage language, int maxLength, boolean inContext, WordLikeness likeness) {
    return new TableEncoder(vocabulary, language, maxLength, inContext, likeness);
  }

  /**
   * The initial weights of a task's members: the base's, and random rows for the task's tokens,
   * which differ between members.
   *
   * @return (M, P) in the layout of the encoder's tokens
   */
  public float[] initial(TableEncoder encoder, Ensemble ensemble, long seed) {
    ParameterLayout from = ParameterLayout.of(config, config.vocabSize(), config.vocabSize());
    ParameterLayout to = ParameterLayout.of(config, encoder.vocabulary(), encoder.answers());
    float[] all = new float[Math.multiplyExact(ensemble.size(), to.size())];
    for (int m = 0; m < ensemble.size(); m++) {
      for (int e = 0; e < to.entries().size(); e++) {
        ParameterLayout.Entry source = from.entries().get(e);
        ParameterLayout.Entry target = to.entries().get(e);
        int at = m * to.size() + target.offset();
        System.arraycopy(weights, source.offset(), all, at, source.length());
        double deviation = deviation(source);
        SeededRandom random = new SeededRandom(seed, RandomStream.TASK_TOKENS, m, e);
        for (int i = source.length(); i < target.length(); i++) {
          all[at + i] = (float) (deviation * random.gaussian());
        }
        if (source.name().equals(config.names().embeddingTable())) {
          float[] table = Arrays.copyOfRange(all, at, at + target.length());
          new ColumnInitializer(config.hiddenSize(), deviation, seed, m)
              .fill(table, encoder.initialisedColumns(), ensemble.members().get(m).encoding());
          System.arraycopy(table, 0, all, at, table.length);
        }
      }
    }
    return all;
  }

  /** The root mean square of a table, which new rows get as their standard deviation. */
  private double deviation(ParameterLayout.Entry table) {
    double sum = 0;
    for (int i = table.offset(); i < table.offset() + table.length(); i++) {
      sum += (double) weights[i] * weights[i];
    }
    return Math.sqrt(sum / table.length());
  }

  private static float[] flat(
      ParameterLayout layout, Function<String, Safetensors.Tensor> tensors) {
    List<Safetensors.Tensor> all = new ArrayList<>();
    for (ParameterLayout.Entry e : layout.entries()) {
      Safetensors.Tensor tensor = tensors.apply(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new InvalidModelException(
            "%s lacks tensor %s of shape %s."
                .formatted(ModelFolder.WEIGHTS, e.name(), Arrays.toString(e.shape())));
      }
      all.add(tensor);
    }
    float[] flat = new float[layout.size()];
    for (int i = 0; i < all.size(); i++) {
      ParameterLayout.Entry e = layout.entries().get(i);
      System.arraycopy(all.get(i).data(), 0, flat, e.offset(), e.length());
    }
    return flat;
  }
}
