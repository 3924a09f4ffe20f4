package io.lift.inference.support;

import io.lift.messages.PredictionMessage;
import java.util.List;

/**
 * The labelled rows that the answer to one row is based on. All of them are before the row in the
 * log. The caller who got it releases it.
 *
 * @param cells of the row, as the in-context model sees it
 * @param contexts windows that have been read, from the shortest to the longest
 * @param frequencies how often each answer occurs among the newest rows
 */
public record Evidence(int[] cells, List<ReadSupport> contexts, double[] frequencies) {

  /** Which rows they are. */
  public PredictionMessage.Support support(int partition) {
    long from = contexts.stream().mapToLong(ReadSupport::from).min().orElseThrow();
    long to = contexts.stream().mapToLong(ReadSupport::to).max().orElseThrow();
    int rows = contexts.stream().mapToInt(ReadSupport::rows).max().orElseThrow();
    return new PredictionMessage.Support(partition, from, to, rows);
  }

  /** Gives the leases back. */
  public void release() {
    contexts.forEach(ReadSupport::release);
  }
}
