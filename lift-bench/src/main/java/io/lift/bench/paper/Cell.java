package io.lift.bench.paper;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of one method on one set. Experiments that ask for the same cell share it.
 *
 * @param set see {@link Sets}
 * @param run from 0
 * @param method {@code lift}, or a baseline by name
 * @param changes what is done to the set first, see {@link Perturbation}
 * @param options of {@code lift eval}
 */
record Cell(String set, int run, String method, List<String> changes, List<String> options) {

  /** Its file's path, without the ending. */
  String key() {
    return Stream.of(
            Stream.of(set + "/" + method),
            options.stream(),
            changes.stream(),
            Stream.of(Integer.toString(run)))
        .flatMap(words -> words)
        .map(word -> word.replaceAll("[^A-Za-z0-9./-]+", "-"))
        .collect(Collectors.joining("."));
  }

  /** The cell that learns what this one does and is tested on the set's own rows. */
  Cell learned() {
    List<String> learned =
        changes.stream().filter(change -> !Perturbation.parse(change).isOfTestRows()).toList();
    return new Cell(set, run, method, learned, options);
  }

  /** The set as this cell sees it. */
  SetData data(Sets sets) {
    SetData data = sets.load(set, run);
    for (String change : changes) {
      data = Perturbation.parse(change).apply(data, run);
    }
    return data;
  }
}
