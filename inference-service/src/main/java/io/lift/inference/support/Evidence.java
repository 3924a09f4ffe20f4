package io.lift.inference.support;

import io.lift.messages.PredictionMessage;
import io.lift.model.incontext.RowContent;
import java.util.List;
import java.util.Map;

/**
 * The labelled rows that the answer to one row is based on. All of them are before the row in the
 * log. The caller who got it releases it.
 *
 * @param content of the row, as the in-context model sees it
 * @param support which rows they are
 * @param contexts windows that have been read, from the shortest to the longest
 * @param others probabilities by predictor, of those that learn a row at once
 */
public record Evidence(
    RowContent content,
    PredictionMessage.Support support,
    List<ReadSupport> contexts,
    Map<String, double[]> others) {

  /**
   * How much of the longest window a checkpoint has not learned, 0..1.
   *
   * @param trainedTo for each partition, the first offset that it has not seen
   */
  public double news(Map<Integer, Long> trainedTo) {
    if (contexts.isEmpty()) {
      return 0;
    }
    ReadSupport longest = contexts.get(contexts.size() - 1);
    long known = Math.max(longest.from(), trainedTo.getOrDefault(support.partition(), 0L));
    return Math.max(0, longest.to() - known) / (double) (longest.to() - longest.from());
  }

  /** Gives the leases back. */
  public void release() {
    contexts.forEach(ReadSupport::release);
  }
}
