package io.lift.model.incontext;

import io.lift.model.encoder.TextReader;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Answers rows of numbers, categories and texts from labelled rows in context, without training on
 * them. {@link InContextPredictor} reads the numbers and categories, {@link TextContext} the texts.
 * Safe for concurrent use.
 */
public final class InContextReader {
  private final InContextPredictor predictor;
  private final Supplier<TextReader> texts;

  /**
   * @param texts reads texts; opened when a task with text columns comes
   */
  public InContextReader(InContextPredictor predictor, Supplier<TextReader> texts) {
    this.predictor = predictor;
    this.texts = texts;
  }

  /** See {@link TransformerWeights#hash}. */
  public String hash() {
    return predictor.hash();
  }

  /** Labelled rows that were read, to answer queries from. */
  public interface Context extends AutoCloseable {
    /**
     * The probability of each label, or cell of the target's grid, for each query.
     *
     * @return (rows, classes), each row summing to 1
     */
    double[][] probabilities(List<RowContent> queries);

    /** What is kept of the rows, in bytes. */
    long bytes();

    @Override
    void close();
  }

  /** Numbers and categories alone. */
  private record TableContext(InContextPredictor.Context read) implements Context {
    @Override
    public double[][] probabilities(List<RowContent> queries) {
      return read.probabilities(RowContent.cells(queries));
    }

    @Override
    public long bytes() {
      return read.bytes();
    }

    @Override
    public void close() {
      read.close();
    }
  }

  /**
   * Reads labelled rows, see {@link InContextPredictor#read}.
   *
   * @param passes whose answers are averaged
   * @param seed of every choice
   */
  public Context read(SupportRows rows, int passes, long seed) {
    return rows.texts() == null
        ? new TableContext(predictor.read(rows.table(), passes, seed))
        : new TextContext(predictor, texts.get(), rows, passes, seed);
  }

  /**
   * Answers queries that each have labelled rows of their own.
   *
   * @param tables the labelled rows of each query, equally many for all
   * @return (rows, classes), each row summing to 1
   */
  public double[][] probabilities(
      List<SupportRows> tables, List<RowContent> queries, int passes, long seed) {
    if (tables.stream().allMatch(rows -> rows.texts() == null)) {
      return predictor.probabilities(
          tables.stream().map(SupportRows::table).toList(),
          RowContent.cells(queries),
          passes,
          seed);
    }
    double[][] all = new double[queries.size()][];
    for (int q = 0; q < all.length; q++) {
      try (Context context = read(tables.get(q), passes, seed)) {
        all[q] = context.probabilities(queries.subList(q, q + 1))[0];
      }
    }
    return all;
  }

  /**
   * Answers each row from the rows of the other folds, as if it were new.
   *
   * @param folds the fold of each row; at least two different ones
   * @return (rows, classes)
   */
  public double[][] heldOut(SupportRows rows, int[] folds, int passes, long seed) {
    double[][] answers = new double[folds.length][];
    List<RowContent> contents = rows.contents();
    for (int fold : Arrays.stream(folds).distinct().toArray()) {
      int[] own = IntStream.range(0, folds.length).filter(r -> folds[r] == fold).toArray();
      int[] others = IntStream.range(0, folds.length).filter(r -> folds[r] != fold).toArray();
      try (Context context = read(rows.subset(others), passes, seed)) {
        double[][] given =
            context.probabilities(Arrays.stream(own).mapToObj(contents::get).toList());
        for (int i = 0; i < own.length; i++) {
          answers[own[i]] = given[i];
        }
      }
    }
    return answers;
  }
}
