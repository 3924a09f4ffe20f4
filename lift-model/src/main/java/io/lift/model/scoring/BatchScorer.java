package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TokenInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores rows of many tasks and versions with one set of weights. A batch goes through one pass:
 * the products with the base's weights are computed once for all rows, and each version's adapter
 * and cached prefix are applied to its own rows. Where answers have several tokens, a second pass
 * reads all inner nodes of the tries at once, each attending to its prompt and its ancestors only.
 * Thread-safe.
 */
public final class BatchScorer {
  private static final int MAX_NODES = 512; // of a trie in one pass, ancestors not counted

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final NDManager manager;
  private final BatchPlanner planner;

  /**
   * A row to score.
   *
   * @param context of the adapter that answers
   * @param prompt its tokens, as {@link AdapterContext#tokens} gives them
   */
  public record Row(AdapterContext context, int[] prompt) {}

  /**
   * Neighbouring rows of a pass.
   *
   * @param cache the keys and values before them; null for none
   */
  private record Group(AdapterContext context, KeyValueCache cache, int from, int to) {
    int rows() {
      return to - from;
    }

    TokenInput.Group input() {
      return new TokenInput.Group(rows(), context.adapter(), cache);
    }

    KeyValueCache append(KeyValueCache.Part part) {
      return cache == null ? new KeyValueCache(List.of(part)) : cache.append(part);
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
    this.planner = new BatchPlanner(decoder.config());
  }

  /** The probabilities of each row's answers: one array per row, each summing to 1. */
  public double[][] probabilities(List<Row> rows) {
    double[][] out = new double[rows.size()][];
    for (int[] batch : planner.batches(rows)) {
      double[][] logs = logs(Arrays.stream(batch).mapToObj(rows::get).toList());
      for (int i = 0; i < batch.length; i++) {
        out[batch[i]] = rows.get(batch[i]).context().trie().probabilities(logs[i]);
      }
    }
    return out;
  }

  /** Log probabilities of the edges of each row's trie, for the rows of one batch. */
  private double[][] logs(List<Row> rows) {
    double[][] logs = new double[rows.size()][];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = new double[rows.get(i).context().trie().edges()];
    }
    List<Group> groups = groups(rows);
    boolean deep = BatchPlanner.deep(rows.get(0));
    try (NDScope scope = new NDScope();
        NDManager owner = manager.newSubManager()) {
      KeyValueCache.Part prompts = readPrompts(rows, groups, deep ? owner : null, logs);
      for (Group group : deep ? groups : List.<Group>of()) {
        AnswerTrie trie = group.context().trie();
        for (int node = 1; node < trie.nodes(); node += MAX_NODES) {
          int[] nodes = trie.withAncestors(node, Math.min(trie.nodes(), node + MAX_NODES));
          int most = planner.mostRows(nodes.length);
          for (int from = group.from(); from < group.to(); from += most) {
            int to = Math.min(group.to(), from + most);
            KeyValueCache.Part read = prompts.slice(from, to);
            readNodes(rows, new Group(group.context(), group.append(read), from, to), nodes, logs);
          }
        }
      }
    }
    return logs;
  }

