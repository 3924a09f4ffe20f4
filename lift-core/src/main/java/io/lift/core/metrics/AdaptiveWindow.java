package io.lift.core.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notices when the errors of a stream rise: ADWIN (Bifet and Gavaldà, Learning from Time-Changing
 * Data with Adaptive Windowing, SDM 2007). It keeps the longest window whose older and newer parts
 * have the same mean as far as can be told, and drops the oldest rows as soon as two parts differ
 * by more than
 *
 * <pre>
 * ε = sqrt(2/m · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ'),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n
 * </pre>
 *
 * <p>Rows are kept in buckets whose sizes are powers of two, at most five of each size: memory and
 * time grow with the logarithm of the window. A fall of the error (the model is learning) shortens
 * the window too, but is not reported. Not thread-safe.
 */
public final class AdaptiveWindow {
  private static final double DELTA = 0.002;
  private static final int BUCKETS_PER_SIZE = 5;
  private static final int CHECK_EVERY = 16;
  private static final int SMALLEST_PART = 16;

  /** Rows after a report in which another would only repeat it. */
  private static final long QUIET = 200;

  private final List<Bucket> buckets; // oldest first, sizes falling
  private long seen;
  private long reportedAt;

  public AdaptiveWindow() {
    this(new State(List.of(), 0, -QUIET));
  }

  private AdaptiveWindow(State state) {
    buckets = new ArrayList<>(state.buckets());
    seen = state.seen();
    reportedAt = state.reportedAt();
  }

  /**
   * Some consecutive rows.
   *
   * @param count how many, a power of two
   * @param sum of their errors
   * @param squares of their errors, summed
   * @param shown sum of the figure that is reported for them
   */
  public record Bucket(long count, double sum, double squares, double shown) {
    Bucket plus(Bucket other) {
      return new Bucket(
          count + other.count, sum + other.sum, squares + other.squares, shown + other.shown);
    }
  }

  /**
   * A rise of the error.
   *
   * @param before mean of the reported figure over the older rows
   * @param after the same over the newer rows
   */
  public record Rise(double before, double after) {}

  /**
   * Everything needed to go on after a restart.
   *
   * @param buckets oldest first
   * @param seen rows so far
   * @param reportedAt rows when a rise was last reported
   */
  public record State(List<Bucket> buckets, long seen, long reportedAt) {}

  public State state() {
    return new State(List.copyOf(buckets), seen, reportedAt);
  }

  /** Goes on from a state. */
  public static AdaptiveWindow of(State state) {
    return new AdaptiveWindow(state);
  }

  /**
   * Adds a row.
   *
   * @param error 0..1
   * @param shown the figure whose means are reported
   * @return a rise, if there is one
   */
  public Optional<Rise> add(double error, double shown) {
    buckets.add(new Bucket(1, error, error * error, shown));
    compress();
    seen++;
    Rise rise = null;
    if (seen % CHECK_EVERY == 0) {
      for (Rise cut = cut(); cut != null; cut = cut()) {
        rise = rise == null && !Double.isNaN(cut.before()) ? cut : rise;
      }
    }
    if (rise == null || seen - reportedAt < QUIET) {
      return Optional.empty();
    }
    reportedAt = seen;
    return Optional.of(rise);
  }

  /** Rows in the window. */
  public long size() {
    return buckets.stream().mapToLong(Bucket::count).sum();
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
   * Drops the older part where it differs most from the rest; returns the rise, one of NaN for a
   * fall, null if nothing differs.
   */
  private Rise cut() {
    Bucket all = buckets.stream().reduce(new Bucket(0, 0, 0, 0), Bucket::plus);
    double mean = all.sum() / all.count();
    double variance = Math.max(0, all.squares() / all.count() - mean * mean);
    double confidence = Math.log(2 * Math.log(Math.max(Math.E, all.count())) / DELTA);
    Bucket old = new Bucket(0, 0, 0, 0);
    double clearest = 1;
    int older = 0;
    Rise rise = null;
    for (int i = 0; i < buckets.size(); i++) {
      old = old.plus(buckets.get(i));
      long newer = all.count() - old.count();
      if (old.count() < SMALLEST_PART || newer < SMALLEST_PART) {
        continue;
      }
      double inverse = 1.0 / old.count() + 1.0 / newer;
      double bound = Math.sqrt(2 * inverse * variance * confidence) + 2 * inverse * confidence / 3;
      double change = (all.sum() - old.sum()) / newer - old.sum() / old.count();
      if (Math.abs(change) / bound > clearest) {
        clearest = Math.abs(change) / bound;
        older = i + 1;
        rise =
            change < 0
                ? new Rise(Double.NaN, Double.NaN)
                : new Rise(old.shown() / old.count(), (all.shown() - old.shown()) / newer);
      }
    }
    buckets.subList(0, older).clear();
    return rise;
  }
}
