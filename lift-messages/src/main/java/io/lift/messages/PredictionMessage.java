package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.lift.core.answer.Answer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The answer to one request, on {@code lift.predictions} and on the reply topic.
 *
 * @param task the task
 * @param row the row's id; also the key
 * @param status whether there is an answer
 * @param answer the answer; null unless {@code status} is {@code answered}
 * @param checkpoint the checkpoint that answered; null unless {@code status} is {@code answered}
 * @param templateHash hash of the task's language
 * @param origin where the row came from
 * @param timings how long it took
 * @param message why a request failed, in one sentence; otherwise null
 * @param missing features that the row did not name, or whose word the task does not have; null for
 *     none
 * @param extrapolated features in which the row is beyond what the task was made from; null for
 *     none
 * @param support the labelled rows that were read in context; null for none
 * @param predictors what each predictor answered, of which {@code answer} is the mixture; null
 *     where the checkpoint answered alone
 * @param explanation what each column contributes to the answer, if the request asks for that;
 *     otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PredictionMessage(
    String task,
    String row,
    Status status,
    Answer answer,
    Checkpoint checkpoint,
    String templateHash,
    Origin origin,
    Timings timings,
    String message,
    List<String> missing,
    List<String> extrapolated,
    Support support,
    List<Predictor> predictors,
    Explanation explanation) {

  /** An answer that is not explained. */
  public PredictionMessage(
      String task,
      String row,
      Status status,
      Answer answer,
      Checkpoint checkpoint,
      String templateHash,
      Origin origin,
      Timings timings,
      String message,
      List<String> missing,
      List<String> extrapolated,
      Support support,
      List<Predictor> predictors) {
    this(
        task,
        row,
        status,
        answer,
        checkpoint,
        templateHash,
        origin,
        timings,
        message,
        missing,
        extrapolated,
        support,
        predictors,
        null);
  }

  /** The answer to a row that named every feature. */
  public PredictionMessage(
      String task,
      String row,
      Status status,
      Answer answer,
      Checkpoint checkpoint,
      String templateHash,
      Origin origin,
      Timings timings,
      String message) {
    this(
        task,
        row,
        status,
        answer,
        checkpoint,
        templateHash,
        origin,
        timings,
        message,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same prediction with an explanation. */
  public PredictionMessage explained(Explanation given) {
    return new PredictionMessage(
        task,
        row,
        status,
        answer,
        checkpoint,
        templateHash,
        origin,
        timings,
        message,
        missing,
        extrapolated,
        support,
        predictors,
        given);
  }

  /** The outcome of a request. */
  public enum Status {
    @JsonProperty("answered")
    ANSWERED,
    /** The deadline had passed before the request was scored. */
    @JsonProperty("expired")
    EXPIRED,
    /** The request could not be scored; see the message. */
    @JsonProperty("failed")
    FAILED
  }

  /**
   * The checkpoint that answered.
   *
   * @param version checkpoint version; 0 is the base model
   * @param sha256 hash of the checkpoint file; null for the base model
   * @param trainedTo for each partition of {@code lift.prompts}, the first offset that the
   *     checkpoint has not seen; empty for the base model
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Checkpoint(long version, String sha256, Map<Integer, Long> trainedTo) {}

  /**
   * The labelled rows that the answer is based on. All of them are before the row itself.
   *
   * @param partition their partition of {@code lift.prompts}
   * @param from offset of the oldest one
   * @param to the first offset after the newest one
   * @param rows how many there are
   */
  public record Support(int partition, long from, long to, int rows) {}

  /**
   * What one predictor answered.
   *
   * @param name {@code context-N}: the in-context model on the newest N labelled rows; {@code
   *     checkpoint-N}: version N; {@code frequencies-N}: how often the newest N labels occur;
   *     {@code boosting-N}: trees boosted on the newest N rows; {@code nearest-N}: the labels of
   *     the nearest among the newest N rows; {@code bayes-N}: naive Bayes on the newest N rows;
   *     {@code logistic-R}: logistic regression that learns each row in turn with the rate R
   * @param share of the predictor in the answer, 0..1
   * @param probabilities classification: of each label, in the order of the answer's; otherwise
   *     null
   * @param value regression: the median; otherwise null
   * @param interval regression: the predictor's own interval; otherwise null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Predictor(
      String name,
      double share,
      List<Double> probabilities,
      Double value,
      Answer.Interval interval) {
    private static final String CHECKPOINT = "checkpoint-";
    private static final String CONTEXT = "context-";
    private static final String FREQUENCIES = "frequencies-";
    private static final String NEAREST = "nearest-";
    private static final String BAYES = "bayes-";
    private static final String LOGISTIC = "logistic-";
    private static final String BOOSTING = "boosting-";

    /** The name of the in-context model on so many of the newest labelled rows. */
    public static String context(int rows) {
      return CONTEXT + rows;
    }

    /** The name of the frequencies of so many of the newest labels. */
    public static String frequencies(int rows) {
      return FREQUENCIES + rows;
    }

    /** The name of trees that were boosted on so many of the newest labelled rows. */
    public static String boosting(int rows) {
      return BOOSTING + rows;
    }

    /** The name of the labels of those rows that are nearest among so many of the newest. */
    public static String nearest(int rows) {
      return NEAREST + rows;
    }

    /** The name of naive Bayes on so many of the newest labelled rows. */
    public static String bayes(int rows) {
      return BAYES + rows;
    }

    /** The name of the logistic regression that learns each row in turn with this rate. */
    public static String logistic(double rate) {
      return LOGISTIC + rate;
    }

    /** The name of a checkpoint as a predictor. */
    public static String checkpoint(long version) {
      return CHECKPOINT + version;
    }

    /** The version of a checkpoint with the name of a predictor; empty for another predictor. */
    public static OptionalLong version(String name) {
      try {
        return name.startsWith(CHECKPOINT)
            ? OptionalLong.of(Long.parseLong(name.substring(CHECKPOINT.length())))
            : OptionalLong.empty();
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
  }

  /**
   * Milliseconds.
   *
   * @param queued from the broker's time of the request to the start of its batch
   * @param scored time of the forward pass of its batch
   * @param batch rows in that batch (a count)
   */
  public record Timings(double queued, double scored, int batch) {}
}
