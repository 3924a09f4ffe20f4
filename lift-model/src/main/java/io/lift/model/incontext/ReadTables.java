package io.lift.model.incontext;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Softmax;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tables of equally many labelled rows and of at most {@link RowFeatures#LABELS} labels, read in
 * several passes each, to answer queries from.
 */
final class ReadTables implements AutoCloseable {
  /** Cells of one forward pass, so that its arrays stay small. */
  private static final int MOST_CELLS = 200_000;

  private static final double MISSED = 0.3; // rows that a label without rows counts as
  private static final double MOST_MISSED = 0.5;
  private static final double NUMBERS_BEYOND = 1e-3; // probability that is spread over all cells

  private final TabularTransformer model;
  private final NDManager owner;
  private final int passes;
  private final int columns;
  private final List<LabelledRows> tables;
  private final List<TableFeatures> features = new ArrayList<>(); // of each pass of each table
  private final List<PassOrder> orders = new ArrayList<>();
  private final double[] means; // of each table's numbers
  private final double[] deviations;
  private final TabularTransformer.Memory memory;
  private final long bytes; // of the memory, which queries do not change

  /**
   * @param owner of the arrays; closed with this
   * @param most columns that a pass reads
   */
  ReadTables(
      TabularTransformer model,
      NDManager owner,
      List<LabelledRows> tables,
      int passes,
      int rows,
      int most,
      long seed) {
    this.model = model;
    this.owner = owner;
    this.tables = tables;
    this.passes = passes;
    this.means = new double[tables.size() * passes];
    this.deviations = new double[tables.size() * passes];
    for (LabelledRows table : tables) {
      for (int pass = 0; pass < passes; pass++) {
        add(table, pass, rows, most, seed);
      }
    }
    this.columns = features.stream().mapToInt(TableFeatures::columns).max().orElseThrow();
    this.memory = read();
    this.bytes = owner.getManagedArrays().stream().mapToLong(a -> Float.BYTES * a.size()).sum();
  }

  private void add(LabelledRows table, int pass, int rows, int most, long seed) {
    SeededRandom random = new SeededRandom(seed, RandomStream.IN_CONTEXT, pass);
    orders.add(
        table.numbers()
            ? PassOrder.ofNumbers(pass, random, most)
            : PassOrder.ofLabels(random, most));
    int at = features.size();
    if (pass > 0 && table.size() <= rows) {
      features.add(features.get(at - 1)); // the same rows
      means[at] = means[at - 1];
      deviations[at] = deviations[at - 1];
      return;
    }
    LabelledRows drawn =
        table.size() <= rows
            ? table
            : table.subset(Arrays.copyOf(random.permutation(table.size()), rows));
    double[][] context = LabelledRows.columns(drawn.cells());
    boolean[] categories = drawn.ofCategories();
    if (!table.numbers()) {
      features.add(TableFeatures.ofLabels(context, categories, drawn.labels(), most));
      return;
    }
    NumberScale scale = NumberScale.of(drawn.labels());
    means[at] = scale.mean();
    deviations[at] = scale.deviation();
    features.add(TableFeatures.ofNumbers(context, categories, scale.scaled(drawn.labels()), most));
  }

  private TabularTransformer.Memory read() {
    int n = features.get(0).rows();
    float[] cells = new float[features.size() * columns * n * CellFeatures.SIZE];
    float[] rows = new float[features.size() * n * RowFeatures.SIZE];
    float[] ownCells = null;
    float[] ownRows = null;
    for (int i = 0; i < features.size(); i++) {
      if (i == 0 || features.get(i) != features.get(i - 1)) {
        ownCells = new float[columns * n * CellFeatures.SIZE];
        ownRows = new float[n * RowFeatures.SIZE];
        features.get(i).writeContext(ownCells, 0, n, ownRows, 0);
      }
      orders.get(i).copyCells(ownCells, cells, i * ownCells.length, columns);
      orders.get(i).copyRows(ownRows, rows, i * ownRows.length);
    }
    try (NDScope scope = new NDScope()) {
      TabularTransformer.Memory read =
          model.read(cells(cells, features.size(), n), rows(rows, features.size(), n));
      read.columns().forEach(this::keep);
      read.rows().forEach(this::keep);
      return read;
    }
  }

  private void keep(NDList arrays) {
    for (NDArray array : arrays) {
      NDScope.unregister(array);
      array.attach(owner);
    }
  }

  private NDArray cells(float[] data, long tables, long length) {
    return owner.create(data, new Shape(tables, columns, length, CellFeatures.SIZE));
  }

  private NDArray rows(float[] data, long tables, long length) {
    return owner.create(data, new Shape(tables, length, RowFeatures.SIZE));
  }

  /**
   * Equally many queries of each table, table by table.
   *
   * @return (queries, classes), each row summing to 1
   */
  double[][] probabilities(int[][] queries) {
    int each = queries.length / tables.size();
    int most = Math.max(1, MOST_CELLS / (features.size() * columns));
    double[][] all = new double[queries.length][];
    for (int from = 0; from < each; from += most) {
      int count = Math.min(most, each - from);
      int[][] some = new int[tables.size() * count][];
      for (int t = 0; t < tables.size(); t++) {
        System.arraycopy(queries, t * each + from, some, t * count, count);
      }
      double[][] answers = answer(some, count);
      for (int t = 0; t < tables.size(); t++) {
        System.arraycopy(answers, t * count, all, t * each + from, count);
      }
    }
    return all;
  }

  private double[][] answer(int[][] queries, int each) {
    int count = features.size();
    boolean numbers = tables.get(0).numbers();
    float[] cells = new float[count * columns * each * CellFeatures.SIZE];
    float[] rows = new float[count * each * RowFeatures.SIZE];
    float[] ownCells = null;
    float[] ownRows = null;
    for (int i = 0; i < count; i++) {
      int table = i / passes;
      if (i == 0 || i % passes == 0 || features.get(i) != features.get(i - 1)) {
        ownCells = new float[columns * each * CellFeatures.SIZE];
        ownRows = new float[each * RowFeatures.SIZE];
        int[][] own = Arrays.copyOfRange(queries, table * each, (table + 1) * each);
        features.get(i).writeQueries(LabelledRows.columns(own), 0, ownCells, 0, each, ownRows, 0);
      }
      orders.get(i).copyCells(ownCells, cells, i * ownCells.length, columns);
      orders.get(i).copyRows(ownRows, rows, i * ownRows.length);
    }
    float[] out;
    try (NDScope scope = new NDScope()) {
      NDArray features = rows(rows, count, each);
      NDArray x = model.queries(cells(cells, count, each), features, memory);
      out = (numbers ? model.quantiles(x, features) : model.labels(x, features)).toFloatArray();
    }
    double[][] answers = new double[queries.length][];
    for (int t = 0; t < tables.size(); t++) {
      for (int i = 0; i < each; i++) {
        answers[t * each + i] = numbers ? numbers(out, t, i, each) : labels(out, t, i, each);
      }
    }
    return answers;
  }

  /** The mean of the passes' logits over the labels that rows have; others have little. */
  private double[] labels(float[] out, int table, int query, int each) {
    LabelledRows rows = tables.get(table);
    boolean[] present = new boolean[rows.classes()];
    Arrays.stream(rows.labels()).forEach(label -> present[label] = true);
    int[] known = IntStream.range(0, present.length).filter(k -> present[k]).toArray();
    double[] logits = new double[known.length];
    for (int pass = 0; pass < passes; pass++) {
      int i = table * passes + pass;
      int at = (i * each + query) * RowFeatures.LABELS;
      for (int k = 0; k < known.length; k++) {
        logits[k] += out[at + orders.get(i).slots()[known[k]]] / passes;
      }
    }
    double[] p = Softmax.of(logits);
    int missed = present.length - known.length;
    double beyond = Math.min(MOST_MISSED, MISSED * missed / (rows.size() + 1.0));
    double[] all = new double[present.length];
    Arrays.fill(all, missed == 0 ? 0 : beyond / missed);
    for (int k = 0; k < known.length; k++) {
      all[known[k]] = (1 - beyond) * p[k];
    }
    return all;
  }

  /** The mean of the passes' quantiles, as probabilities of the target's cells. */
  private double[] numbers(float[] out, int table, int query, int each) {
    double[] mean = new double[Quantiles.COUNT];
    for (int pass = 0; pass < passes; pass++) {
      int i = table * passes + pass;
      int at = (i * each + query) * Quantiles.COUNT;
      double sign = orders.get(i).flipped() ? -1 : 1;
      double[] own = new double[Quantiles.COUNT];
      for (int q = 0; q < own.length; q++) {
        own[q] = means[i] + deviations[i] * sign * out[at + q];
      }
      Arrays.sort(own);
      for (int q = 0; q < own.length; q++) {
        mean[q] += own[q] / passes;
      }
    }
    int classes = tables.get(table).classes();
    double[] cells = new QuantileDistribution(mean).cells(classes);
    for (int c = 0; c < classes; c++) {
      cells[c] = (1 - NUMBERS_BEYOND) * cells[c] + NUMBERS_BEYOND / classes;
    }
    return cells;
  }

  /** What is kept of the rows. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    owner.close();
  }
}
