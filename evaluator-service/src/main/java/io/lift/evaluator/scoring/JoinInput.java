package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import java.util.Map;

/**
 * Input of the join: a prediction or a truth of one row, or the deletion of a task, which has
 * neither.
 *
 * @param task the task
 * @param row the row's id; null for a deletion
 * @param prediction an answer, or null
 * @param truth a label, or null
 * @param partition of a deletion: the partition of the join that it is for; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JoinInput(String task, String row, Prediction prediction, Truth truth, Integer partition)
    implements ParsedInput {
  /** Largest input, in bytes of JSON: a row's id, its label and the probabilities of its answer. */
  static final int MAX_BYTES = 512 * 1024;

  /**
   * An answered request.
   *
   * @param answer the answer
   * @param version the checkpoint that answered; 0 is the base model
   * @param trainedTo for each partition of {@code lift.prompts}, the first offset that the
   *     checkpoint had not seen
   * @param latencyMillis from the broker's time of the request to its answer, or null if unknown
   * @param trace the trace that its score belongs to, see {@link io.lift.kafka.Traces}; null
   *     without one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Prediction(
      Answer answer,
      long version,
      Map<Integer, Long> trainedTo,
      Double latencyMillis,
      String trace) {

    Prediction in(String trace) {
      return new Prediction(answer, version, trainedTo, latencyMillis, trace);
    }

    /** Whether the checkpoint had been trained on this truth. */
    boolean trainedOn(Truth truth) {
      Long to = trainedTo.get(truth.partition());
      return truth.trainable() && to != null && truth.offset() < to;
    }
  }

  /**
   * The label of a row.
   *
   * @param label a label, or a decimal number
   * @param trainable whether it is on {@code lift.prompts}; labels elsewhere are never trained on
   * @param partition its partition
   * @param offset its offset
   */
  record Truth(String label, boolean trainable, int partition, long offset) {}

  static JoinInput of(String task, String row, Prediction prediction) {
    return new JoinInput(task, row, prediction, null, null);
  }

  static JoinInput of(String task, String row, Truth truth) {
    return new JoinInput(task, row, null, truth, null);
  }

  static JoinInput forget(String task, int partition) {
    return new JoinInput(task, null, null, null, partition);
  }

  /** The same with the trace of its prediction. */
  JoinInput in(String trace) {
    return trace == null || prediction == null
        ? this
        : new JoinInput(task, row, prediction.in(trace), truth, partition);
  }

  /** Names of tasks hold no slash, so this is unique, and begins with the task. */
  String key() {
    return task + '/' + (row == null ? "" : row);
  }
}
