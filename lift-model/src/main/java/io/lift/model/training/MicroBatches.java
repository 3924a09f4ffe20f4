package io.lift.model.training;

import io.lift.checkpoint.published.DecoderConfig;
import io.lift.model.text.Sequence;
import io.lift.model.text.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts a step's rows into batches that fit into memory. If there is more than one, rows of similar
 * length go together, so that little is padding.
 *
 * @param config of the decoder
 * @param vocabulary tokens of a member, V
 * @param members M
 * @param stacked models with weights of their own: M, or 1 if the members share frozen weights
 * @param memory that one batch may take
 * @param padding a token for positions that no token attends to
 * @param endWeight weight of the end mark in the loss
 */
record MicroBatches(
    DecoderConfig config,
    int vocabulary,
    int members,
    int stacked,
    StepMemory memory,
    int padding,
    double endWeight) {

  /**
   * @param rows (M, B) sequences
   */
  List<TokenBatch> of(Sequence[][] rows) {
    int batch = rows[0].length;
    if (fits(rows, 0, batch)) {
      return List.of(batch(rows, 0, batch));
    }
    Sequence[][] sorted = new Sequence[members][];
    for (int m = 0; m < members; m++) {
      sorted[m] = rows[m].clone();
      Arrays.sort(sorted[m], Comparator.comparingInt(Sequence::length));
    }
    List<TokenBatch> parts = new ArrayList<>();
    for (int from = 0; from < batch; ) {
      int to = from + 1;
      while (to < batch && fits(sorted, from, to + 1)) {
        to++;
      }
      parts.add(batch(sorted, from, to));
      from = to;
    }
    return parts;
  }

  private boolean fits(Sequence[][] rows, int from, int to) {
    int length = 1;
    int want = 1;
    for (Sequence[] member : rows) {
      for (int b = from; b < to; b++) {
        length = Math.max(length, member[b].length() - 1);
        want = Math.max(want, member[b].completion());
      }
    }
    long bytes = memory.estimate(config, (long) members * (to - from), length, want);
    return bytes <= memory.bytes();
  }

  private TokenBatch batch(Sequence[][] rows, int from, int to) {
    Sequence[] flat =
        Arrays.stream(rows)
            .flatMap(member -> Arrays.stream(member, from, to))
            .toArray(Sequence[]::new);
    return TokenBatch.of(flat, stacked, vocabulary, padding, endWeight);
  }
}
