package io.lift.messages;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A compacted topic as a map that follows it: each key's newest value. Reads the whole topic at
 * start (committed records only), then keeps up on a thread of its own. Thread-safe.
 *
 * @param <V> type of the value
 */
public final class CompactedTable<V> implements AutoCloseable {

  /**
   * @param topic the topic
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param listener called on the table's thread for each record in order, value null for a
   *     deletion; a listener that throws is logged and skipped
   */
  public CompactedTable(Topic<V> topic, Map<String, Object> kafka, BiConsumer<String, V> listener) {
    throw new UnsupportedOperationException();
  }

  /** Starts to follow; returns at once. */
  public void start() {
    throw new UnsupportedOperationException();
  }

  public Optional<V> get(String key) {
    throw new UnsupportedOperationException();
  }

  /** An immutable copy of all entries. */
  public Map<String, V> snapshot() {
    throw new UnsupportedOperationException();
  }

  /** Whether everything that the topic held at the start has been read. */
  public boolean caughtUp() {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits until every record committed before this call is in the table.
   *
   * @return false if that took longer than {@code timeout}
   */
  public boolean refresh(Duration timeout) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
