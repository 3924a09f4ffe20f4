package io.lift.model.embedded;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Column;
import io.lift.core.task.PlainText;
import io.lift.model.decoder.DecoderConfig;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.files.ModelFolder;
import io.lift.model.files.ModelInvalid;
import io.lift.model.files.Safetensors;
import io.lift.model.files.TensorFile;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A small model that each task trains whole, from a copy of its own: the embedded one, or one like
 * it. Its vocabulary is made for tables, and a task adds tokens to it.
 */
public final class WholeModel {
  private final DecoderConfig config;
  private final BaseVocabulary vocabulary;
  private final float[] weights;

  private WholeModel(
      DecoderConfig config, byte[] tokenizer, Function<String, Safetensors.Tensor> tensors) {
    this.config = config;
    this.vocabulary = BaseVocabulary.read(ModelFolder.TOKENIZER, tokenizer);
    if (!config.plain()) {
      throw new ModelInvalid(
          ModelFolder.CONFIG
              + " has biases or norms that a model with a tokenizer of kind \"table\" cannot have.");
    }
    if (vocabulary.size() != config.vocabSize()) {
      throw new ModelInvalid(
          "%s has %d tokens, but %s says %d."
              .formatted(
                  ModelFolder.TOKENIZER,
                  vocabulary.size(),
                  ModelFolder.CONFIG,
                  config.vocabSize()));
    }
    this.weights = flat(ParameterLayout.of(config, vocabulary.size()), tensors);
  }

  /**
   * From a folder.
   *
   * @throws ModelInvalid if configuration, tokenizer and weights do not belong together
   */
  public static WholeModel read(DecoderConfig config, ModelFolder folder) {
    return new WholeModel(
        config,
        folder.tokenizer(),
        name -> {
          TensorFile.Tensor tensor = folder.tensor(name);
          return tensor == null ? null : new Safetensors.Tensor(tensor.shape(), tensor.floats());
        });
  }

  /**
   * From memory.
   *
   * @param file the bytes of {@code model.safetensors}
   * @throws ModelInvalid if configuration, tokenizer and weights do not belong together
   */
  public static WholeModel read(DecoderConfig config, byte[] tokenizer, byte[] file) {
    Safetensors read = Safetensors.read(ModelFolder.WEIGHTS, file);
    return new WholeModel(config, tokenizer, read.tensors()::get);
  }

  /** Parameters, a task's own tokens excluded. */
  public long parameters() {
    return weights.length;
  }

  /** How a task's sentences are written. */
  public Sequence.Encoder encoder(TaskLanguage language, int maxLength) {
    // words that look like integers get tokens of their own: they are names, not places on a grid
    List<String> words = new ArrayList<>(language.pieces());
    for (Column feature : language.task().features()) {
      feature.categories().forEach(category -> words.add(PlainText.of(category)));
    }
    language.task().labels().forEach(label -> words.add(PlainText.of(label)));
    return new Sequence.Encoder(
        new TableTokenizer(vocabulary, words), language.task().type(), maxLength);
  }

  /**
   * The weights of M members with fresh rows for a task's tokens, which differ by member.
   *
   * @param total base vocabulary and task tokens, V
   * @return (M, P) of the layout for V
   */
  public float[] initial(int total, int members, long seed) {
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

  private static float[] flat(
      ParameterLayout layout, Function<String, Safetensors.Tensor> tensors) {
    List<Safetensors.Tensor> all = new ArrayList<>();
    for (ParameterLayout.Entry e : layout.entries()) {
      Safetensors.Tensor tensor = tensors.apply(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new ModelInvalid(
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
