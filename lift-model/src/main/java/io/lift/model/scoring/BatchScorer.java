package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TokenInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores rows of many tasks and versions on one set of weights. A batch is read in one pass: the
 * base's products are computed once for all rows, each version's adapter and cached prefix serve
 * its own. Where answers have several tokens, a second pass reads all inner nodes of the tries at
 * once, each seeing its prompt and its ancestors only. Thread-safe.
 */
public final class BatchScorer {
  private static final int MAX_TOKENS = 8192; // of one pass
  private static final int MAX_ROWS = 256;
  private static final int MAX_NODES = 512; // of a trie in one pass, ancestors not counted
  private static final long MAX_SCORES = 32L << 20; // attention weights of one layer
  private static final long MAX_LOGITS = 32L << 20; // of one pass
  private static final long MAX_NUMBERS = 64L << 20; // that one layer computes on its way
  private static final int STREAMS = 24; // of the layer's width, per token
  private static final int INNERS = 6; // of the MLP's width, per token

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final NDManager manager;

  /**
   * A row to score.
   *
   * @param version who answers
   * @param prompt its tokens, as {@link AdapterContext#tokens} gives them
   */
  public record Row(AdapterContext version, int[] prompt) {}

  /** Neighbouring rows of a pass, and what they go on from, or null. */
  private record Group(AdapterContext version, KeyValueCache before, int from, int to) {
    int rows() {
      return to - from;
    }

    TokenInput.Group asRead() {
      return new TokenInput.Group(rows(), version.adapter(), before);
    }

    KeyValueCache then(KeyValueCache.Part part) {
      return before == null ? new KeyValueCache(List.of(part)) : before.append(part);
    }
  }

  /**
   * @param weights of one member
   * @param manager on the weights' device
   */
  public BatchScorer(Decoder decoder, DecoderWeights weights, NDManager manager) {
    this.decoder = decoder;
    this.weights = weights;
    this.manager = manager;
  }

  /** The probabilities of each row's answers: one array per row, each summing to 1. */
  public double[][] probabilities(List<Row> rows) {
    double[][] out = new double[rows.size()][];
    for (int[] part : parts(rows)) {
      double[][] logs = logs(Arrays.stream(part).mapToObj(rows::get).toList());
      for (int i = 0; i < part.length; i++) {
        out[part[i]] = rows.get(part[i]).version().trie().probabilities(logs[i]);
      }
    }
    return out;
  }

