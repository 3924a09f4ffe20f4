package io.lift.model.scoring;

import io.lift.checkpoint.published.DecoderConfig;
import io.lift.model.scoring.BatchScorer.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides rows into batches that fit into memory. Rows of similar length go together, and in each
 * batch the rows of one adapter are neighbours. Rows whose tries have one level and rows whose
 * tries have several are apart, because only the latter need the prompts' keys and values.
 */
final class BatchPlanner {
  private static final int MAX_TOKENS = 8192;
  private static final int MAX_ROWS = 256;
  private static final long MAX_SCORES = 32L << 20; // attention weights of one layer
  private static final long MAX_LOGITS = 32L << 20;
  private static final long MAX_NUMBERS = 64L << 20; // intermediate results of one layer
  private static final int STREAM_ARRAYS = 24; // of the layer's width, per token
  private static final int INNER_ARRAYS = 6; // of the MLP's width, per token

  private final DecoderConfig config;

  BatchPlanner(DecoderConfig config) {
    this.config = config;
  }

  /** The indices of each batch's rows. */
  List<int[]> batches(List<Row> rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    order.sort(
        Comparator.<Integer>comparingInt(i -> Math.min(2, rows.get(i).context().trie().nodes()))
            .thenComparingInt(i -> -rows.get(i).prompt().length));
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    while (from < order.size()) {
      Row longest = rows.get(order.get(from));
      boolean deep = deep(longest);
      long most = most(longest.prompt().length);
      int to = from + 1;
      while (to < order.size() && to - from < most && deep(rows.get(order.get(to))) == deep) {
        to++;
      }
      batches.add(
          order.subList(from, to).stream()
              .sorted(Comparator.comparingLong(i -> group(rows.get(i))))
              .mapToInt(Integer::intValue)
              .toArray());
      from = to;
    }
    return batches;
  }

  /** Whether the answers of a row have several tokens. */
  static boolean deep(Row row) {
    return row.context().trie().nodes() > 1;
  }

  /** A number for each adapter, and apart for prompts that begin with its cached prefix or not. */
  static long group(Row row) {
    return 2L * row.context().number() + (row.context().hasPrefix(row.prompt()) ? 1 : 0);
  }

  /** Rows that go through one pass with some trie nodes each. */
  int mostRows(int nodes) {
    return (int) Math.max(1, MAX_LOGITS / ((long) config.vocabSize() * nodes));
  }

  private long most(long length) {
    long numbersPerToken =
        (long) STREAM_ARRAYS * config.hiddenSize()
            + (long) INNER_ARRAYS * config.intermediateSize();
    long most = Math.min(MAX_ROWS, MAX_TOKENS / length);
    most = Math.min(most, MAX_SCORES / (config.heads() * length * length));
    most = Math.min(most, MAX_LOGITS / config.vocabSize());
    return Math.min(most, MAX_NUMBERS / (length * numbersPerToken));
  }
}
