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
 * The figures of the tasks of one partition, as live objects over state stores.
 *
 * <p>A scored row costs one record in the ring (the window's rows, one per slot) and the small
 * tally. The sums, which can be long, are stored only now and then: a restart takes the stored ones
 * and adds the rows that came since from the ring.
 */
final class MetricsStore {
  static final String TALLIES = "tallies";
  static final String SUMS = "sums";
  static final String RING = "ring";
  static final String CURVES = "curves";

  private static final String TOTAL = "/total";
  private static final String VERSION = "/v";
  private static final String PAST = "/past";
  private static final String NOW = "/now";

  private final int window;
  private final int maxVersions;
  private final KeyValueStore<String, StoredCounters> tallies;
  private final KeyValueStore<String, Metrics.State> sums; // task/total, task/vN
  private final KeyValueStore<Bytes, Outcome.Scored> ring; // task/ and 4 bytes of slot

  private final KeyValueStore<String, MetricHistory.Part> curves; // task/past, task/now

  private final Map<String, TaskMetrics> live = new HashMap<>();
  private final Map<String, Long> summed = new HashMap<>();

  MetricsStore(ProcessorContext<?, ?> context, int window, int maxVersions) {
    this.window = window;
    this.maxVersions = maxVersions;
    tallies = context.getStateStore(TALLIES);
    sums = context.getStateStore(SUMS);
    ring = context.getStateStore(RING);
    curves = context.getStateStore(CURVES);
  }

  /** The tallies are rewritten with every row, so they are cached between commits. */
  static Set<StoreBuilder<?>> stores(Function<String, KeyValueBytesStoreSupplier> kind) {
    return Set.of(
        Stores.keyValueStoreBuilder(
                kind.apply(TALLIES), Serdes.String(), Json.serde(StoredCounters.class))
            .withCachingEnabled(),
        Stores.keyValueStoreBuilder(
            kind.apply(SUMS), Serdes.String(), Json.serde(Metrics.State.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(RING), Serdes.Bytes(), Json.serde(Outcome.Scored.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(CURVES), Serdes.String(), Json.serde(MetricHistory.Part.class)));
  }

  Set<String> tasks() {
    Set<String> tasks = new HashSet<>();
    try (KeyValueIterator<String, StoredCounters> all = tallies.all()) {
      all.forEachRemaining(entry -> tasks.add(entry.key));
    }
    return tasks;
  }

  /** Whether anything is known of a task. */
  boolean has(String task) {
    return live.containsKey(task) || tallies.get(task) != null;
  }

  /** The figures of a task, empty if it is new. */
  TaskMetrics get(String task) {
    TaskMetrics figures = live.get(task);
    if (figures == null) {
      StoredCounters tally = tallies.get(task);
      figures = tally == null ? new TaskMetrics(window, maxVersions) : restore(task, tally);
      live.put(task, figures);
      summed.put(task, tally == null ? 0 : tally.summed());
      if (tally != null && tally.window() != window) {
        saveSums(task);
      }
    }
    return figures;
  }

  /** Counts a row and keeps it. */
  void score(String task, Outcome.Scored row) {
    TaskMetrics figures = get(task);
    if (figures.scored() - summed.get(task) == window) {
      saveSums(task); // the slot about to be overwritten is not in the stored sums
    }
    Bytes slot = slot(task, figures.scored(), window);
    figures.score(row, ring.get(slot));
    ring.put(slot, row);
    saveTally(task);
  }

  void saveTally(String task) {
    tallies.put(task, get(task).tally(summed.get(task)));
  }

  void saveSums(String task) {
    TaskMetrics figures = get(task);
    figures.total().ifPresent(total -> sums.put(task + TOTAL, total.state()));
    figures.drainTouched(
        (version, sum) -> sums.put(task + VERSION + version, sum == null ? null : sum.state()));
    figures.curve().ifPresent(curve -> saveCurve(task, curve));
    summed.put(task, figures.scored());
    saveTally(task);
  }

  private void saveCurve(String task, MetricHistory curve) {
    if (curve.drainPastChanged()) {
      curves.put(task + PAST, new MetricHistory.Part(curve.past(), null));
    }
    curves.put(task + NOW, new MetricHistory.Part(null, curve.now()));
  }

  private MetricHistory storedCurve(String task, StoredCounters tally) {
    MetricHistory.Part past = curves.get(task + PAST);
    MetricHistory.Part now = curves.get(task + NOW);
    return tally.type() == null || past == null || now == null
        ? null
        : MetricHistory.of(tally.type(), past.past(), now.now());
  }

  void delete(String task) {
    live.remove(task);
    summed.remove(task);
    StoredCounters tally = tallies.get(task);
    if (tally != null) {
      clearRing(task, tally);
      sums.delete(task + TOTAL);
      curves.delete(task + PAST);
      curves.delete(task + NOW);
      storedVersions(task).keySet().forEach(version -> sums.delete(task + VERSION + version));
      tallies.delete(task);
    }
  }

  private TaskMetrics restore(String task, StoredCounters tally) {
    List<Outcome.Scored> rows = rows(task, tally);
    if (tally.window() != window) {
      layOut(task, tally, rows);
    }
    Metrics.State total = sums.get(task + TOTAL);
    return TaskMetrics.of(
        tally,
        total == null ? null : Metrics.of(total),
        storedVersions(task),
        storedCurve(task, tally),
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
  private List<Outcome.Scored> rows(String task, StoredCounters tally) {
    List<Outcome.Scored> rows = new ArrayList<>();
    for (long i = Math.max(0, tally.scored() - tally.window()); i < tally.scored(); i++) {
      rows.add(ring.get(slot(task, i, tally.window())));
    }
    return rows;
  }

  /** Lays the ring out anew after the configured window has changed. */
  private void layOut(String task, StoredCounters tally, List<Outcome.Scored> rows) {
    clearRing(task, tally);
    long first = tally.scored() - rows.size();
    for (int i = Math.max(0, rows.size() - window); i < rows.size(); i++) {
      ring.put(slot(task, first + i, window), rows.get(i));
    }
  }

  private void clearRing(String task, StoredCounters tally) {
    for (long i = 0; i < Math.min(tally.scored(), tally.window()); i++) {
      ring.delete(slot(task, i, tally.window()));
    }
  }

  private static Bytes slot(String task, long row, int slots) {
    byte[] name = (task + '/').getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + 4).put(name).putInt((int) (row % slots)).array());
  }
}
