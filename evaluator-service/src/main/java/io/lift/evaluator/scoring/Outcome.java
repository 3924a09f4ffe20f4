package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import io.lift.core.mixture.LikelihoodWeights;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskType;
import io.lift.messages.PromptOffset;
import java.util.Map;

/**
 * What happened to a row, or to its task, as the metrics of the task count it.
 *
 * @param kind what happened
 * @param scored for {@link Kind#SCORED}: the row; otherwise null
 * @param spec for {@link Kind#TASK}: the task; otherwise null
 * @param seen for {@link Kind#SEEN}: how many; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Outcome(Kind kind, Scored scored, Spec spec, Seen seen) implements ParsedInput {

  enum Kind {
    /** The task was created or changed. */
    TASK,
    /** The task was deleted. */
    DELETED,
    /** A prediction met its truth. */
    SCORED,
    /** A prediction met its truth, but had seen it: in training, or in context. */
    LEAKED,
    /** A prediction or a truth came after its partner had expired. */
    LATE,
    /** The truth of a prediction never came. */
    UNMATCHED,
    /** A second prediction or truth of a row. */
    DUPLICATE,
    /** A row and its label came apart and became a training example. */
    JOINED,
    /** A label came without its row and became no training example. */
    UNJOINED,
    /** A request was answered after its deadline. */
    EXPIRED,
    /** A request could not be scored. */
    FAILED,
    /** A record of the task could not be used. */
    DEAD_LETTER,
    /** A partition of the join reports its rows. */
    SEEN
  }

  /**
   * A prediction and its truth.
   *
   * @param truth a label, or a decimal number
   * @param answer the answer of the model
   * @param version the checkpoint that answered
   * @param latencyMillis from the broker's time of the request to its answer, or null if unknown
   * @param at epoch milliseconds of the later of the two
   * @param draw the row's {@link io.lift.core.calibration.RowDraw}; null if an earlier version of
   *     Lift stored the row
   * @param predictors what each predictor said of the truth; null where the checkpoint answered
   *     alone, and empty for a row that is only for tests
   * @param place the row's place on {@code lift.prompts}; for one that is not there, the end of the
   *     labelled rows that its answer was based on; null if unknown
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Scored(
      String truth,
      Answer answer,
      long version,
      Double latencyMillis,
      long at,
      Double draw,
      Map<String, LikelihoodWeights.Score> predictors,
      PromptOffset place) {}

  /**
   * What the metrics need of a task.
   *
   * @param type classification or regression
   * @param coverage how often label sets or intervals are to hold the truth
   * @param adaptive whether their level adapts; true if null
   */
  record Spec(TaskType type, double coverage, Boolean adaptive) {

    CalibrationPolicy calibration() {
      return new CalibrationPolicy(coverage, null, adaptive);
    }
  }

  /**
   * The rows of a task that one partition of the join has seen so far.
   *
   * @param partition which partition
   * @param rows different rows
   * @param predictions answered ones
   */
  record Seen(int partition, long rows, long predictions) {
    Seen plus(boolean row, boolean prediction) {
      return new Seen(partition, rows + (row ? 1 : 0), predictions + (prediction ? 1 : 0));
    }
  }

  static Outcome of(Kind kind) {
    return new Outcome(kind, null, null, null);
  }

  static Outcome scored(Scored scored) {
    return new Outcome(Kind.SCORED, scored, null, null);
  }

  static Outcome task(Spec spec) {
    return new Outcome(Kind.TASK, null, spec, null);
  }

  static Outcome seen(Seen seen) {
    return new Outcome(Kind.SEEN, null, null, seen);
  }
}
