package io.lift.model.incontext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers rows of a classification from labelled rows in context, without training on them. Safe
 * for concurrent use.
 */
public final class InContextClassifier implements AutoCloseable {
  /** Labelled rows that a pass takes in at most; of more, each pass draws its own. */
  public static final int ROWS = 128;

  private static final int QUERY_BATCH = 256;
  private static final int BATCH_ROWS = 8192; // labelled rows of all passes

  private final NDManager manager;
  private final Decoder decoder;
  private final DecoderWeights weights;
  private final String hash;

  /**
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   */
  public InContextClassifier(InContextNetwork model, String device) {
    this.manager = TorchEngine.load().newBaseManager(TorchEngine.device(device));
    this.decoder = new Decoder(model.layout().config(), manager);
    this.weights = model.weights(manager);
    this.hash = model.hash();
  }

  /** See {@link InContextNetwork#hash}. */
  public String hash() {
    return hash;
  }

  /**
   * Reads labelled rows in several passes. Each pass draws other tokens for columns and labels and,
   * where rows or columns are too many, others of them.
   *
   * @param passes whose answers are averaged
   * @param seed of every choice
   */
  public Context read(LabelledRows rows, int passes, long seed) {
    return read(List.of(rows), passes, seed);
  }

  /** Reads several tables of one task, with equally many rows each. */
  private Context read(List<LabelledRows> tables, int passes, long seed) {
    int size = tables.get(0).size();
    int taken = Math.min(ROWS, size);
    List<CellNumbers> numbers = new ArrayList<>();
    List<RowEmbedder> embedders = new ArrayList<>();
    float[] sums = new float[tables.size() * passes * taken * RowTokens.SIZE];
    for (LabelledRows rows : tables) {
      for (int pass = 0; pass < passes; pass++) {
        SeededRandom random = new SeededRandom(seed, RandomStream.IN_CONTEXT, pass);
        int[] drawn = Arrays.copyOf(random.permutation(size), taken);
        int[] labels = Arrays.stream(drawn).map(r -> rows.labels()[r]).toArray();
        int[][] cells = Arrays.stream(drawn).mapToObj(r -> rows.cells()[r]).toArray(int[][]::new);
        CellNumbers cellNumbers = CellNumbers.of(rows.categories(), cells);
        double[][] context = Arrays.stream(cells).map(cellNumbers::of).toArray(double[][]::new);
        RowEmbedder embedder = RowEmbedder.of(context, labels, rows.classes(), random);
        for (int r = 0; r < taken; r++) {
          int at = (embedders.size() * taken + r) * RowTokens.SIZE;
          embedder.write(context[r], labels[r], sums, at);
        }
        numbers.add(cellNumbers);
        embedders.add(embedder);
      }
    }
    NDManager owner = manager.newSubManager();
    try (NDScope scope = new NDScope()) {
      NDArray read = owner.create(sums, new Shape(embedders.size(), taken, RowTokens.SIZE));
      KeyValueCache cache = InContextPass.read(decoder, weights, read, owner);
      return new Context(tables.get(0).classes(), passes, numbers, embedders, cache, owner);
    }
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
      int taken = Math.min(ROWS, tables.get(from).size());
      int to = Math.min(queries.length, from + Math.max(1, BATCH_ROWS / (passes * taken)));
      try (Context some = read(tables.subList(from, to), passes, seed)) {
        double[][] answers = some.predict(Arrays.copyOfRange(queries, from, to));
        System.arraycopy(answers, 0, all, from, to - from);
      }
      from = to;
    }
    return all;
  }

  /**
   * Answers each row from the rows of the other folds, as if it were new.
   *
   * @param folds the fold of each row; at least two different ones
   * @return (rows, classes)
   */
  public double[][] heldOut(LabelledRows rows, int[] folds, int passes, long seed) {
    double[][] answers = new double[folds.length][];
    for (int fold : Arrays.stream(folds).distinct().toArray()) {
      int[] own = IntStream.range(0, folds.length).filter(r -> folds[r] == fold).toArray();
      int[] others = IntStream.range(0, folds.length).filter(r -> folds[r] != fold).toArray();
      try (Context context = read(rows.subset(others), passes, seed)) {
        double[][] given = context.probabilities(rows.subset(own).cells());
        for (int i = 0; i < own.length; i++) {
          answers[own[i]] = given[i];
        }
      }
    }
    return answers;
  }

  /** Labelled rows that were read, to answer queries from. */
  public final class Context implements AutoCloseable {
    private final int classes;
    private final int passes;
    private final List<CellNumbers> numbers; // of each pass of each table
    private final List<RowEmbedder> embedders;
    private final KeyValueCache cache;
    private final NDManager owner;

    private Context(
        int classes,
        int passes,
        List<CellNumbers> numbers,
        List<RowEmbedder> embedders,
        KeyValueCache cache,
        NDManager owner) {
      this.classes = classes;
      this.passes = passes;
      this.numbers = numbers;
      this.embedders = embedders;
      this.cache = cache;
      this.owner = owner;
    }

    /**
     * The probability of each label for each query.
     *
     * @param queries (rows, columns) cells as those that were read
     * @return (rows, classes), each row summing to 1
     */
    public double[][] probabilities(int[][] queries) {
      double[][] all = new double[queries.length][];
      for (int from = 0; from < queries.length; from += QUERY_BATCH) {
        int to = Math.min(queries.length, from + QUERY_BATCH);
        double[][] some = predict(Arrays.copyOfRange(queries, from, to));
        System.arraycopy(some, 0, all, from, some.length);
      }
      return all;
    }

    /** Equally many queries of each table, table by table. */
    private double[][] predict(int[][] queries) {
      int each = queries.length * passes / embedders.size();
      int[] query = new int[passes * queries.length]; // that each output belongs to
      float[] sums = new float[query.length * RowTokens.SIZE];
      for (int i = 0; i < query.length; i++) {
        int pass = i / each;
        query[i] = pass / passes * each + i % each;
        double[] row = numbers.get(pass).of(queries[query[i]]);
        embedders.get(pass).write(row, -1, sums, i * RowTokens.SIZE);
      }
      float[] logits; // (tables, passes, each, LABELS)
      try (NDScope scope = new NDScope()) {
        NDArray rows = owner.create(sums, new Shape(query.length, 1, RowTokens.SIZE));
        logits = InContextPass.logits(decoder, weights, rows, cache).toFloatArray();
      }
      double[][] mean = new double[queries.length][classes];
      for (int i = 0; i < query.length; i++) {
        double[] p = softmax(logits, i * RowTokens.LABELS, embedders.get(i / each));
        for (int k = 0; k < classes; k++) {
          mean[query[i]][k] += p[k] / passes;
        }
      }
      return mean;
    }

    /** Over the labels that the task has; the other label tokens are left out. */
    private double[] softmax(float[] logits, int at, RowEmbedder embedder) {
      double[] own = new double[classes];
      for (int k = 0; k < classes; k++) {
        own[k] = logits[at + embedder.token(k)];
      }
      return Softmax.of(own);
    }

    @Override
    public void close() {
      owner.close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
