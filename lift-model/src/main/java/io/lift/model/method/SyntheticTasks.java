package io.lift.model.method;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Generated tasks in the columns and labels of a task, which two-stage fine-tuning trains before
 * the task's own rows. A generated classification is what the paper's authors take, scikit-learn's
 * {@code make_classification} with all features informative and one cluster per class: each label
 * has a corner of a hypercube as its centre, about which rows lie in a Gaussian of random
 * covariance. A generated regression is a random linear function of such rows. Each column of the
 * rows is then brought to the mean and deviation of the task's own column; words stand for equally
 * probable ranges of a number, text is missing.
 */
public final class SyntheticTasks {
  /** How many tasks are generated, as in the paper. */
  public static final int TASKS = 2;

  /** Rows of each, as in the paper. */
  public static final int ROWS = 100;

  private SyntheticTasks() {}

  /**
   * The rows of a generated task.
   *
   * @param number of the task, from 1; it stands in the prompts
   * @param seed of the task that comes after it
   */
  public static List<Example> rows(TaskLanguage language, int number, long seed) {
    TaskSpec task = language.task();
    SeededRandom random = new SeededRandom(seed, RandomStream.PRETEXT, number);
    int features = task.features().size();
    int labels = task.labels().size(); // 0 for regression
    double[][] centres = centres(Math.max(1, labels), features, random);
    double[][] spread = new double[features][features];
    for (double[] row : spread) {
      for (int i = 0; i < features; i++) {
        row[i] = 2 * random.uniform() - 1;
      }
    }
    double[][] table = new double[ROWS][];
    for (int r = 0; r < ROWS; r++) {
      table[r] = around(centres[labels == 0 ? 0 : r % labels], spread, random);
    }
    standardise(table);
    double[] targets = labels == 0 ? linear(table, random) : null;

    List<Example> rows = new ArrayList<>(ROWS);
    for (int r = 0; r < ROWS; r++) {
      Object target =
          task.type() == TaskType.REGRESSION
              ? (Object) value(task.target().numbers(), targets[r])
              : task.labels().get(r % labels);
      rows.add(
          new Example(language.pretext(number, row(task, table[r])), language.completion(target)));
    }
    return rows;
  }

  /** Corners of the hypercube from -1 to 1, different ones as long as there are any. */
  private static double[][] centres(int count, int features, SeededRandom random) {
    double[][] centres = new double[count][features];
    Set<List<Double>> taken = new HashSet<>();
    for (double[] centre : centres) {
      List<Double> corner = new ArrayList<>();
      do {
        corner.clear();
        for (int i = 0; i < features; i++) {
          corner.add(random.uniform() < 0.5 ? -1.0 : 1.0);
        }
      } while (!taken.add(corner) && (features > 30 || taken.size() < 1L << features));
      for (int i = 0; i < features; i++) {
        centre[i] = corner.get(i);
      }
    }
    return centres;
  }

  private static double[] around(double[] centre, double[][] spread, SeededRandom random) {
    double[] row = centre.clone();
    for (double[] direction : spread) {
      double along = random.gaussian();
      for (int i = 0; i < row.length; i++) {
        row[i] += along * direction[i];
      }
    }
    return row;
  }

  /** Brings every column to mean 0 and deviation 1. */
  private static void standardise(double[][] table) {
    for (int i = 0; i < table[0].length; i++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : table) {
        sum += row[i];
        squares += row[i] * row[i];
      }
      double mean = sum / table.length;
      double deviation = Math.sqrt(Math.max(1e-12, squares / table.length - mean * mean));
      for (double[] row : table) {
        row[i] = (row[i] - mean) / deviation;
      }
    }
  }

  private static double[] linear(double[][] table, SeededRandom random) {
    double[][] sums = new double[table.length][1];
    for (int i = 0; i < table[0].length; i++) {
      double weight = 2 * random.uniform() - 1;
      for (int r = 0; r < table.length; r++) {
        sums[r][0] += weight * table[r][i];
      }
    }
    standardise(sums);
    double[] targets = new double[table.length];
    for (int r = 0; r < targets.length; r++) {
      targets[r] = sums[r][0];
    }
    return targets;
  }

  private static Row row(TaskSpec task, double[] standard) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < standard.length; i++) {
      Column column = task.features().get(i);
      if (column.type() == ColumnType.NUMBER) {
        double value = value(column.numbers(), standard[i]);
        values.put(column.name(), column.numbers().whole() ? Math.rint(value) : value);
      } else if (column.type() == ColumnType.CATEGORY) {
        int words = column.categories().size();
        int word = (int) (words / (1 + Math.exp(-1.702 * standard[i]))); // nearly the normal's cdf
        values.put(column.name(), column.categories().get(Math.min(words - 1, word)));
      }
    }
    return new Row(values, null, 0);
  }

  private static double value(NumberStats stats, double standard) {
    return stats.mean() + standard * stats.deviation();
  }
}
