package io.lift.evaluator.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.task.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Metrics over a set of scored rows of one task, of either type. */
final class Figures {
  private ClassificationMetrics labels; // null for regression
  private final RegressionMetrics numbers; // null for classification

  private Figures(ClassificationMetrics labels, RegressionMetrics numbers) {
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
  static Figures rolling(TaskType type) {
    return type == TaskType.CLASSIFICATION
        ? new Figures(new ClassificationMetrics(List.of()), null)
        : new Figures(null, RegressionMetrics.rolling());
  }

  /** Of all rows: they only come. */
  static Figures total(TaskType type) {
    return type == TaskType.CLASSIFICATION
        ? new Figures(new ClassificationMetrics(List.of()), null)
        : new Figures(null, RegressionMetrics.total());
  }

  static Figures of(State state) {
    return state.labels() != null
        ? new Figures(ClassificationMetrics.of(state.labels()), null)
        : new Figures(null, RegressionMetrics.of(state.numbers()));
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
                all, confusion, old.logLoss(), old.brier(), old.binCorrect(), old.binConfidence()));
  }
}
