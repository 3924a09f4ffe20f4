package io.lift.page.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.answer.Answer;
import io.lift.messages.PredictionMessage;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A prediction as the page shows it, with its label once that is there.
 *
 * @param row the row's id
 * @param at when it came, epoch milliseconds
 * @param status {@code answered}, {@code expired} or {@code failed}
 * @param label of a classification: the answer
 * @param probability of a classification: that of the answer
 * @param probabilities of a classification: the most probable labels, falling
 * @param value of a regression: the answer
 * @param interval of a regression: the interval that holds the truth in most cases
 * @param version the checkpoint that answered; 0 is the base model
 * @param context how many labelled rows the answer is based on that no checkpoint had learned; null
 *     for none
 * @param latencyMillis from the broker's time of the request to its answer
 * @param message of a failed request: why
 * @param abstained whether the answer is less probable than the task requires; null if not
 * @param missing columns that the row did not name; null for none
 * @param truth the label; null until it arrives
 * @param right whether the answer is the label; null for a regression and until the label arrives
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Prediction(
    String row,
    long at,
    PredictionMessage.Status status,
    String label,
    Double probability,
    Map<String, Double> probabilities,
    Double value,
    Answer.Interval interval,
    Long version,
    Integer context,
    Double latencyMillis,
    String message,
    Boolean abstained,
    List<String> missing,
    String truth,
    Boolean right) {
  private static final int SHOWN_LABELS = 5;

  static Prediction of(PredictionMessage message, long at, String truth) {
    Answer answer = message.answer() == null ? Answer.ofLabels(null, null) : message.answer();
    Map<String, Double> all = answer.probabilities();
    PredictionMessage.Timings timings = message.timings();
    return new Prediction(
            message.row(),
            at,
            message.status(),
            answer.label(),
            all == null ? null : all.get(answer.label()),
            mostProbable(all, SHOWN_LABELS),
            answer.value(),
            answer.interval(),
            message.checkpoint() == null ? null : message.checkpoint().version(),
            message.support() == null ? null : message.support().rows(),
            timings == null ? null : timings.queued() + timings.scored(),
            message.message(),
            answer.abstained(),
            message.missing(),
            null,
            null)
        .with(truth);
  }

  /** The same with its label. */
  Prediction with(String arrived) {
    return arrived == null
        ? this
        : new Prediction(
            row,
            at,
            status,
            label,
            probability,
            probabilities,
            value,
            interval,
            version,
            context,
            latencyMillis,
            message,
            abstained,
            missing,
            arrived,
            label == null ? null : label.equals(arrived));
  }

  /** The most probable labels, falling; null stays null. */
  public static Map<String, Double> mostProbable(Map<String, Double> probabilities, int most) {
    if (probabilities == null) {
      return null;
    }
    Map<String, Double> shown = new LinkedHashMap<>();
    probabilities.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .forEach(entry -> shown.put(entry.getKey(), entry.getValue()));
    return shown;
  }
}
