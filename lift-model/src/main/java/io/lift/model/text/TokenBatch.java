package io.lift.model.text;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A batch of sequences for the decoder: B for each of M members. Shorter sequences are padded on
 * the left, so that all end together and the completions are in the last positions. The last token
 * of a sequence is a target only and is not an input.
 *
 * @param members M
 * @param rows M * B
 * @param length T
 * @param targetLength number of last positions whose next token is a target, W
 * @param tokens (M * B, T); tokens of member m are shifted by m * V
 * @param lengths number of input tokens of each row, padding excluded
 * @param targets (M * B, W); 0 where the weight is 0
 * @param weights (M * B, W): 1 for a completion token, the weight of the end mark for the end mark,
 *     0 otherwise
 */
public record TokenBatch(
    int members,
    int rows,
    int length,
    int targetLength,
    long[] tokens,
    int[] lengths,
    long[] targets,
    float[] weights) {

  /**
   * A batch of sequences.
   *
   * @param sequences member after member, the same number for each
   * @param members M
   * @param vocabulary V
   * @param padding the padding token
   * @param endWeight weight of the end mark
   */
  public static TokenBatch of(
      Sequence[] sequences, int members, int vocabulary, int padding, double endWeight) {
    int rows = sequences.length;
    int length = 1;
    int targetLength = 1;
    for (Sequence s : sequences) {
      length = Math.max(length, s.length() - 1);
      targetLength = Math.max(targetLength, s.completion());
    }
    long[] tokens = new long[rows * length];
    int[] lengths = new int[rows];
    long[] targets = new long[rows * targetLength];
    float[] weights = new float[rows * targetLength];
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
        targets[(r + 1) * targetLength - c] = s.ids()[s.length() - c];
        weights[(r + 1) * targetLength - c] = c == 1 && s.hasEndMark() ? (float) endWeight : 1;
      }
    }
    return new TokenBatch(members, rows, length, targetLength, tokens, lengths, targets, weights);
  }

  /** The number of padding tokens at the left of each row; null if there is none. */
  public int[] padding() {
    int[] padding = Arrays.stream(lengths).map(l -> length - l).toArray();
    return Arrays.stream(padding).anyMatch(p -> p > 0) ? padding : null;
  }

  /** The number of input tokens, padding excluded. */
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
   * Target positions.
   *
   * @param positions indices of the positions among all M * B * W; null for all of them
   * @param tokens their targets
   * @param weights their weights
   */
  public record Targets(long[] positions, long[] tokens, float[] weights) {}

  /**
   * The target positions with a weight. With several members, all positions: every member must have
   * the same number.
   */
  public Targets targetsWithLoss() {
    long[] positions =
        LongStream.range(0, weights.length).filter(i -> weights[(int) i] != 0).toArray();
    if (members > 1 || positions.length == weights.length || positions.length == 0) {
      return new Targets(null, targets, weights);
    }
    long[] tokens = new long[positions.length];
    float[] kept = new float[positions.length];
    for (int i = 0; i < positions.length; i++) {
      tokens[i] = targets[(int) positions[i]];
      kept[i] = weights[(int) positions[i]];
    }
    return new Targets(positions, tokens, kept);
  }
}
