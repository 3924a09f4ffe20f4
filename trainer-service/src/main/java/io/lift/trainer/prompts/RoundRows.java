package io.lift.trainer.prompts;

import io.lift.core.prompt.Example;
import io.lift.kafka.Traces;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a round, each list in the order of the log.
 *
 * @param fresh rows that the weights of the round's start have not been trained on
 * @param rehearsed the other rows of the window
 * @param entering how many of the fresh rows no checkpoint holds yet; they are the last ones. It is
 *     less than their number only where a retrained ensemble joins: checkpoints hold rows that this
 *     ensemble was not trained on.
 */
public record RoundRows(List<WindowRow> fresh, List<WindowRow> rehearsed, int entering) {

  /** Copies the lists. */
  public RoundRows {
    fresh = List.copyOf(fresh);
    rehearsed = List.copyOf(rehearsed);
  }

  public List<Example> freshExamples() {
    return examples(fresh);
  }

  public List<Example> rehearsedExamples() {
    return examples(rehearsed);
  }

  /** The traces of the entering rows, as many as a span may link to. */
  public List<String> traces() {
    return fresh.subList(fresh.size() - entering, fresh.size()).stream()
        .map(WindowRow::trace)
        .filter(Objects::nonNull)
        .limit(Traces.MOST_LINKS)
        .toList();
  }

  /** The examples of some rows, in the same order. */
  public static List<Example> examples(List<WindowRow> rows) {
    return rows.stream().map(WindowRow::example).toList();
  }
}
