package io.lift.model.text;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Sequences of M members, B each, as the decoder reads them. All end together: shorter ones are
 * padded on the left, so that the completions stand in the last positions. The last token of a
 * sequence is only a target and is not read.
 *
 * @param members M
 * @param rows M * B
 * @param length T
 * @param want positions at the end whose next token is a target, W
 * @param tokens (M * B, T), shifted by member * V
 * @param lengths tokens of each row, padding excluded
 * @param targets (M * B, W); 0 where weight is 0
 * @param weights (M * B, W): 1 for a completion token, the end mark's weight for that, 0 otherwise
 */
public record TokenBatch(
    int members,
    int rows,
    int length,
    int want,
    long[] tokens,
    int[] lengths,
    long[] targets,
    float[] weights) {

  /**
   * @param sequences member after member, the same number each
   * @param vocabulary V
   * @param endWeight weight of the end mark
   */
  public static TokenBatch of(
      Sequence[] sequences, int members, int vocabulary, int padding, double endWeight) {
    int rows = sequences.length;
    int length = 1;
    int want = 1;
    for (Sequence s : sequences) {
      length = Math.max(length, s.length() - 1);
      want = Math.max(want, s.completion());
    }
    long[] tokens = new long[rows * length];
    int[] lengths = new int[rows];
    long[] targets = new long[rows * want];
    float[] weights = new float[rows * want];
    for (int r = 0; r < rows; r++) {
      Sequence s = sequences[r];
      long shift = (long) (r / (rows / members)) * vocabulary;
      lengths[r] = s.length() - 1;
      int pad = length - lengths[r];
      Arrays.fill(tokens, r * length, r * length + pad, shift + padding);
      for (int t = 0; t < lengths[r]; t++) {
        tokens[r * length + pad + t] = shift + s.ids()[t];
      }
      for (int c = 1; c <= s.completion(); c++) {
        targets[(r + 1) * want - c] = s.ids()[s.length() - c];
        weights[(r + 1) * want - c] = c == 1 && s.marked() ? (float) endWeight : 1;
      }
    }
    return new TokenBatch(members, rows, length, want, tokens, lengths, targets, weights);
  }

  /** How many tokens at the left of each row are padding; null if there is none. */
  public int[] padding() {
    int[] padding = Arrays.stream(lengths).map(l -> length - l).toArray();
    return Arrays.stream(padding).anyMatch(p -> p > 0) ? padding : null;
  }

  /** Tokens read, padding excluded. */
  public long tokensRead() {
    return Arrays.stream(lengths).asLongStream().sum();
  }

  /** The sum of the weights. */
  public double weight() {
    double sum = 0;
    for (float w : weights) {
      sum += w;
    }
    return sum;
  }

  /**
   * The wanted positions that have a weight.
   *
   * @param left which of the M * B * W they are; null for all
   * @param tokens their targets
   * @param weights their weights
   */
  public record Targets(long[] left, long[] tokens, float[] weights) {}

  /** Leaves out positions without weight; of several members none, as they must stay level. */
  public Targets targetsWithLoss() {
    long[] left = LongStream.range(0, weights.length).filter(i -> weights[(int) i] != 0).toArray();
    if (members > 1 || left.length == weights.length || left.length == 0) {
      return new Targets(null, targets, weights);
    }
    long[] tokens = new long[left.length];
    float[] kept = new float[left.length];
    for (int i = 0; i < left.length; i++) {
      tokens[i] = targets[(int) left[i]];
      kept[i] = weights[(int) left[i]];
    }
    return new Targets(left, tokens, kept);
  }
}
