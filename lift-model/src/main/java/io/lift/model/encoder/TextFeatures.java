package io.lift.model.encoder;

/**
 * What is read of a text.
 *
 * @param vector its meaning, of length 1, by a {@link TextEncoder}; null where there is none
 * @param grams its words, pairs of words and runs of letters, as ascending hashes
 * @param counts how often each of the grams is in it
 */
public record TextFeatures(float[] vector, int[] grams, float[] counts) {

  /** How alike two texts are, at most 1: by their vectors, or without such by their grams. */
  double likeness(TextFeatures other) {
    if (vector == null || other.vector == null) {
      return gramProduct(other) / Math.sqrt(gramProduct(this) * other.gramProduct(other));
    }
    double sum = 0;
    for (int d = 0; d < vector.length; d++) {
      sum += vector[d] * other.vector[d];
    }
    return sum;
  }

  private double gramProduct(TextFeatures other) {
    double sum = 0;
    int i = 0;
    int j = 0;
    while (i < grams.length && j < other.grams.length) {
      if (grams[i] == other.grams[j]) {
        sum += counts[i++] * other.counts[j++];
      } else if (grams[i] < other.grams[j]) {
        i++;
      } else {
        j++;
      }
    }
    return sum;
  }

  /** Memory that this takes. */
  int bytes() {
    return Float.BYTES * (2 * grams.length + (vector == null ? 0 : vector.length)) + 64;
  }
}
