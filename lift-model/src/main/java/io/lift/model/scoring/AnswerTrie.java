package io.lift.model.scoring;

import io.lift.model.decoder.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All answers of a task as a prefix tree of tokens, so that common beginnings are read once. Node 0
 * is the end of the prompt. Every other node is a token that some answer continues after. The edges
 * of a node are the tokens that may follow it. An answer's probability is the product of its
 * edges'.
 *
 * <p>Where an answer is the beginning of another ({@code 1} and {@code 10}, in a vocabulary of
 * digits), it gets as many tokens of the end mark as it takes to tell them apart. Immutable.
 */
public final class AnswerTrie {
  private final int[] token;
  private final int[] parent;
  private final int[] depth;
  private final int[] edgeNode;
  private final int[] edgeToken;
  private final int[][] answers; // edges of each
  private final int[] firstEdge; // of each node, and the number of edges

  private AnswerTrie(List<Node> nodes, List<Node> edges, int[][] answers) {
    this.token = nodes.stream().mapToInt(n -> n.token).toArray();
    this.parent = nodes.stream().mapToInt(n -> n.parent == null ? -1 : n.parent.id).toArray();
    this.depth = nodes.stream().mapToInt(n -> n.depth).toArray();
    this.edgeNode = edges.stream().mapToInt(e -> e.parent.id).toArray();
    this.edgeToken = edges.stream().mapToInt(e -> e.token).toArray();
    this.answers = answers;
    this.firstEdge = new int[token.length + 1];
    for (int node : edgeNode) {
      firstEdge[node + 1]++;
    }
    Arrays.parallelPrefix(firstEdge, Integer::sum);
  }

  /**
   * @param answers the tokens of each, at least one
   * @param end the tokens of the end mark
   * @throws IllegalArgumentException if two answers are the same tokens
   */
  public static AnswerTrie of(List<int[]> answers, int[] end) {
    List<int[]> whole = answers.stream().map(a -> joined(a, end)).toList();
    Node root = new Node(null, -1);
    List<List<Node>> paths = new ArrayList<>();
    for (int a = 0; a < answers.size(); a++) {
      int length = answers.get(a).length;
      while (length < whole.get(a).length && beginsAnother(whole, a, length)) {
        length++;
      }
      List<Node> path = new ArrayList<>();
      Node node = root;
      for (int t = 0; t < length; t++) {
        Node from = node;
        node = from.children.computeIfAbsent(whole.get(a)[t], next -> new Node(from, next));
        path.add(node);
      }
      paths.add(path);
    }

    // inner nodes, level by level: a parent before its children
    List<Node> nodes = new ArrayList<>(List.of(root));
    List<Node> edges = new ArrayList<>();
    for (int n = 0; n < nodes.size(); n++) {
      for (Node child : nodes.get(n).children.values()) {
        child.edge = edges.size();
        edges.add(child);
        if (!child.children.isEmpty()) {
          child.id = nodes.size();
          nodes.add(child);
        }
      }
    }
    return new AnswerTrie(
        nodes,
        edges,
        paths.stream()
            .map(path -> path.stream().mapToInt(node -> node.edge).toArray())
            .toArray(int[][]::new));
  }

  /** Inner nodes, the root included; 1 if all answers are single tokens. */
  public int nodes() {
    return token.length;
  }

  /** The token of a node; -1 for the root. */
  public int token(int node) {
    return token[node];
  }

  /** The parent of a node, always a smaller number; -1 for the root. */
  public int parent(int node) {
    return parent[node];
  }

  /** Tokens from the prompt to a node, its own included; 0 for the root. */
  public int depth(int node) {
    return depth[node];
  }

  /** Some nodes with all their ancestors but the root, ascending. */
  int[] withAncestors(int from, int to) {
    SortedSet<Integer> nodes = new TreeSet<>();
    for (int node = from; node < to; node++) {
      for (int n = node; n > 0 && nodes.add(n); n = parent[n]) {}
    }
    return nodes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The number of edges. */
  public int edges() {
    return edgeToken.length;
  }

  /** A node's first edge; for {@code nodes()} the number of edges. */
  public int firstEdge(int node) {
    return firstEdge[node];
  }

  /** The token of an edge. */
  public int edgeToken(int edge) {
    return edgeToken[edge];
  }

  /**
   * The answers' probabilities among themselves.
   *
   * @param logs log probability of each edge; those of the root may all differ by the same number
   * @return one per answer, summing to 1
   */
  public double[] probabilities(double[] logs) {
    double[] sums = new double[answers.length];
    for (int a = 0; a < sums.length; a++) {
      for (int edge : answers[a]) {
        sums[a] += logs[edge];
      }
    }
    return Softmax.of(sums);
  }

  private static boolean beginsAnother(List<int[]> whole, int answer, int length) {
    int[] own = whole.get(answer);
    for (int other = 0; other < whole.size(); other++) {
      int[] tokens = whole.get(other);
      if (other != answer
          && tokens.length >= length
          && Arrays.equals(own, 0, length, tokens, 0, length)) {
        if (Arrays.equals(own, tokens)) {
          throw new IllegalArgumentException(
              "answers %d and %d are the same tokens".formatted(answer, other));
        }
        return true;
      }
    }
    return false;
  }

  private static int[] joined(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static final class Node {
    final Node parent;
    final int token;
    final int depth;
    final Map<Integer, Node> children = new LinkedHashMap<>();
    int id;
    int edge;

    Node(Node parent, int token) {
      this.parent = parent;
      this.token = token;
      this.depth = parent == null ? 0 : parent.depth + 1;
    }
  }
}
