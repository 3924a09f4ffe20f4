package io.lift.model.incontext.texts;

import io.lift.model.decoder.Softmax;
import io.lift.model.encoder.TextFeatures;
import io.lift.model.encoder.TextReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the labels of a task mean: for each a vector, the mean of those of the sentences that stand
 * for it. A row that is like a label's sentences probably has that label, before any row with a
 * label is known.
 */
public final class LabelMeanings {
  /** Makes logits of differences of inner products; found on tables of topics. */
  public static final double SCALE = 20;

  private static final double LEAST = 1e-9;

  private final float[][] vectors; // (labels, D), each of length 1

  private LabelMeanings(float[][] vectors) {
    this.vectors = vectors;
  }

  /**
   * Reads the sentences of labels.
   *
   * @param sentences of each label, at least one
   * @return empty where there is no encoder
   */
  public static Optional<LabelMeanings> of(TextReader reader, List<List<String>> sentences) {
    if (reader.encoder().isEmpty()) {
      return Optional.empty();
    }
    List<String> all = new ArrayList<>();
    sentences.forEach(all::addAll);
    List<TextFeatures> read = reader.read(all);
    float[][] vectors = new float[sentences.size()][];
    int from = 0;
    for (int k = 0; k < vectors.length; k++) {
      int to = from + sentences.get(k).size();
      vectors[k] = mean(read.subList(from, to));
      from = to;
    }
    return Optional.of(new LabelMeanings(vectors));
  }

  /** The vector of each label, of length 1: (labels, D). */
  public float[][] vectors() {
    return vectors.clone();
  }

  private static float[] mean(List<TextFeatures> texts) {
    double[] sum = new double[texts.get(0).vector().length];
    for (TextFeatures text : texts) {
      for (int d = 0; d < sum.length; d++) {
        sum[d] += text.vector()[d];
      }
    }
    double length = Math.max(LEAST, Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum()));
    float[] mean = new float[sum.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (sum[d] / length);
    }
    return mean;
  }

  /**
   * How like each label a row is, less the mean over the labels.
   *
   * @param row its texts
   */
  double[] similarities(TextFeatures[] row) {
    double[] found = new double[vectors.length];
    for (int k = 0; k < found.length; k++) {
      for (TextFeatures text : row) {
        double product = 0;
        for (int d = 0; d < vectors[k].length; d++) {
          product += vectors[k][d] * text.vector()[d];
        }
        found[k] += product / row.length;
      }
    }
    double mean = Arrays.stream(found).average().orElse(0);
    for (int k = 0; k < found.length; k++) {
      found[k] -= mean;
    }
    return found;
  }

  /** The probability of each label, from its meaning alone. */
  public double[] probabilities(TextFeatures[] row) {
    double[] logits = similarities(row);
    for (int k = 0; k < logits.length; k++) {
      logits[k] *= SCALE;
    }
    return Softmax.of(logits);
  }
}
