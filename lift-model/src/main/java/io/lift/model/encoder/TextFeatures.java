package io.lift.model.encoder;

/**
 * What is read of a text.
 *
 * @param vector its meaning, of length 1, by a {@link TextEncoder}; null where there is none
 * @param grams its words, pairs of words and runs of letters, as ascending hashes
 * @param counts how often each of the grams is in it
 */
public record TextFeatures(float[] vector, int[] grams, float[] counts) {

  /** Memory that this takes. */
  int bytes() {
    return Float.BYTES * (2 * grams.length + (vector == null ? 0 : vector.length)) + 64;
  }
}
