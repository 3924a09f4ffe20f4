package io.lift.bench.paper;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.lift.cli.eval.AnsweredRow;
import io.lift.core.task.TaskType;
import java.util.List;

/**
 * The result of a cell, as its file in {@code cells/} keeps it.
 *
 * @param cell what was run
 * @param model of a cell of Lift, the {@link LiftPrint} that it was run with; else null
 * @param type classification or regression
 * @param labels of a classification, sorted
 * @param trainRows rows that were trained on
 * @param settings what the method chose, or the command that was run
 * @param seconds training and prediction, of a whole {@link Trial}
 * @param rejected the share of generated rows' drafts that were no rows of the table; null if
 *     nothing was generated
 * @param answers every test row with its answer, in the set's order
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"cell", "model"})
record CellResult(
    Cell cell,
    String model,
    TaskType type,
    List<String> labels,
    @JsonProperty("train_rows") int trainRows,
    String settings,
    double seconds,
    Double rejected,
    List<AnsweredRow> answers) {

  CellResult {
    labels = labels == null ? List.of() : labels;
  }

  /** The result of a cell that these answers from one place to another are of. */
  CellResult part(Cell other, int from, int to) {
    return new CellResult(
        other,
        model,
        type,
        labels,
        trainRows,
        settings,
        seconds,
        rejected,
        answers.subList(from, to));
  }
}
