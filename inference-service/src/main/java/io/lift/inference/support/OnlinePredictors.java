package io.lift.inference.support;

import io.lift.messages.PredictionMessage.Predictor;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.online.OnlineLearner;
import io.lift.model.online.OnlineTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The predictors of one task that learn a row in microseconds. They answer from all rows before a
 * row, however little time there is. What they have learned follows from the log alone: they begin
 * anew at each block of offsets, with the newest rows before it. Thread-safe.
 */
final class OnlinePredictors {
  /** Offsets from one begin to the next. */
  private static final int BLOCK = 64;

  /** Rows of a batch come from several partitions, so they go back and forth a little. */
  private static final int BLOCKS_KEPT = 4;

  // rates of the logistic regressions, and rows of which something is left in the weights
  private static final double FAST = 0.04;
  private static final int FAST_ROWS = 256;
  private static final double SLOW = 0.005;
  private static final int SLOW_ROWS = 512;

  private static final int NEAREST_ROWS = 256;

  private final TaskSupport task;
  private final OnlineTable table; // null if the task cannot be learned row by row
  private final List<Kind> kinds;

  /** A block's learner, before the block's own rows. */
  private record Begun(long block, OnlineLearner learner) {}

  private static final class Kind {
    private final String name;
    private final int rows;
    private final Function<List<int[]>, OnlineLearner> scaled;
    private final Deque<Begun> begun = new ArrayDeque<>();

    /**
     * @param rows the newest ones before a block that are learned
     * @param scaled makes a learner that has learned nothing, from cells that say how numbers are
     *     scaled
     */
    Kind(String name, int rows, Function<List<int[]>, OnlineLearner> scaled) {
      this.name = name;
      this.rows = rows;
      this.scaled = scaled;
    }
  }

  /**
   * @param table how the task is learned; empty if it cannot be
   */
  OnlinePredictors(TaskSupport task, Optional<OnlineTable> table) {
    this.task = task;
    this.table = table.orElse(null);
    this.kinds = table.map(OnlinePredictors::kinds).orElse(List.of());
  }

  private static List<Kind> kinds(OnlineTable table) {
    return List.of(
        new Kind(Predictor.logistic(FAST), FAST_ROWS, rows -> table.logistic(FAST, rows)),
        new Kind(Predictor.logistic(SLOW), SLOW_ROWS, rows -> table.logistic(SLOW, rows)),
        new Kind(
            Predictor.bayes(SupportWindow.MOST_ROWS), SupportWindow.MOST_ROWS, table::naiveBayes));
  }

  /**
   * Answers a row.
   *
   * @param position the place of the row among the labelled rows
   * @param cells of the row
   * @return probabilities by predictor; empty if there are too few rows, or if the task cannot be
   *     learned in this way
   */
  Map<String, double[]> answers(long position, int[] cells) {
    Map<String, double[]> answers = new LinkedHashMap<>();
    if (table == null) {
      return answers;
    }
    List<LabelledRow> nearest = task.newest(NEAREST_ROWS, position);
    if (nearest.size() < SupportWindow.LEAST_ROWS) {
      return answers;
    }
    int[] labels = nearest.stream().mapToInt(LabelledRow::label).toArray();
    answers.put(Predictor.nearest(NEAREST_ROWS), table.nearest(cells(nearest), labels, cells));
    long block = position / BLOCK * BLOCK;
    List<LabelledRow> news = task.between(block, position);
    for (Kind kind : kinds) {
      OnlineLearner learner = begun(kind, block).copy();
      news.forEach(row -> learner.learn(row.cells(), row.label()));
      answers.put(kind.name, learner.probabilities(cells));
    }
    return answers;
  }

  private static List<int[]> cells(List<LabelledRow> rows) {
    return rows.stream().map(LabelledRow::cells).toList();
  }

  private OnlineLearner begun(Kind kind, long block) {
    synchronized (kind) {
      for (Begun each : kind.begun) {
        if (each.block() == block) {
          return each.learner();
        }
      }
      List<LabelledRow> rows = task.newest(kind.rows, block);
      OnlineLearner learner = kind.scaled.apply(cells(rows));
      rows.forEach(row -> learner.learn(row.cells(), row.label()));
      kind.begun.addFirst(new Begun(block, learner));
      if (kind.begun.size() > BLOCKS_KEPT) {
        kind.begun.removeLast();
      }
      return learner;
    }
  }

  /** The rows that count have changed. */
  void forget() {
    for (Kind kind : kinds) {
      synchronized (kind) {
        kind.begun.clear();
      }
    }
  }
}
