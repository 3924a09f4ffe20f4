package io.lift.bench.baseline;

import java.util.Map;

/**
 * A method and the settings to choose from.
 *
 * @param name as commands and files have it
 * @param title as tables have it
 * @param details what is fixed and what is chosen, after the title
 * @param grid what to try, each by a few words that say what it is
 */
public record Baseline(String name, String title, String details, Map<String, Learner> grid) {

  /** The method and all its settings, e.g. {@code SVM, RBF kernel, C of 1, 10 or 100}. */
  public String settings() {
    return title + ", " + details;
  }

  /** The same with one setting of its grid. */
  public Baseline with(String setting) {
    return new Baseline(name, title, details, Map.of(setting, grid.get(setting)));
  }
}
