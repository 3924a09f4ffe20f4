package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.task.TaskType;
import io.lift.messages.ChartsMessage.Bin;
import io.lift.messages.ChartsMessage.Confusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Metrics over a set of scored rows of one task, of either type. */
final class Metrics {
  private static final int MOST_LABELS = 12;

  private ClassificationMetrics labels; // null for regression
  private final RegressionMetrics numbers; // null for classification

  private Metrics(ClassificationMetrics labels, RegressionMetrics numbers) {
    this.labels = labels;
    this.numbers = numbers;
  }

  /**
   * The sums of the metrics as the state store keeps them.
   *
   * @param labels null for regression
   * @param numbers null for classification
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record State(ClassificationMetrics.State labels, RegressionMetrics.State numbers) {}

  /** Of a window: rows come and go. */
  static Metrics rolling(TaskType type) {
    return type == TaskType.CLASSIFICATION
        ? new Metrics(new ClassificationMetrics(List.of()), null)
        : new Metrics(null, RegressionMetrics.rolling());
  }

  /** Of all rows: they only come. */
  static Metrics total(TaskType type) {
    return type == TaskType.CLASSIFICATION
        ? new Metrics(new ClassificationMetrics(List.of()), null)
        : new Metrics(null, RegressionMetrics.total());
  }

  static Metrics of(State state) {
    return state.labels() != null
        ? new Metrics(ClassificationMetrics.of(state.labels()), null)
        : new Metrics(null, RegressionMetrics.of(state.numbers()));
  }

  State state() {
    return labels != null ? new State(labels.state(), null) : new State(null, numbers.state());
  }

  void add(Outcome.Scored row) {
    if (labels != null) {
      know(row.answer().probabilities().keySet());
      labels.add(row.truth(), row.answer());
    } else {
      numbers.add(Double.parseDouble(row.truth()), row.answer());
    }
  }

  void remove(Outcome.Scored row) {
    if (labels != null) {
      labels.remove(row.truth(), row.answer());
    } else {
      numbers.remove(Double.parseDouble(row.truth()), row.answer());
    }
  }

  /** The metrics by name. */
  Map<String, Double> values() {
    return labels != null ? labels.values() : numbers.values();
  }

  /** Of labels: truths against answers, the most frequent labels in the order of the task. */
  Confusion confusion() {
    long[][] all = labels.confusion();
    long[] frequency = new long[all.length];
    for (int i = 0; i < all.length; i++) {
      for (int j = 0; j < all.length; j++) {
        frequency[i] += all[i][j];
        frequency[j] += all[i][j];
      }
    }
    int[] shown =
        IntStream.range(0, all.length)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -frequency[i]).thenComparing(i -> i))
            .limit(MOST_LABELS)
            .mapToInt(i -> i)
            .sorted()
            .toArray();
    long[][] counts = new long[shown.length][shown.length];
    for (int i = 0; i < shown.length; i++) {
      for (int j = 0; j < shown.length; j++) {
        counts[i][j] = all[shown[i]][shown[j]];
      }
    }
    List<String> names = IntStream.of(shown).mapToObj(labels.labels()::get).toList();
    return new Confusion(names, counts, shown.length < all.length);
  }

  /** Of labels: confidence against accuracy, for the bins that hold rows. */
  List<Bin> reliability() {
    ClassificationMetrics.State state = labels.state();
    double bins = state.binCount().length;
    return IntStream.range(0, state.binCount().length)
        .filter(i -> state.binCount()[i] > 0)
        .mapToObj(
            i -> {
              double count = state.binCount()[i];
              return new Bin(
                  i / bins,
                  (i + 1) / bins,
                  state.binCount()[i],
                  state.binConfidence()[i] / count,
                  state.binCorrect()[i] / count);
            })
        .toList();
  }

  /** Every answer names all labels of its task; a later version of the task may have more. */
  private void know(Set<String> answered) {
    if (labels.labels().containsAll(answered)) {
      return;
    }
    ClassificationMetrics.State old = labels.state();
    List<String> all = new ArrayList<>(old.labels());
    answered.stream().filter(label -> !all.contains(label)).forEach(all::add);
    long[][] confusion = new long[all.size()][all.size()];
    for (int i = 0; i < old.labels().size(); i++) {
      System.arraycopy(old.confusion()[i], 0, confusion[i], 0, old.labels().size());
    }
    labels =
        ClassificationMetrics.of(
            new ClassificationMetrics.State(
                all,
                confusion,
                old.logLoss(),
                old.brier(),
                old.binCount(),
                old.binCorrect(),
                old.binConfidence(),
                old.decisions()));
  }
}
