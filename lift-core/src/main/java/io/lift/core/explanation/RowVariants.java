package io.lift.core.explanation;

import io.lift.core.explanation.Walks.Walk;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.Extrapolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changed rows of some walks as prompts, each prompt once, and the contributions that follow
 * from their scores.
 */
public final class RowVariants {
  private static final int UNCHANGED = -1;

  private record Key(String text, Extrapolation.Point point) {
    static Key of(Prompt prompt) {
      return new Key(prompt.text(), prompt.point());
    }
  }

  /**
   * What the columns contribute.
   *
   * @param base the mean score of the rows at the ends of the walks
   * @param contributions one per column; with the base, they add up to the score of the row
   */
  public record Contributions(double base, double[] contributions) {}

  private final int columns;
  private final List<Walk> walks;
  private final int[][] steps; // by walk and step: the index of the prompt
  private final List<Prompt> prompts = new ArrayList<>();

  /**
   * @param values of the explained row, by column
   * @param others the rows that the walks lead to, in the same form; a missing value is absent
   * @param columns those that the walks replace
   */
  public RowVariants(
      TaskLanguage language,
      Map<String, Object> values,
      List<Map<String, Object>> others,
      List<ExplainedColumn> columns,
      List<Walk> walks) {
    this.columns = columns.size();
    this.walks = walks;
    this.steps = new int[walks.size()][];
    Map<Key, Integer> known = new HashMap<>();
    known.put(Key.of(language.prompt(new Row(values, null))), UNCHANGED);
    for (int w = 0; w < steps.length; w++) {
      Map<String, Object> changed = new HashMap<>(values);
      Map<String, Object> other = others.get(walks.get(w).row());
      int[] order = walks.get(w).order();
      steps[w] = new int[order.length];
      for (int s = 0; s < order.length; s++) {
        replace(changed, other, columns.get(order[s]));
        Prompt prompt = language.prompt(new Row(changed, null));
        Integer index = known.putIfAbsent(Key.of(prompt), prompts.size());
        if (index == null) {
          steps[w][s] = prompts.size();
          prompts.add(prompt);
        } else {
          steps[w][s] = index;
        }
      }
    }
  }

  private static void replace(
      Map<String, Object> values, Map<String, Object> other, ExplainedColumn column) {
    for (Column part : column.columns()) {
      Object value = other.get(part.name());
      if (value == null) {
        values.remove(part.name());
      } else {
        values.put(part.name(), value);
      }
    }
  }

  /** The prompts to be scored. */
  public List<Prompt> prompts() {
    return prompts;
  }

  /**
   * The contributions.
   *
   * @param own the score of the explained row
   * @param scores of the prompts, in order
   */
  public Contributions contributions(double own, double[] scores) {
    double[] sums = new double[columns];
    double ends = 0;
    for (int w = 0; w < steps.length; w++) {
      double before = own;
      for (int s = 0; s < steps[w].length; s++) {
        double after = steps[w][s] == UNCHANGED ? own : scores[steps[w][s]];
        sums[walks.get(w).order()[s]] += before - after;
        before = after;
      }
      ends += before;
    }
    for (int c = 0; c < columns; c++) {
      sums[c] /= steps.length;
    }
    return new Contributions(ends / steps.length, sums);
  }
}
