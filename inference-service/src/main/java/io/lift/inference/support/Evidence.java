package io.lift.inference.support;

import io.lift.core.prompt.Prompt;
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
 * @param rows all labelled rows before the row, for evidence of changed rows; null for none
 */
public record Evidence(
    RowContent content,
    PredictionMessage.Support support,
    List<ReadSupport> contexts,
    Map<String, double[]> others,
    RowsBefore rows) {

  /** Evidence of which no other can be made. */
  public Evidence(
      RowContent content,
      PredictionMessage.Support support,
      List<ReadSupport> contexts,
      Map<String, double[]> others) {
    this(content, support, contexts, others, null);
  }

  /**
   * The evidence of a changed row: it has the same labelled rows before it. It holds leases of its
   * own.
   */
  public Evidence of(Prompt changed) {
    contexts.forEach(ReadSupport::retain);
    RowContent other = rows.content(changed);
    return new Evidence(other, support, contexts, rows.others(other), rows);
  }

  /** The values by column of the newest labelled rows before the row; empty for none. */
  public List<Map<String, Object>> values(int most) {
    return rows == null ? List.of() : rows.values(most);
  }

  /** Takes leases once more. */
  public void retain() {
    contexts.forEach(ReadSupport::retain);
  }

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
