package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.kafka.Traces;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a round, each list in the order of the log.
 *
 * @param fresh rows that the weights it goes on from have not learnt
 * @param rehearsed the other rows of the window
 * @param entering how many of the fresh ones no checkpoint holds yet: the last of them. Fewer than
 *     all only where a renewed committee joins, which others have left behind.
 */
record RoundRows(List<WindowRow> fresh, List<WindowRow> rehearsed, int entering) {

  RoundRows {
    fresh = List.copyOf(fresh);
    rehearsed = List.copyOf(rehearsed);
  }

  List<Example> freshExamples() {
    return examples(fresh);
  }

  List<Example> rehearsedExamples() {
    return examples(rehearsed);
  }

  /** Traces of the rows that enter, as many as a round may link to. */
  List<String> traces() {
    return fresh.subList(fresh.size() - entering, fresh.size()).stream()
        .map(WindowRow::trace)
        .filter(Objects::nonNull)
        .limit(Traces.MOST_LINKS)
        .toList();
  }

  static List<Example> examples(List<WindowRow> rows) {
    return rows.stream().map(WindowRow::example).toList();
  }
}
