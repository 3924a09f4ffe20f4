package io.lift.model.context;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers rows of a classification by reading labelled rows in context, without any training on
 * them. Safe for concurrent use.
 */
public final class ContextReader implements AutoCloseable {
  /** Rows that a reading takes in at most; of more, each reading draws its own. */
  public static final int ROWS = 128;

  private static final int ASKED_TOGETHER = 256;

  private final NDManager manager;
  private final Decoder decoder;
  private final DecoderWeights weights;
  private final String hash;

  /**
   * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
   */
  public ContextReader(ContextModel model, String device) {
    this.manager = TorchEngine.load().newBaseManager(TorchEngine.device(device));
    this.decoder = new Decoder(model.layout().config(), manager);
    this.weights = model.weights(manager);
    this.hash = model.hash();
  }

  /** See {@link ContextModel#hash}. */
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
    int taken = Math.min(ROWS, rows.cells().length);
    List<CellNumbers> numbers = new ArrayList<>();
    List<RowCoder> coders = new ArrayList<>();
    float[] sums = new float[readings * taken * RowTokens.SIZE];
    for (int v = 0; v < readings; v++) {
      SeededRandom random = new SeededRandom(seed, Purpose.READING, v);
      int[] drawn = Arrays.copyOf(random.permutation(rows.cells().length), taken);
      int[] labels = Arrays.stream(drawn).map(r -> rows.labels()[r]).toArray();
      int[][] cells = Arrays.stream(drawn).mapToObj(r -> rows.cells()[r]).toArray(int[][]::new);
      CellNumbers cellNumbers = CellNumbers.of(rows.categories(), cells);
      double[][] context = Arrays.stream(cells).map(cellNumbers::of).toArray(double[][]::new);
      RowCoder coder = RowCoder.of(context, labels, rows.classes(), random);
      for (int r = 0; r < taken; r++) {
        coder.write(context[r], labels[r], sums, (v * taken + r) * RowTokens.SIZE);
      }
      numbers.add(cellNumbers);
      coders.add(coder);
    }
    NDManager keeper = manager.newSubManager();
    try (NDScope scope = new NDScope()) {
      NDArray read = keeper.create(sums, new Shape(readings, taken, RowTokens.SIZE));
      KeyValueCache cache = ContextPass.read(decoder, weights, read, keeper);
      return new Context(rows.classes(), numbers, coders, cache, keeper);
    }
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
    private final List<CellNumbers> numbers; // of each reading
    private final List<RowCoder> coders;
    private final KeyValueCache cache;
    private final NDManager keeper;

    private Context(
        int classes,
        List<CellNumbers> numbers,
        List<RowCoder> coders,
        KeyValueCache cache,
        NDManager keeper) {
      this.classes = classes;
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

    private double[][] ask(int[][] cells) {
      int readings = coders.size();
      float[] sums = new float[readings * cells.length * RowTokens.SIZE];
      for (int v = 0; v < readings; v++) {
        for (int r = 0; r < cells.length; r++) {
          int at = (v * cells.length + r) * RowTokens.SIZE;
          coders.get(v).write(numbers.get(v).of(cells[r]), -1, sums, at);
        }
      }
      float[] logits; // (readings, rows, LABELS)
      try (NDScope scope = new NDScope()) {
        NDArray asked =
            keeper.create(sums, new Shape((long) readings * cells.length, 1, RowTokens.SIZE));
        logits = ContextPass.logits(decoder, weights, asked, cache).toFloatArray();
      }
      double[][] mean = new double[cells.length][classes];
      for (int v = 0; v < readings; v++) {
        for (int r = 0; r < cells.length; r++) {
          int at = (v * cells.length + r) * RowTokens.LABELS;
          add(softmax(logits, at, coders.get(v)), mean[r], readings);
        }
      }
      return mean;
    }

    /** Of the labels that the task has; the tokens of others do not count. */
    private double[] softmax(float[] logits, int at, RowCoder coder) {
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
