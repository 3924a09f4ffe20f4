package io.lift.cli.demo;

import io.lift.cli.base.CliException;
import java.util.List;

/**
 * Which function decides which row: the functions one after another, each for {@code every} rows.
 *
 * @param functions numbers of Agrawal's functions; one alone never drifts
 * @param every rows between two drifts
 * @param repeats whether it goes round; otherwise the last function stays
 */
public record DriftSchedule(List<Integer> functions, long every, boolean repeats) {

  public DriftSchedule {
    if (functions.isEmpty()) {
      throw new CliException("--functions needs at least one function.");
    }
    for (int function : functions) {
      if (function < 1 || function > AgrawalGenerator.FUNCTIONS) {
        throw new CliException(
            "There is no function %d; --functions takes numbers from 1 to %d.",
            function, AgrawalGenerator.FUNCTIONS);
      }
    }
    if (every < 1) {
      throw new CliException("--drift-at must be at least 1.");
    }
    functions = List.copyOf(functions);
  }

  /** The function that decides row {@code row}, counted from 0. */
  public int function(long row) {
    long period = row / every;
    if (!repeats) {
      return functions.get((int) Math.min(period, functions.size() - 1));
    }
    return functions.get((int) (period % functions.size()));
  }

  /** Whether row {@code row} is the first that another function decides. */
  public boolean driftsAt(long row) {
    return row > 0 && function(row) != function(row - 1);
  }
}
