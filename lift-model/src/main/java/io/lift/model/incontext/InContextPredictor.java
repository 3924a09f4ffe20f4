package io.lift.model.incontext;

import ai.djl.ndarray.NDManager;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answers rows of a classification or regression from labelled rows in context, without training on
 * them. Safe for concurrent use.
 */
public final class InContextPredictor implements AutoCloseable {
  /** Labelled rows that a pass takes in at most; of more, each pass draws its own. */
  public static final int ROWS = 1024;

  /** Columns that a pass takes in at most: those that predict best on their own. */
  public static final int COLUMNS = 100;

  private static final int BATCH_ROWS = 8192; // labelled rows of all passes

  private final NDManager manager;
  private final TabularTransformer model;
  private final String hash;

  /**
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   */
  public InContextPredictor(TransformerWeights weights, String device) {
    this.manager = TorchEngine.load().newBaseManager(TorchEngine.device(device));
    this.model = new TabularTransformer(weights.shape(), weights.arrays(manager));
    this.hash = weights.hash();
  }

  /** See {@link TransformerWeights#hash}. */
  public String hash() {
    return hash;
  }

  /** The engine's manager. */
  NDManager manager() {
    return manager;
  }

  /** Labelled rows that were read, to answer queries from. */
  public interface Context extends AutoCloseable {
    /**
     * The probability of each label, or cell of the target's grid, for each query.
     *
     * @param queries (rows, columns) cells as those that were read
     * @return (rows, classes), each row summing to 1
     */
    double[][] probabilities(int[][] queries);

    /** What is kept of the rows, in bytes. */
    long bytes();

    @Override
    void close();
  }

  /**
   * Reads labelled rows in several passes. Each pass has the labels in other slots and, where rows
   * are too many, others of them.
   *
   * @param passes whose answers are averaged
   * @param seed of every choice
   */
  public Context read(LabelledRows rows, int passes, long seed) {
    if (rows.numbers() || rows.classes() <= RowFeatures.LABELS) {
      ReadTables read = read(List.of(rows), passes, seed);
      return new Context() {
        @Override
        public double[][] probabilities(int[][] queries) {
          return read.probabilities(queries);
        }

        @Override
        public long bytes() {
          return read.bytes();
        }

        @Override
        public void close() {
          read.close();
        }
      };
    }
    List<LabelTree> trees = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      SeededRandom random = new SeededRandom(seed, RandomStream.IN_CONTEXT, pass, rows.classes());
      trees.add(new LabelTree(rows, random, some -> read(List.of(some), 1, seed)));
    }
    return new Context() {
      @Override
      public double[][] probabilities(int[][] queries) {
        double[][] mean = new double[queries.length][rows.classes()];
        for (LabelTree tree : trees) {
          double[][] own = tree.probabilities(queries);
          for (int q = 0; q < own.length; q++) {
            for (int k = 0; k < own[q].length; k++) {
              mean[q][k] += own[q][k] / trees.size();
            }
          }
        }
        return mean;
      }

      @Override
      public long bytes() {
        return trees.stream().mapToLong(LabelTree::bytes).sum();
      }

      @Override
      public void close() {
        trees.forEach(LabelTree::close);
      }
    };
  }

  private ReadTables read(List<LabelledRows> tables, int passes, long seed) {
    return new ReadTables(model, manager.newSubManager(), tables, passes, ROWS, COLUMNS, seed);
  }

  /**
   * Answers queries that each have labelled rows of their own.
   *
   * @param tables the labelled rows of each query, equally many for all
   * @param queries (rows, columns) cells as those of the tables
   * @return (rows, classes), each row summing to 1
   */
  public double[][] probabilities(
      List<LabelledRows> tables, int[][] queries, int passes, long seed) {
    double[][] all = new double[queries.length][];
    int from = 0;
    while (from < queries.length) {
      LabelledRows first = tables.get(from);
      boolean tree = !first.numbers() && first.classes() > RowFeatures.LABELS;
      int rows = passes * Math.min(ROWS, first.size());
      int to = tree ? from + 1 : Math.min(queries.length, from + Math.max(1, BATCH_ROWS / rows));
      int[][] some = Arrays.copyOfRange(queries, from, to);
      if (tree) {
        try (Context context = read(first, passes, seed)) {
          all[from] = context.probabilities(some)[0];
        }
      } else {
        try (ReadTables read = read(tables.subList(from, to), passes, seed)) {
          System.arraycopy(read.probabilities(some), 0, all, from, to - from);
        }
      }
      from = to;
    }
    return all;
  }

  @Override
  public void close() {
    manager.close();
  }
}
