package io.lift.bench.baseline;

import java.util.Map;

/**
 * A method and the settings to choose from.
 *
 * @param name as commands and files have it
 * @param title as people say it
 * @param grid what to try, each by a few words that say what it is
 */
public record Baseline(String name, String title, Map<String, Learner> grid) {

  /** The same with one setting of its grid. */
  public Baseline with(String setting) {
    return new Baseline(name, title, Map.of(setting, grid.get(setting)));
  }
}
