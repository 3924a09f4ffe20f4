package io.lift.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Detects a rise of the error in a stream: ADWIN2 (Bifet and Gavaldà, Learning from Time-Changing
 * Data with Adaptive Windowing, SDM 2007). It keeps the longest window in which no older and newer
 * part have significantly different means. It drops the older part as soon as the means of two
 * parts differ by more than
 *
 * <pre>
 * ε = sqrt(2/m · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n
 * </pre>
 *
 * <p>Rows are kept in buckets whose sizes are powers of two, at most five of each size. Memory and
 * time grow with the logarithm of the window. A fall of the error shortens the window too, but is
 * not reported: it means that the model is learning. Not thread-safe.
 */
public final class AdaptiveWindow {
  /** Chosen for less than one false report in 10,000 rows, whatever the steady error is. */
  private static final double DELTA = 0.05;

  private static final int BUCKETS_PER_SIZE = 5;
  private static final int CHECK_EVERY = 8;
  private static final int MIN_PART = 16;

  /** Least number of rows between two reports, so that one rise is reported once. */
  private static final long MIN_DISTANCE = 200;

  private final List<Bucket> buckets; // oldest first, with decreasing sizes
  private long seen;
  private long reportedAt;

  public AdaptiveWindow() {
    this(new State(List.of(), 0, -MIN_DISTANCE));
  }

  private AdaptiveWindow(State state) {
    buckets = new ArrayList<>(state.buckets());
    seen = state.seen();
    reportedAt = state.reportedAt();
  }

  /**
   * A bucket of consecutive rows.
   *
   * @param count number of rows, a power of two
   * @param sum sum of their errors
   * @param squares sum of their squared errors
   * @param reported sum of their reported metric
   * @param place of the first row whose place is known; null if none is
   */
  public record Bucket(long count, double sum, double squares, double reported, Long place) {
    private static final Bucket EMPTY = new Bucket(0, 0, 0, 0, null);

    Bucket plus(Bucket newer) {
      return new Bucket(
          count + newer.count,
          sum + newer.sum,
          squares + newer.squares,
          reported + newer.reported,
          place == null ? newer.place : place);
    }
  }

  /**
   * A rise of the error.
   *
   * @param before mean of the reported metric over the older rows
   * @param after mean of the reported metric over the newer rows
   * @param rows how many newer rows there are: those that the window keeps
   * @param place of the first newer row whose place is known; null if none is
   */
  public record Rise(double before, double after, long rows, Long place) {}

  /**
   * The state for a restart.
   *
   * @param buckets oldest first
   * @param seen number of rows so far
   * @param reportedAt value of {@code seen} when a rise was last reported
   */
  public record State(List<Bucket> buckets, long seen, long reportedAt) {}

  public State state() {
    return new State(List.copyOf(buckets), seen, reportedAt);
  }

  /** Continues from a state. */
  public static AdaptiveWindow of(State state) {
    return new AdaptiveWindow(state);
  }

  /**
   * Adds a row.
   *
   * @param error the error of the row, 0..1
   * @param reported the metric whose means are reported
   * @param place where the row is in its log; null if unknown
   * @return a rise, if one is detected
   */
  public Optional<Rise> add(double error, double reported, Long place) {
    buckets.add(new Bucket(1, error, error * error, reported, place));
    compress();
    seen++;
    Means rise = null;
    if (seen % CHECK_EVERY == 0) {
      for (Means cut = cut(); cut != null; cut = cut()) {
        rise = rise == null && cut.rises() ? cut : rise;
      }
    }
    if (rise == null || seen - reportedAt < MIN_DISTANCE) {
      return Optional.empty();
    }
    reportedAt = seen;
    Bucket kept = kept();
    return Optional.of(new Rise(rise.before(), rise.after(), kept.count(), kept.place()));
  }

  /** The number of rows in the window. */
  public long size() {
    return kept().count();
  }

  private Bucket kept() {
    return buckets.stream().reduce(Bucket.EMPTY, Bucket::plus);
  }

  private void compress() {
    int end = buckets.size();
    while (end > BUCKETS_PER_SIZE) {
      long size = buckets.get(end - 1).count();
      int from = end;
      while (from > 0 && buckets.get(from - 1).count() == size) {
        from--;
      }
      if (end - from <= BUCKETS_PER_SIZE) {
        return;
      }
      buckets.set(from, buckets.get(from).plus(buckets.get(from + 1)));
      buckets.remove(from + 1);
      end = from + 1;
    }
  }

  /**
   * The two parts of a cut.
   *
   * @param rises whether the error is greater in the newer part
   * @param before mean of the reported metric over the older part
   * @param after the same over the newer part
   */
  private record Means(boolean rises, double before, double after) {}

  /**
   * If a cut is significant, drops the older part of the most likely one: where the log likelihood
   * ratio of the two parts, as errors of 0 and 1, is greatest.
   *
   * @return the cut; null if none is significant
   */
  private Means cut() {
    Bucket all = kept();
    double mean = all.sum() / all.count();
    double variance = Math.max(0, all.squares() / all.count() - mean * mean);
    double confidence = Math.log(2 * Math.log(Math.max(Math.E, all.count())) / DELTA);
    Bucket old = Bucket.EMPTY;
    boolean significant = false;
    double mostLikely = 0;
    int dropped = 0;
    Means found = null;
    for (int i = 0; i < buckets.size(); i++) {
      old = old.plus(buckets.get(i));
      long newer = all.count() - old.count();
      if (old.count() < MIN_PART || newer < MIN_PART) {
        continue;
      }
      double inverse = 1.0 / old.count() + 1.0 / newer;
      double bound = Math.sqrt(2 * inverse * variance * confidence) + 2 * inverse * confidence / 3;
      double change = (all.sum() - old.sum()) / newer - old.sum() / old.count();
      significant |= Math.abs(change) > bound;
      double likelihoodRatio =
          old.count() * divergence(old.sum() / old.count(), mean)
              + newer * divergence((all.sum() - old.sum()) / newer, mean);
      if (likelihoodRatio > mostLikely) {
        mostLikely = likelihoodRatio;
        dropped = i + 1;
        found =
            new Means(
                change > 0,
                old.reported() / old.count(),
                (all.reported() - old.reported()) / newer);
      }
    }
    if (!significant) {
      return null;
    }
    buckets.subList(0, dropped).clear();
    return found;
  }

  /** The Kullback-Leibler divergence of two Bernoulli distributions, in nats. */
  private static double divergence(double p, double q) {
    return term(p, q) + term(1 - p, 1 - q);
  }

  private static double term(double p, double q) {
    return p <= 0 || q <= 0 ? 0 : p * Math.log(p / q);
  }
}
