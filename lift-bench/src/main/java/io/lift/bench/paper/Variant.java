package io.lift.bench.paper;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to try a set.
 *
 * @param name as the report has it; empty for the plain way
 * @param at where it stands on the axis of a line plot; null elsewhere
 * @param changes what is done to the set, see {@link Perturbation}
 * @param options further options of {@code lift eval}; baselines have none
 */
record Variant(String name, Double at, List<String> changes, List<String> options) {
  static final Variant PLAIN = new Variant("", null, null, null);

  Variant {
    name = name == null ? "" : name;
    changes = changes == null ? List.of() : List.copyOf(changes);
    options = options == null ? List.of() : List.copyOf(options);
    changes.forEach(Perturbation::parse);
  }

  /** The same after another change, and with another option. */
  Variant after(String change, String option) {
    List<String> more = new ArrayList<>(List.of(change));
    more.addAll(changes);
    List<String> all = new ArrayList<>(options);
    all.add(option);
    return new Variant(name, at, more, all);
  }
}