  /**
   * Reads the prompts, whose last outputs give the first tokens of the answers.
   *
   * @param owner of their keys and values; null if no pass follows
   * @return the keys and values; null without an owner
   */
  private KeyValueCache.Part readPrompts(
      List<Row> rows, List<Group> groups, NDManager owner, double[][] logs) {
    int[][] unread = new int[rows.size()][];
    for (Group group : groups) {
      int skip = group.cache() == null ? 0 : group.context().prefix().length;
      for (int r = group.from(); r < group.to(); r++) {
        int[] prompt = rows.get(r).prompt();
        unread[r] = Arrays.copyOfRange(prompt, skip, prompt.length);
      }
    }
    LeftPadded batch = LeftPadded.of(unread);
    TokenInput tokens =
        new TokenInput(
            manager.create(batch.ids()),
            rows.size(),
            batch.length(),
            batch.padding(),
            null,
            null,
            groups.stream().map(Group::input).toList());
    Pass pass =
        owner == null
            ? decoder.pass(weights, tokens, 1, 0)
            : decoder.cachingPass(weights, tokens, 1);
    NDArray logits = pass.logits(); // (1, R, V)
    int most = rows.stream().mapToInt(r -> r.context().trie().firstEdge(1)).max().orElse(0);
    long[] wanted = new long[rows.size() * most];
    for (int r = 0; r < rows.size(); r++) {
      AnswerTrie trie = rows.get(r).context().trie();
      for (int e = 0; e < trie.firstEdge(1); e++) {
        wanted[r * most + e] = trie.edgeToken(e);
      }
    }
    // a softmax over all tokens would change all of these by the same number
    float[] found = gather(logits.squeeze(0), wanted, most);
    for (int r = 0; r < rows.size(); r++) {
      for (int e = 0; e < rows.get(r).context().trie().firstEdge(1); e++) {
        logs[r][e] = found[r * most + e];
      }
    }
    return owner == null ? null : pass.cachePart(owner);
  }

  /**
   * Reads inner nodes of a trie after each prompt.
   *
   * @param nodes each with its ancestors, ascending
   */
  private void readNodes(List<Row> rows, Group group, int[] nodes, double[][] logs) {
    AnswerTrie trie = group.context().trie();
    int count = nodes.length;
    long[] ids = new long[group.rows() * count];
    int[] positions = new int[ids.length];
    int most = 0;
    for (int n = 0; n < count; n++) {
      most = Math.max(most, trie.firstEdge(nodes[n] + 1) - trie.firstEdge(nodes[n]));
      for (int r = 0; r < group.rows(); r++) {
        int last = rows.get(group.from() + r).prompt().length - 1;
        ids[r * count + n] = trie.token(nodes[n]);
        positions[r * count + n] = last + trie.depth(nodes[n]);
      }
    }
    TokenInput tokens =
        new TokenInput(
            manager.create(ids),
            group.rows(),
            count,
            null,
            positions,
            manager.create(ancestors(trie, nodes), new Shape(1, 1, count, count)),
            List.of(group.input()));
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

  /** The attention mask: 0 where a node attends to itself or an ancestor, (nodes, nodes). */
  private static float[] ancestors(AnswerTrie trie, int[] nodes) {
    float[] mask = new float[nodes.length * nodes.length];
    Arrays.fill(mask, Decoder.MASKED);
    for (int n = 0; n < nodes.length; n++) {
      for (int node = nodes[n]; node > 0; node = trie.parent(node)) {
        mask[n * nodes.length + Arrays.binarySearch(nodes, node)] = 0;
      }
    }
    return mask;
  }

  /** Neighbouring rows of one adapter that all begin with its prefix, or all do not. */
  private List<Group> groups(List<Row> rows) {
    List<Group> groups = new ArrayList<>();
    int from = 0;
    for (int r = 1; r <= rows.size(); r++) {
      if (r == rows.size()
          || BatchPlanner.group(rows.get(r)) != BatchPlanner.group(rows.get(from))) {
        AdapterContext context = rows.get(from).context();
        boolean prefixed = context.hasPrefix(rows.get(from).prompt());
        groups.add(new Group(context, prefixed ? prefix(context) : null, from, r));
        from = r;
      }
    }
    return groups;
  }

  /** The keys and values of an adapter's prefix. */
  KeyValueCache prefix(AdapterContext context) {
    return context.cache(this::read);
  }

  private KeyValueCache.Part read(int[] prefix, Adapter adapter, NDManager owner) {
    try (NDScope scope = new NDScope()) {
      NDArray ids = manager.create(Arrays.stream(prefix).asLongStream().toArray());
      return decoder.prefill(
          weights, TokenInput.of(ids, 1, prefix.length, null, adapter, null), owner);
    }
  }
}
