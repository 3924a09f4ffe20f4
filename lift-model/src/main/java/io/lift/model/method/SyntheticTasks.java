package io.lift.model.method;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
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
 * Synthetic tasks with the columns and labels of a task. Two-stage fine-tuning trains them before
 * the task's own rows (Dinh et al., LIFT, NeurIPS 2022). A classification follows scikit-learn's
 * {@code make_classification} with all features informative and one cluster per class, as in the
 * paper: the centre of a label is a corner of a hypercube, and its rows are Gaussian with random
 * covariance. A regression is a random linear function of such rows. Each column is scaled to the
 * mean and standard deviation of the task's own column. Words represent equally probable ranges of
 * a number. Text is missing.
 */
public final class SyntheticTasks {
  /** Number of synthetic tasks, as in the paper. */
  public static final int TASKS = 2;

  /** Number of rows of each task, as in the paper. */
  public static final int ROWS = 100;

  private SyntheticTasks() {}

  /**
   * The rows of a synthetic task.
   *
   * @param number number of the synthetic task, from 1; the prompts contain it
   * @param seed seed of the task itself
   */
  public static List<Example> rows(TaskLanguage language, int number, long seed) {
    TaskSpec task = language.task();
    SeededRandom random = new SeededRandom(seed, RandomStream.SYNTHETIC_TASKS, number);
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
      Prompt prompt = language.syntheticPrompt(number, row(task, table[r]));
      rows.add(new Example(prompt, language.completion(prompt, target)));
    }
    return rows;
  }

  /** Random corners of the hypercube from -1 to 1, without repetition as long as possible. */
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

  /** Scales every column to mean 0 and standard deviation 1. */
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

  private static Row row(TaskSpec task, double[] standardised) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < standardised.length; i++) {
      Column column = task.features().get(i);
      if (column.type() == ColumnType.NUMBER) {
        double value = value(column.numbers(), standardised[i]);
        values.put(column.name(), column.numbers().whole() ? Math.rint(value) : value);
      } else if (column.type() == ColumnType.CATEGORY) {
        int words = column.categories().size();
        int word =
            (int) (words / (1 + Math.exp(-1.702 * standardised[i]))); // close to the normal cdf
        values.put(column.name(), column.categories().get(Math.min(words - 1, word)));
      }
    }
    return new Row(values, null);
  }

  private static double value(NumberStats stats, double standardised) {
    return stats.mean() + standardised * stats.deviation();
  }
}
