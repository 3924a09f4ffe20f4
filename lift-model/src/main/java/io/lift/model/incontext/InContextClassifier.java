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
 * Answers rows of a classification by reading labelled rows in context, without any training on
 * them. Safe for concurrent use.
 */
public final class InContextClassifier implements AutoCloseable {
  /** Rows that a reading takes in at most; of more, each reading draws its own. */
  public static final int ROWS = 128;

  private static final int ASKED_TOGETHER = 256;
  private static final int READ_TOGETHER = 8192; // rows of all readings

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
   * Labelled rows of a task.
   *
   * @param categories of each column; 0 for a column of numbers
   * @param cells (rows, columns): a place on the column's grid or the index of a category, -1 where
   *     nothing is known
   * @param labels of these rows, from 0
   * @param classes how many labels the task has, at most {@link RowTokens#LABELS}
   */
  public record Labelled(int[] categories, int[][] cells, int[] labels, int classes) {
    public Labelled {
      if (classes > RowTokens.LABELS || cells.length == 0 || cells.length != labels.length) {
        throw new IllegalArgumentException(
            "%d rows with %d labels of %d kinds cannot be read in context"
                .formatted(cells.length, labels.length, classes));
      }
    }

    Labelled only(int[] rows) {
      return new Labelled(
          categories,
          Arrays.stream(rows).mapToObj(r -> cells[r]).toArray(int[][]::new),
          Arrays.stream(rows).map(r -> labels[r]).toArray(),
          classes);
    }
  }

  /**
   * Reads labelled rows several times, each time with other tokens for columns and labels, and of
   * many rows or columns with others of them.
   *
   * @param readings whose answers are averaged
   * @param seed of every choice
   */
  public Context read(Labelled rows, int readings, long seed) {
    return read(List.of(rows), readings, seed);
  }

  /** Several tables of one task, of as many rows each. */
  private Context read(List<Labelled> tables, int readings, long seed) {
    int size = tables.get(0).cells().length;
    int taken = Math.min(ROWS, size);
    List<CellNumbers> numbers = new ArrayList<>();
    List<RowEmbedder> coders = new ArrayList<>();
    float[] sums = new float[tables.size() * readings * taken * RowTokens.SIZE];
    for (Labelled rows : tables) {
      for (int v = 0; v < readings; v++) {
        SeededRandom random = new SeededRandom(seed, RandomStream.READING, v);
        int[] drawn = Arrays.copyOf(random.permutation(size), taken);
        int[] labels = Arrays.stream(drawn).map(r -> rows.labels()[r]).toArray();
        int[][] cells = Arrays.stream(drawn).mapToObj(r -> rows.cells()[r]).toArray(int[][]::new);
        CellNumbers cellNumbers = CellNumbers.of(rows.categories(), cells);
        double[][] context = Arrays.stream(cells).map(cellNumbers::of).toArray(double[][]::new);
        RowEmbedder coder = RowEmbedder.of(context, labels, rows.classes(), random);
        for (int r = 0; r < taken; r++) {
          int at = (coders.size() * taken + r) * RowTokens.SIZE;
          coder.write(context[r], labels[r], sums, at);
        }
        numbers.add(cellNumbers);
        coders.add(coder);
      }
    }
    NDManager keeper = manager.newSubManager();
    try (NDScope scope = new NDScope()) {
      NDArray read = keeper.create(sums, new Shape(coders.size(), taken, RowTokens.SIZE));
      KeyValueCache cache = InContextPass.read(decoder, weights, read, keeper);
      return new Context(tables.get(0).classes(), readings, numbers, coders, cache, keeper);
    }
  }

  /**
   * Answers rows that each have labelled rows of their own.
   *
   * @param tables the labelled rows of each, as many for all
   * @param cells (rows, columns) as those of the tables
   * @return (rows, classes), each row summing to 1
   */
  public double[][] probabilities(List<Labelled> tables, int[][] cells, int readings, long seed) {
    double[][] all = new double[cells.length][];
    int from = 0;
    while (from < cells.length) {
      int taken = Math.min(ROWS, tables.get(from).cells().length);
      int to = Math.min(cells.length, from + Math.max(1, READ_TOGETHER / (readings * taken)));
      try (Context some = read(tables.subList(from, to), readings, seed)) {
        System.arraycopy(some.ask(Arrays.copyOfRange(cells, from, to)), 0, all, from, to - from);
      }
      from = to;
    }
    return all;
  }

  /**
   * What each row is answered if the rows of its own part are not read: what the answers are worth
   * on rows that are new.
   *
   * @param parts the part of each row; at least two
   * @return (rows, classes)
   */
  public double[][] heldOut(Labelled rows, int[] parts, int readings, long seed) {
    double[][] answers = new double[parts.length][];
    for (int part : Arrays.stream(parts).distinct().toArray()) {
      int[] own = IntStream.range(0, parts.length).filter(r -> parts[r] == part).toArray();
      int[] others = IntStream.range(0, parts.length).filter(r -> parts[r] != part).toArray();
      try (Context context = read(rows.only(others), readings, seed)) {
        double[][] given = context.probabilities(rows.only(own).cells());
        for (int i = 0; i < own.length; i++) {
          answers[own[i]] = given[i];
        }
      }
    }
    return answers;
  }

  /** Labelled rows that were read and can be asked about. */
  public final class Context implements AutoCloseable {
    private final int classes;
    private final int readings;
    private final List<CellNumbers> numbers; // of each reading of each table
    private final List<RowEmbedder> coders;
    private final KeyValueCache cache;
    private final NDManager keeper;

    private Context(
        int classes,
        int readings,
        List<CellNumbers> numbers,
        List<RowEmbedder> coders,
        KeyValueCache cache,
        NDManager keeper) {
      this.classes = classes;
      this.readings = readings;
      this.numbers = numbers;
      this.coders = coders;
      this.cache = cache;
      this.keeper = keeper;
    }

    /**
     * The probability of each label for each row.
     *
     * @param cells (rows, columns) as those that were read
     * @return (rows, classes), each row summing to 1
     */
    public double[][] probabilities(int[][] cells) {
      double[][] all = new double[cells.length][];
      for (int from = 0; from < cells.length; from += ASKED_TOGETHER) {
        int to = Math.min(cells.length, from + ASKED_TOGETHER);
        double[][] some = ask(Arrays.copyOfRange(cells, from, to));
        System.arraycopy(some, 0, all, from, some.length);
      }
      return all;
    }

    /** As many rows about each table, table by table. */
    private double[][] ask(int[][] cells) {
      int each = cells.length * readings / coders.size();
      int[] row = new int[readings * cells.length]; // that each answer is about
      float[] sums = new float[row.length * RowTokens.SIZE];
      for (int i = 0; i < row.length; i++) {
        int reading = i / each;
        row[i] = reading / readings * each + i % each;
        double[] asked = numbers.get(reading).of(cells[row[i]]);
        coders.get(reading).write(asked, -1, sums, i * RowTokens.SIZE);
      }
      float[] logits; // (tables, readings, each, LABELS)
      try (NDScope scope = new NDScope()) {
        NDArray asked = keeper.create(sums, new Shape(row.length, 1, RowTokens.SIZE));
        logits = InContextPass.logits(decoder, weights, asked, cache).toFloatArray();
      }
      double[][] mean = new double[cells.length][classes];
      for (int i = 0; i < row.length; i++) {
        double[] p = softmax(logits, i * RowTokens.LABELS, coders.get(i / each));
        add(p, mean[row[i]], readings);
      }
      return mean;
    }

    /** Of the labels that the task has; the tokens of others do not count. */
    private double[] softmax(float[] logits, int at, RowEmbedder coder) {
      double[] own = new double[classes];
      for (int k = 0; k < classes; k++) {
        own[k] = logits[at + coder.token(k)];
      }
      return Softmax.of(own);
    }

    private static void add(double[] p, double[] mean, int readings) {
      for (int k = 0; k < p.length; k++) {
        mean[k] += p[k] / readings;
      }
    }

    @Override
    public void close() {
      keeper.close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
