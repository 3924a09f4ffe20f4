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
 * row, however little time there is. What they have learned follows from the log and the newest
 * drift alone: they begin anew at each block of offsets, with the newest rows before it.
 * Thread-safe.
 */
final class OnlinePredictors {
  /** Offsets from one begin to the next; a task's first rows soon tell more about the scales. */
  private static final int BLOCK = 64;

  private static final int FIRST_BLOCK = 8;
  private static final int FIRST_ROWS = 128;

  /** Rows of a batch come from several partitions, so they go back and forth a little. */
  private static final int BLOCKS_KEPT = 4;

  // rates of the logistic regressions, and the rows that they learn before a block
  private static final double FAST = 0.04;
  private static final double SLOW = 0.005;
  private static final int LEARNED_ROWS = 256;

  private static final int NEAREST_ROWS = 256;

  private final TaskSupport task;
  private final OnlineTable table; // null if the task cannot be learned row by row
  private final List<Kind> kinds;

  /** A learner before a block's own rows, and one that has learned some of them. */
  private static final class Begun {
    private final long block;
    private final long start;
    private final OnlineLearner first;
    private OnlineLearner learner;
    private long learnedTo;

    /**
     * @param block the first offset of the block
     * @param start the first offset that counts, see {@link TaskSupport#start}
     */
    Begun(long block, long start, OnlineLearner first) {
      this.block = block;
      this.start = start;
      this.first = first;
      begin();
    }

    private void begin() {
      learner = first.copy();
      learnedTo = Math.max(block, start);
    }

    /** The learner at a place of the block. Mostly rows are asked for in their order. */
    OnlineLearner at(long position, TaskSupport task) {
      if (position < learnedTo) {
        begin();
      }
      task.inOrder(learnedTo, position).forEach(row -> learner.learn(row.cells(), row.label()));
      learnedTo = Math.max(learnedTo, position);
      return learner;
    }
  }

  private static final class Kind {
    private final String name;
    private final int rows;
    private final Function<List<int[]>, OnlineLearner> scaled;
    private final Deque<Begun> begun = new ArrayDeque<>();

    /**
     * @param rows the newest ones before a block that are learned
     * @param scaled makes a learner that has learned nothing, from cells that say how numbers are
     *     scaled; of the first rows of a task there are none
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
        new Kind(Predictor.logistic(FAST), LEARNED_ROWS, rows -> table.logistic(FAST, rows)),
        new Kind(Predictor.logistic(SLOW), LEARNED_ROWS, rows -> table.logistic(SLOW, rows)),
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
    List<LabelledRow> nearest = task.labelled(NEAREST_ROWS, 0, position);
    if (nearest.size() < SupportWindow.LEAST_ROWS) {
      return answers;
    }
    int[] labels = nearest.stream().mapToInt(LabelledRow::label).toArray();
    answers.put(Predictor.nearest(NEAREST_ROWS), table.nearest(cells(nearest), labels, cells));
    int apart = task.before(position) < FIRST_ROWS ? FIRST_BLOCK : BLOCK;
    long block = position / apart * apart;
    long start = task.start(position);
    for (Kind kind : kinds) {
      synchronized (kind) {
        OnlineLearner learner = begun(kind, block, start).at(position, task);
        answers.put(kind.name, learner.probabilities(cells));
      }
    }
    return answers;
  }

  private static List<int[]> cells(List<LabelledRow> rows) {
    return rows.stream().map(LabelledRow::cells).toList();
  }

  private Begun begun(Kind kind, long block, long start) {
    for (Begun each : kind.begun) {
      if (each.block == block && each.start == start) {
        return each;
      }
    }
    OnlineLearner learner = kind.scaled.apply(cells(task.labelled(kind.rows, 0, block)));
    task.labelled(kind.rows, start, block).forEach(row -> learner.learn(row.cells(), row.label()));
    Begun begun = new Begun(block, start, learner);
    kind.begun.addFirst(begun);
    if (kind.begun.size() > BLOCKS_KEPT) {
      kind.begun.removeLast();
    }
    return begun;
  }
}
