package io.lift.evaluator.scoring;

import io.lift.messages.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The metrics of the tasks of one partition, as live objects over state stores.
 *
 * <p>A scored row costs one record in the ring (the window's rows, one per slot) and the small
 * stored. The sums, which can be long, are stored only now and then: a restart takes the stored
 * ones and adds the rows that came since from the ring.
 */
final class MetricsStore {
  static final String COUNTERS = "counters";
  static final String SUMS = "sums";
  static final String RING = "ring";
  static final String HISTORY = "history";

  private static final String TOTAL = "/total";
  private static final String VERSION = "/v";
  private static final String PAST = "/past";
  private static final String NOW = "/now";

  private final int window;
  private final int maxVersions;
  private final KeyValueStore<String, StoredCounters> counters;
  private final KeyValueStore<String, Metrics.State> sums; // task/total, task/vN
  private final KeyValueStore<Bytes, Outcome.Scored> ring; // task/ and 4 bytes of slot

  private final KeyValueStore<String, MetricHistory.Part> histories; // task/past, task/now

  private final Map<String, TaskMetrics> live = new HashMap<>();
  private final Map<String, Long> summed = new HashMap<>();

  MetricsStore(ProcessorContext<?, ?> context, int window, int maxVersions) {
    this.window = window;
    this.maxVersions = maxVersions;
    counters = context.getStateStore(COUNTERS);
    sums = context.getStateStore(SUMS);
    ring = context.getStateStore(RING);
    histories = context.getStateStore(HISTORY);
  }

  /** The counters are rewritten with every row, so they are cached between commits. */
  static Set<StoreBuilder<?>> stores(Function<String, KeyValueBytesStoreSupplier> kind) {
    return Set.of(
        Stores.keyValueStoreBuilder(
                kind.apply(COUNTERS), Serdes.String(), Json.serde(StoredCounters.class))
            .withCachingEnabled(),
        Stores.keyValueStoreBuilder(
            kind.apply(SUMS), Serdes.String(), Json.serde(Metrics.State.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(RING), Serdes.Bytes(), Json.serde(Outcome.Scored.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(HISTORY), Serdes.String(), Json.serde(MetricHistory.Part.class)));
  }

  Set<String> tasks() {
    Set<String> tasks = new HashSet<>();
    try (KeyValueIterator<String, StoredCounters> all = counters.all()) {
      all.forEachRemaining(entry -> tasks.add(entry.key));
    }
    return tasks;
  }

  /** Whether anything is known of a task. */
  boolean has(String task) {
    return live.containsKey(task) || counters.get(task) != null;
  }

  /** The metrics of a task, empty if it is new. */
  TaskMetrics get(String task) {
    TaskMetrics metrics = live.get(task);
    if (metrics == null) {
      StoredCounters stored = counters.get(task);
      metrics = stored == null ? new TaskMetrics(window, maxVersions) : restore(task, stored);
      live.put(task, metrics);
      summed.put(task, stored == null ? 0 : stored.summed());
      if (stored != null && stored.window() != window) {
        saveSums(task);
      }
    }
    return metrics;
  }

  /** Counts a row and keeps it; returns what it shows. */
  TaskMetrics.Shown score(String task, Outcome.Scored row) {
    TaskMetrics metrics = get(task);
    if (metrics.scored() - summed.get(task) == window) {
      saveSums(task); // the slot about to be overwritten is not in the stored sums
    }
    Bytes slot = slot(task, metrics.scored(), window);
    TaskMetrics.Shown shown = metrics.score(row, ring.get(slot));
    ring.put(slot, row);
    saveCounters(task);
    return shown;
  }

  void saveCounters(String task) {
    counters.put(task, get(task).counters(summed.get(task)));
  }

  void saveSums(String task) {
    TaskMetrics metrics = get(task);
    metrics.total().ifPresent(total -> sums.put(task + TOTAL, total.state()));
    metrics.drainTouched(
        (version, sum) -> sums.put(task + VERSION + version, sum == null ? null : sum.state()));
    metrics.history().ifPresent(history -> saveHistory(task, history));
    summed.put(task, metrics.scored());
    saveCounters(task);
  }

  private void saveHistory(String task, MetricHistory history) {
    if (history.drainPastChanged()) {
      histories.put(task + PAST, new MetricHistory.Part(history.past(), null));
    }
    histories.put(task + NOW, new MetricHistory.Part(null, history.now()));
  }

  private MetricHistory storedHistory(String task, StoredCounters stored) {
    MetricHistory.Part past = histories.get(task + PAST);
    MetricHistory.Part now = histories.get(task + NOW);
    return stored.type() == null || past == null || now == null
        ? null
        : MetricHistory.of(stored.type(), past.past(), now.now());
  }

  void delete(String task) {
    live.remove(task);
    summed.remove(task);
    StoredCounters stored = counters.get(task);
    if (stored != null) {
      clearRing(task, stored);
      sums.delete(task + TOTAL);
      histories.delete(task + PAST);
      histories.delete(task + NOW);
      storedVersions(task).keySet().forEach(version -> sums.delete(task + VERSION + version));
      counters.delete(task);
    }
  }

  private TaskMetrics restore(String task, StoredCounters stored) {
    List<Outcome.Scored> rows = rows(task, stored);
    if (stored.window() != window) {
      rewriteRing(task, stored, rows);
    }
    Metrics.State total = sums.get(task + TOTAL);
    return TaskMetrics.of(
        stored,
        total == null ? null : Metrics.of(total),
        storedVersions(task),
        storedHistory(task, stored),
        rows,
        window,
        maxVersions);
  }

  private Map<Long, Metrics> storedVersions(String task) {
    Map<Long, Metrics> versions = new TreeMap<>();
    String prefix = task + VERSION;
    try (KeyValueIterator<String, Metrics.State> all =
        sums.prefixScan(prefix, new StringSerializer())) {
      all.forEachRemaining(
          entry ->
              versions.put(
                  Long.parseLong(entry.key.substring(prefix.length())), Metrics.of(entry.value)));
    }
    return versions;
  }

  /** The rows of the ring, oldest first. */
  private List<Outcome.Scored> rows(String task, StoredCounters stored) {
    List<Outcome.Scored> rows = new ArrayList<>();
    for (long i = Math.max(0, stored.scored() - stored.window()); i < stored.scored(); i++) {
      rows.add(ring.get(slot(task, i, stored.window())));
    }
    return rows;
  }

  /** Rewrites the ring after the configured window has changed. */
  private void rewriteRing(String task, StoredCounters stored, List<Outcome.Scored> rows) {
    clearRing(task, stored);
    long first = stored.scored() - rows.size();
    for (int i = Math.max(0, rows.size() - window); i < rows.size(); i++) {
      ring.put(slot(task, first + i, window), rows.get(i));
    }
  }

  private void clearRing(String task, StoredCounters stored) {
    for (long i = 0; i < Math.min(stored.scored(), stored.window()); i++) {
      ring.delete(slot(task, i, stored.window()));
    }
  }

  private static Bytes slot(String task, long row, int slots) {
    byte[] name = (task + '/').getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + 4).put(name).putInt((int) (row % slots)).array());
  }
}
