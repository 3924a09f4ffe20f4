package io.lift.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.answer.Answer;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskType;
import io.lift.messages.MetricsMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a restart makes of the state stores; a second store over the same state is a restart. */
class MetricsStoreTest {
  private static final int WINDOW = 10;

  private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();

  @BeforeEach
  void openStores() {
    for (StoreBuilder<?> builder : MetricsStore.stores(Stores::inMemoryKeyValueStore)) {
      var store = builder.withCachingDisabled().withLoggingDisabled().build();
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
    }
  }

  @Test
  void aRestartAtAnyRowGoesOnAsIfNothingHadHappened() {
    MetricsStore steady = open(WINDOW);
    MetricsStore restarted = open(WINDOW);
    steady.get("steady").define(TaskType.CLASSIFICATION, CalibrationPolicy.defaults());
    steady.saveCounters("steady");
    restarted.get("restarted").define(TaskType.CLASSIFICATION, CalibrationPolicy.defaults());
    restarted.saveCounters("restarted");
    for (int i = 0; i < 95; i++) {
      Outcome.Scored row = row(i);
      steady.score("steady", row);
      restarted.score("restarted", row);
      if (i % 7 == 3) {
        restarted.saveSums("restarted");
      }
      if (i % 3 == 0) {
        restarted = open(WINDOW);
      }
      assertThat(metrics(restarted, "restarted")).isEqualTo(metrics(steady, "steady"));
      assertThat(history(restarted, "restarted")).isEqualTo(history(steady, "steady"));
    }
    assertThat(history(steady, "steady")).hasSize(9);
  }

  @Test
  void aSmallerWindowKeepsItsNewestRows() {
    MetricsStore large = scored(open(WINDOW), 0, 27);

    MetricsStore small = scored(open(4), 27, 9);

    assertThat(metrics(small, "task")).isEqualTo(metrics(fresh(4, 36), "fresh"));
    assertThat(metrics(open(4), "task")).isEqualTo(metrics(fresh(4, 36), "fresh"));
    assertThat(large.get("task").scored()).isEqualTo(27);
  }

  @Test
  void aLargerWindowBeginsWithTheRowsThatAreThere() {
    scored(open(4), 0, 27);

    MetricsStore large = scored(open(WINDOW), 27, 3);

    Map<String, Double> rolling = large.get("task").message("task", null).orElseThrow().rolling();
    assertThat(rolling).containsEntry("count", 7.0);
    scored(large, 30, 20);
    assertThat(metrics(open(WINDOW), "task")).isEqualTo(metrics(fresh(WINDOW, 50), "fresh"));
  }

  @Test
  void nothingIsLeftOfADeletedTask() {
    MetricsStore store = scored(open(WINDOW), 0, 27);
    store.saveSums("task");
    scored("task2", store, 0, 5);

    store.delete("task");

    MetricsStore restarted = open(WINDOW);
    assertThat(restarted.tasks()).containsExactly("task2");
    assertThat(restarted.get("task").scored()).isZero();
    assertThat(restarted.get("task2").scored()).isEqualTo(5);
  }

  private MetricsStore open(int window) {
    return new MetricsStore(context, window, 3);
  }

  /** The same rows without a restart and with this window from the start. */
  private MetricsStore fresh(int window, int rows) {
    return scored("fresh", open(window), 0, rows);
  }

  private static MetricsStore scored(MetricsStore store, int from, int rows) {
    return scored("task", store, from, rows);
  }

  private static MetricsStore scored(String task, MetricsStore store, int from, int rows) {
    store.delete("fresh");
    store.get(task).define(TaskType.CLASSIFICATION, CalibrationPolicy.defaults());
    for (int i = from; i < from + rows; i++) {
      store.score(task, row(i));
    }
    return store;
  }

  /** Binary fractions, so that sums are exact in any order. */
  private static Outcome.Scored row(int i) {
    Random random = new Random(i);
    double yes = (1 + random.nextInt(15)) / 16.0;
    Map<String, Double> probabilities = new LinkedHashMap<>();
    probabilities.put("no", 1 - yes);
    probabilities.put("yes", yes);
    Answer answer = Answer.ofLabels(yes > 0.5 ? "yes" : "no", probabilities);
    return new Outcome.Scored(
        random.nextBoolean() ? "yes" : "no",
        answer,
        i / 8,
        1.0 + random.nextInt(50),
        i,
        random.nextDouble(),
        null,
        null);
  }

  private static Map<String, Object> metrics(MetricsStore store, String task) {
    MetricsMessage message = store.get(task).message(task, null).orElseThrow();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("rolling", rounded(message.rolling()));
    metrics.put("total", rounded(message.total()));
    message.checkpoints().forEach((version, of) -> metrics.put("v" + version, rounded(of)));
    return metrics;
  }

  /**
   * What a point has of the rows it stands for; the window is as it was when they were restored.
   */
  private static List<List<Object>> history(MetricsStore store, String task) {
    return store.get(task).history().orElseThrow().past().points().stream()
        .map(point -> List.<Object>of(point.scored(), point.value(), point.version()))
        .toList();
  }

  private static Map<String, Long> rounded(Map<String, Double> metrics) {
    Map<String, Long> rounded = new LinkedHashMap<>();
    metrics.forEach((name, value) -> rounded.put(name, Math.round(value * 1e9)));
    return rounded;
  }
}
