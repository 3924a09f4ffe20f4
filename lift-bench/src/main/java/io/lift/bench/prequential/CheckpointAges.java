package io.lift.bench.prequential;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.kafka.CompactedTable;
import io.lift.messages.CheckpointManifest;
import java.util.HashMap;
import java.util.Map;

/**
 * When the checkpoints of tasks came and how old the current ones became, by the clock of this
 * machine. Thread-safe.
 */
final class CheckpointAges implements AutoCloseable {
  private final CompactedTable<CheckpointManifest> table;
  private final Map<String, Ages> byTask = new HashMap<>();

  /** The checkpoints of one task; moments are epoch milliseconds. */
  private static final class Ages {
    private long firstAt;
    private long newestMadeAt;
    private long oldest;
    private int count;
  }

  /** Follows all checkpoints from now on. */
  CheckpointAges(ConnectionSettings kafka) {
    table = new CompactedTable<>(kafka.topics().checkpoints(), kafka.client(), this::checkpoint);
    table.start();
  }

  private synchronized void checkpoint(String task, CheckpointManifest manifest) {
    if (manifest == null) {
      return;
    }
    long now = System.currentTimeMillis();
    Ages ages = byTask.computeIfAbsent(task, any -> new Ages());
    if (ages.count == 0) {
      ages.firstAt = now;
    } else {
      ages.oldest = Math.max(ages.oldest, now - ages.newestMadeAt);
    }
    ages.newestMadeAt = manifest.createdAt();
    ages.count++;
  }

  /** How many checkpoints of a task have come. */
  synchronized int count(String task) {
    return byTask.containsKey(task) ? byTask.get(task).count : 0;
  }

  /** Seconds from a moment in epoch milliseconds to a task's first checkpoint; NaN without one. */
  synchronized double secondsToFirst(String task, long from) {
    return count(task) == 0 ? Double.NaN : (byTask.get(task).firstAt - from) / 1e3;
  }

  /** Age of a task's checkpoint at a moment in epoch milliseconds, in seconds; NaN without one. */
  synchronized double age(String task, long at) {
    return count(task) == 0 ? Double.NaN : (at - byTask.get(task).newestMadeAt) / 1e3;
  }

  /**
   * The greatest age that the checkpoint of a task has had from the first one to a moment, in
   * seconds; NaN without one.
   *
   * @param until epoch milliseconds, after the last checkpoint that counts
   */
  synchronized double oldest(String task, long until) {
    return count(task) == 0
        ? Double.NaN
        : Math.max(byTask.get(task).oldest / 1e3, age(task, until));
  }

  @Override
  public void close() {
    table.close();
  }
}
