package io.lift.inference.support;

import io.lift.core.prompt.Prompt;
import io.lift.messages.PredictionMessage.Predictor;
import io.lift.model.LabelledRowReader.LabelledRow;
import io.lift.model.incontext.RowContent;
import java.util.List;
import java.util.Map;

/** The labelled rows of a task before one place. Thread-safe. */
public final class RowsBefore {
  /** Newest rows whose labels are counted. Few follow labels that come in runs. */
  private static final int[] FREQUENCY_ROWS = {8, 64};

  private final TaskSupport task;
  private final OnlinePredictors online;
  private final long position;

  RowsBefore(TaskSupport task, OnlinePredictors online, long position) {
    this.task = task;
    this.online = online;
    this.position = position;
  }

  /** A row as the in-context model sees it. */
  RowContent content(Prompt prompt) {
    return task.reader().content(prompt);
  }

  /**
   * What those predictors say of a row that learn a row at once.
   *
   * @return by predictor; empty if there are too few rows
   */
  Map<String, double[]> online(RowContent content) {
    return online.answers(position, content.cells());
  }

  /** The same, and how often each label occurs. */
  Map<String, double[]> others(RowContent content) {
    return withFrequencies(online(content));
  }

  /** Adds how often each label occurs. */
  Map<String, double[]> withFrequencies(Map<String, double[]> online) {
    for (int rows : FREQUENCY_ROWS) {
      online.put(Predictor.frequencies(rows), task.frequencies(rows, position));
    }
    return online;
  }

  /** The values of the newest rows, by column, oldest first. */
  List<Map<String, Object>> values(int most) {
    return task.labelled(most, 0, position).stream()
        .map(LabelledRow::content)
        .map(task.reader()::values)
        .toList();
  }
}
