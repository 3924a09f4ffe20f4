package io.lift.model.incontext.trees;

/**
 * A binary tree on {@link Bins}. The root is node 0, and the second child of a node follows the
 * first.
 *
 * @param column that a node splits by; -1 of a leaf
 * @param sides bins that go to a node's first child, as bits
 * @param next the first child of a node; of a leaf its number
 * @param leaves how many leaves there are
 */
record Tree(int[] column, long[] sides, int[] next, int leaves) {

  /** The leaf of a row. */
  int leaf(byte[][] bins, int row) {
    int node = 0;
    while (column[node] >= 0) {
      boolean first = (sides[node] >>> bins[column[node]][row] & 1) != 0;
      node = first ? next[node] : next[node] + 1;
    }
    return next[node];
  }
}
