package io.lift.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.LabelSentences;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Linear;
import io.lift.model.encoder.TextEncoder;
import io.lift.model.encoder.TextReader;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.text.SentenceEncoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An encoder as the base model. The sentence of a row is compared with those of the labels, whose
 * vectors are the head. Thread-safe.
 */
final class EncoderBase {
  private final TextEncoder encoder;
  private final TextReader reader;
  private final int vocabulary;
  private final NDManager manager;
  private final Map<String, DecoderWeights> weights = new ConcurrentHashMap<>(); // by language

  /**
   * @param vocabulary rows of the embedding table
   * @param manager owns the heads
   */
  EncoderBase(TextEncoder encoder, int vocabulary, NDManager manager) {
    this.encoder = encoder;
    this.reader = new TextReader(encoder);
    this.vocabulary = vocabulary;
    this.manager = manager;
  }

  /** Reads texts with this encoder, which it closes. */
  TextReader reader() {
    return reader;
  }

  /**
   * The encoder of a task's sentences.
   *
   * @throws InvalidModelException if the task has no labels, or learns to generate rows
   */
  SentenceEncoder taskEncoder(TaskLanguage language) {
    return new SentenceEncoder(encoder.tokenizer(), vocabulary, language);
  }

  /** The weights with the vectors of a task's labels as their head. */
  DecoderWeights weights(TaskLanguage language) {
    return weights.computeIfAbsent(language.hash(), any -> withHead(language));
  }

  private DecoderWeights withHead(TaskLanguage language) {
    float[][] labels =
        LabelMeanings.of(reader, LabelSentences.ofAll(language.task())).orElseThrow().vectors();
    int width = encoder.width();
    float[] head = new float[width * labels.length]; // (D, A)
    for (int k = 0; k < labels.length; k++) {
      for (int d = 0; d < width; d++) {
        head[d * labels.length + k] = (float) (LabelMeanings.SCALE * labels[k][d]);
      }
    }
    NDArray weight =
        manager
            .create(head, new Shape(1, width, labels.length))
            .toType(encoder.weights().type(), false);
    NDScope.unregister(weight);
    return encoder.weights().with(new Linear(weight, null));
  }
}