  /** Log probabilities of the edges of each row's trie; rows of one part. */
  private double[][] logs(List<Row> rows) {
    double[][] logs = new double[rows.size()][];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = new double[rows.get(i).version().trie().edges()];
    }
    List<Group> groups = groups(rows);
    boolean deep = rows.get(0).version().trie().nodes() > 1;
    try (NDScope scope = new NDScope();
        NDManager kept = manager.newSubManager()) {
      KeyValueCache.Part prompts = readPrompts(rows, groups, deep ? kept : null, logs);
      for (Group group : deep ? groups : List.<Group>of()) {
        AnswerTrie trie = group.version().trie();
        for (int node = 1; node < trie.nodes(); node += MAX_NODES) {
          int[] nodes = trie.withAncestors(node, Math.min(trie.nodes(), node + MAX_NODES));
          long each = (long) decoder.config().vocabSize() * nodes.length;
          int most = (int) Math.max(1, MAX_LOGITS / each);
          for (int from = group.from(); from < group.to(); from += most) {
            int to = Math.min(group.to(), from + most);
            KeyValueCache.Part read = prompts.slice(from, to);
            readNodes(rows, new Group(group.version(), group.then(read), from, to), nodes, logs);
          }
        }
      }
    }
    return logs;
  }

  /**
   * The prompts, whose last tokens ask for the first tokens of the answers.
   *
   * @param keeper owns their keys and values; null if nobody goes on from them
   * @return the keys and values
   */
  private KeyValueCache.Part readPrompts(
      List<Row> rows, List<Group> groups, NDManager keeper, double[][] logs) {
    int[][] read = new int[rows.size()][];
    for (Group group : groups) {
      int skip = group.before() == null ? 0 : group.version().prefix().length;
      for (int r = group.from(); r < group.to(); r++) {
        int[] prompt = rows.get(r).prompt();
        read[r] = Arrays.copyOfRange(prompt, skip, prompt.length);
      }
    }
    LeftPadded batch = LeftPadded.of(read);
    TokenInput tokens =
        new TokenInput(
            manager.create(batch.ids()),
            rows.size(),
            batch.length(),
            batch.padding(),
            null,
            null,
            groups.stream().map(Group::asRead).toList());
    Pass pass =
        keeper == null
            ? decoder.pass(weights, tokens, 1, 0)
            : decoder.cachingPass(weights, tokens, 1);
    NDArray logits = pass.logits(); // (1, R, V)
    int most = rows.stream().mapToInt(r -> r.version().trie().firstEdge(1)).max().orElse(0);
    long[] wanted = new long[rows.size() * most];
    for (int r = 0; r < rows.size(); r++) {
      AnswerTrie trie = rows.get(r).version().trie();
      for (int e = 0; e < trie.firstEdge(1); e++) {
        wanted[r * most + e] = trie.edgeToken(e);
      }
    }
    // the tokens that no answer begins with would change all of these by the same number
    float[] found = gather(logits.squeeze(0), wanted, most);
    for (int r = 0; r < rows.size(); r++) {
      for (int e = 0; e < rows.get(r).version().trie().firstEdge(1); e++) {
        logs[r][e] = found[r * most + e];
      }
    }
    return keeper == null ? null : pass.cachePart(keeper);
  }

  /**
   * Inner nodes of a trie behind each prompt.
   *
   * @param nodes each with its ancestors, ascending
   */
  private void readNodes(List<Row> rows, Group group, int[] nodes, double[][] logs) {
    AnswerTrie trie = group.version().trie();
    int count = nodes.length;
    long[] ids = new long[group.rows() * count];
    int[] places = new int[ids.length];
    int most = 0;
    for (int n = 0; n < count; n++) {
      most = Math.max(most, trie.firstEdge(nodes[n] + 1) - trie.firstEdge(nodes[n]));
      for (int r = 0; r < group.rows(); r++) {
        int last = rows.get(group.from() + r).prompt().length - 1;
        ids[r * count + n] = trie.token(nodes[n]);
        places[r * count + n] = last + trie.depth(nodes[n]);
      }
    }
    TokenInput tokens =
        new TokenInput(
            manager.create(ids),
            group.rows(),
            count,
            null,
            places,
            manager.create(ancestors(trie, nodes), new Shape(1, 1, count, count)),
            List.of(group.asRead()));
    try (NDScope scope = new NDScope()) {
      NDArray logits = decoder.logits(weights, tokens, count, 0); // (1, rows * count, V)
      long[] wanted = new long[ids.length * most];
      for (int i = 0; i < ids.length; i++) {
        int first = trie.firstEdge(nodes[i % count]);
        for (int e = first; e < trie.firstEdge(nodes[i % count] + 1); e++) {
          wanted[i * most + e - first] = trie.edgeToken(e);
        }
      }
      float[] found = gather(logits.squeeze(0).logSoftmax(1), wanted, most);
      for (int i = 0; i < ids.length; i++) {
        int first = trie.firstEdge(nodes[i % count]);
        for (int e = first; e < trie.firstEdge(nodes[i % count] + 1); e++) {
          logs[group.from() + i / count][e] = found[i * most + e - first];
        }
      }
    }
  }

  /**
   * Some columns of each row.
   *
   * @param table (n, V)
   * @param wanted (n * most)
   */
  private float[] gather(NDArray table, long[] wanted, int most) {
    NDArray columns = manager.create(wanted, new Shape(wanted.length / most, most));
    return table.gather(columns, 1).toFloatArray();
  }

  /** 0 where a node sees itself or an ancestor, (nodes, nodes). */
  private static float[] ancestors(AnswerTrie trie, int[] nodes) {
    float[] mask = new float[nodes.length * nodes.length];
    Arrays.fill(mask, Decoder.MASKED);
    for (int n = 0; n < nodes.length; n++) {
      for (int seen = nodes[n]; seen > 0; seen = trie.parent(seen)) {
        mask[n * nodes.length + Arrays.binarySearch(nodes, seen)] = 0;
      }
    }
    return mask;
  }

  /** Neighbouring rows of one version that all go on from its prefix, or all do not. */
  private List<Group> groups(List<Row> rows) {
    List<Group> groups = new ArrayList<>();
    int from = 0;
    for (int r = 1; r <= rows.size(); r++) {
      if (r == rows.size() || order(rows.get(r)) != order(rows.get(from))) {
        AdapterContext version = rows.get(from).version();
        boolean begins = version.begins(rows.get(from).prompt());
        groups.add(new Group(version, begins ? prefix(version) : null, from, r));
        from = r;
      }
    }
    return groups;
  }

  /** What a version's prompts go on from. */
  KeyValueCache prefix(AdapterContext version) {
    return version.cache(this::read);
  }

  private KeyValueCache.Part read(int[] prefix, Adapter adapter, NDManager keeper) {
    try (NDScope scope = new NDScope()) {
      NDArray ids = manager.create(Arrays.stream(prefix).asLongStream().toArray());
      return decoder.prefill(
          weights, TokenInput.of(ids, 1, prefix.length, null, adapter, null), keeper);
    }
  }

  private long numbersPerToken() {
    DecoderConfig config = decoder.config();
    return (long) STREAMS * config.hiddenSize() + (long) INNERS * config.intermediateSize();
  }

  /** Tells groups apart. */
  private static long order(Row row) {
    return 2L * row.version().number() + (row.version().begins(row.prompt()) ? 1 : 0);
  }

  /**
   * Rows of like length together, and in each part the versions side by side. Tries of several
   * levels and of one are apart: only the former need the prompts' keys and values.
   */
  private List<int[]> parts(List<Row> rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    order.sort(
        Comparator.<Integer>comparingInt(i -> Math.min(2, rows.get(i).version().trie().nodes()))
            .thenComparingInt(i -> -rows.get(i).prompt().length));
    List<int[]> parts = new ArrayList<>();
    int from = 0;
    while (from < order.size()) {
      Row first = rows.get(order.get(from));
      boolean deep = first.version().trie().nodes() > 1;
      long length = first.prompt().length;
      long most = Math.min(MAX_ROWS, MAX_TOKENS / length);
      most = Math.min(most, MAX_SCORES / (decoder.config().heads() * length * length));
      most = Math.min(most, MAX_LOGITS / decoder.config().vocabSize());
      most = Math.min(most, MAX_NUMBERS / (length * numbersPerToken()));
      int to = from + 1;
      while (to < order.size()
          && to - from < most
          && rows.get(order.get(to)).version().trie().nodes() > 1 == deep) {
        to++;
      }
      parts.add(
          order.subList(from, to).stream()
              .sorted(Comparator.comparingLong(i -> order(rows.get(i))))
              .mapToInt(Integer::intValue)
              .toArray());
      from = to;
    }
    return parts;
  }
}
