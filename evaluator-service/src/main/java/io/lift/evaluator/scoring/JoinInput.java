package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import io.lift.core.task.Extrapolation;
import io.lift.messages.Origin;
import io.lift.messages.PredictionMessage;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Input of the join: a prediction or a truth of one row, a row that waits for its label, or the
 * deletion of a task, which has none of them.
 *
 * @param task the task
 * @param row the row's id; null for a deletion
 * @param prediction an answer, or null
 * @param truth a label, or null
 * @param completion beside a truth: the label as it waits for its row; null for one that does not
 * @param question a row that waits for its label, or null
 * @param partition of a deletion: the partition of the join that it is for; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JoinInput(
    String task,
    String row,
    Prediction prediction,
    Truth truth,
    Completion completion,
    Question question,
    Integer partition)
    implements ParsedInput {
  /**
   * Largest input, in bytes of JSON: a row's id, its label and the probabilities of its answer, or
   * its prompt.
   */
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
   * @param support the labelled rows that it read in context; null for none
   * @param predictors what its predictors answered; null for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Prediction(
      Answer answer,
      long version,
      Map<Integer, Long> trainedTo,
      Double latencyMillis,
      String trace,
      PredictionMessage.Support support,
      List<PredictionMessage.Predictor> predictors) {

    Prediction in(String trace) {
      return new Prediction(answer, version, trainedTo, latencyMillis, trace, support, predictors);
    }

    /**
     * Whether the checkpoint had been trained on this truth, or labelled rows up to it had been
     * read in context.
     */
    boolean hadSeen(Truth truth) {
      Long to = trainedTo.get(truth.partition());
      boolean trained = to != null && truth.offset() < to;
      boolean read =
          support != null
              && support.partition() == truth.partition()
              && truth.offset() < support.to();
      return truth.trainable() && (trained || read);
    }
  }

  /**
   * The label of a row.
   *
   * @param label a label, or a decimal number
   * @param training whether a checkpoint can have been trained on it
   * @param partition its partition
   * @param offset its offset
   */
  record Truth(String label, Training training, int partition, long offset) {
    /** Whether its place is that of a training example on {@code lift.prompts}. */
    boolean trainable() {
      return training == Training.OFFSET || training == Training.JOINED;
    }

    Truth withTraining(Training changed) {
      return new Truth(label, changed, partition, offset);
    }
  }

  /** Whether checkpoints are trained on a truth, and which. */
  enum Training {
    /** It is on {@code lift.labels}, and no training example is made of it so far. */
    NONE,
    /** It is on {@code lift.labels}, and its training example is on the way to its topic. */
    COMING,
    /** It is on {@code lift.prompts}: those that have seen its offset. */
    OFFSET,
    /** The same, and the truth had come before on {@code lift.labels}. */
    JOINED
  }

  /**
   * A label that waits for its row.
   *
   * @param text the label as the end of a training example
   * @param label a label, or a decimal number
   * @param language hash of the language of the text
   * @param labelWait how long it waits, in milliseconds
   */
  record Completion(String text, String label, String language, long labelWait) {
    /** Whether it makes the same example. */
    boolean isSameAs(Completion other) {
      return other != null && text.equals(other.text) && language.equals(other.language);
    }
  }

  /**
   * A row that waits for its label.
   *
   * @param taskVersion version of the task that rendered it
   * @param prompt the sentence
   * @param grid offsets of the grid numbers in the prompt
   * @param origin where the row came from
   * @param language hash of the language of the prompt
   * @param labelWait how long it waits, in milliseconds
   * @param point the linear part of its answer; null for none
   */
  record Question(
      int taskVersion,
      String prompt,
      int[] grid,
      Origin origin,
      String language,
      long labelWait,
      Extrapolation.Point point) {
    /** Whether it makes the same example. */
    boolean isSameAs(Question other) {
      return other != null
          && prompt.equals(other.prompt)
          && language.equals(other.language)
          && Objects.equals(point, other.point);
    }
  }

  static JoinInput of(String task, String row, Prediction prediction) {
    return new JoinInput(task, row, prediction, null, null, null, null);
  }

  static JoinInput of(String task, String row, Truth truth) {
    return of(task, row, truth, null);
  }

  static JoinInput of(String task, String row, Truth truth, Completion completion) {
    return new JoinInput(task, row, null, truth, completion, null, null);
  }

  static JoinInput of(String task, String row, Question question) {
    return new JoinInput(task, row, null, null, null, question, null);
  }

  static JoinInput forget(String task, int partition) {
    return new JoinInput(task, null, null, null, null, null, partition);
  }

  /** The same with the trace of its prediction. */
  JoinInput in(String trace) {
    return trace == null || prediction == null ? this : of(task, row, prediction.in(trace));
  }

  /** Names of tasks hold no slash, so this is unique, and begins with the task. */
  String key() {
    return task + '/' + (row == null ? "" : row);
  }
}
