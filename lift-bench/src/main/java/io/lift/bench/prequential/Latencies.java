package io.lift.bench.prequential;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** From the sending of each row to its answer. Thread-safe. */
final class Latencies {
  private final AtomicLongArray sentAt; // nanoseconds
  private final AtomicLongArray nanos; // 0 without an answer

  Latencies(int rows) {
    sentAt = new AtomicLongArray(rows);
    nanos = new AtomicLongArray(rows);
  }

  /** A row is being sent. */
  void sent(int row) {
    sentAt.set(row, System.nanoTime());
  }

  /** A row has its answer; only the first one counts. */
  void answered(int row) {
    nanos.compareAndSet(row, 0, Math.max(1, System.nanoTime() - sentAt.get(row)));
  }

  /** A quantile in milliseconds; NaN without answers. */
  double quantile(double quantile) {
    long[] known =
        IntStream.range(0, nanos.length())
            .mapToLong(nanos::get)
            .filter(each -> each > 0)
            .sorted()
            .toArray();
    return known.length == 0
        ? Double.NaN
        : known[(int) Math.round(quantile * (known.length - 1))] / 1e6;
  }
}
