package io.lift.bench.paper;

import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import io.lift.core.metrics.ClassificationMetrics;
import io.lift.core.metrics.MetricNames;
import io.lift.core.metrics.RegressionMetrics;
import io.lift.core.task.TaskType;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The metrics of a cell, from its answers. Rows without a valid answer count as wrong in accuracy
 * and F1; the other measures are of the answered rows.
 *
 * @param values by measure
 * @param unanswered rows without a valid answer
 * @param seconds training and prediction
 * @param rows which rows of a classification are right; null for a regression
 */
record Scores(Map<Measure, Double> values, int unanswered, double seconds, RowScores rows) {

  static Scores of(CellResult result) {
    List<AnsweredRow> answered =
        result.answers().stream().filter(row -> row.answer() != null).toList();
    Map<Measure, Double> values =
        result.type() == TaskType.CLASSIFICATION ? ofLabels(result, answered) : ofNumbers(answered);
    if (result.rejected() != null) {
      values.put(Measure.REJECTED, result.rejected());
    }
    return new Scores(
        values,
        result.answers().size() - answered.size(),
        result.seconds(),
        result.type() == TaskType.CLASSIFICATION ? RowScores.of(result.answers()) : null);
  }

  private static Map<Measure, Double> ofLabels(CellResult result, List<AnsweredRow> answered) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    values.put(Measure.ACCURACY, accuracy(result.answers()));
    values.put(
        Measure.MACRO_F1,
        result.labels().stream()
            .map(label -> f1(label, result.answers()))
            .filter(Objects::nonNull)
            .mapToDouble(f1 -> f1)
            .average()
            .orElse(0));
    values.put(Measure.RARE_F1, f1(rarest(result.answers()), result.answers()));
    List<AnsweredRow> sets = answered.stream().filter(r -> r.answer().labels() != null).toList();
    if (!sets.isEmpty()) {
      long inside = sets.stream().filter(r -> r.answer().labels().contains(r.truth())).count();
      long labels = sets.stream().mapToLong(r -> r.answer().labels().size()).sum();
      values.put(Measure.SET_COVERAGE, inside / (double) sets.size());
      values.put(Measure.SET_SIZE, labels / (double) sets.size());
    }
    if (!answered.isEmpty()) {
      ClassificationMetrics metrics = new ClassificationMetrics(result.labels());
      answered.forEach(row -> metrics.add(row.truth(), row.answer()));
      values.put(Measure.LOG_LOSS, metrics.values().get(MetricNames.LOG_LOSS));
      Calibration calibration = Calibration.of(answered);
      values.put(Measure.ECE, calibration.error());
      values.put(Measure.ECE_FLOOR, Calibration.floor(answered));
    }
    return values;
  }

  private static Map<Measure, Double> ofNumbers(List<AnsweredRow> answered) {
    RegressionMetrics metrics = RegressionMetrics.rolling();
    answered.forEach(row -> metrics.add(Double.parseDouble(row.truth()), row.answer()));
    Map<String, Double> all = metrics.values();
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    for (Measure measure : List.of(Measure.RAE, Measure.RMSE, Measure.COVERAGE)) {
      if (all.containsKey(measure.key())) {
        values.put(measure, all.get(measure.key()));
      }
    }
    return values;
  }

  private static double accuracy(List<AnsweredRow> rows) {
    return rows.stream().filter(row -> row.truth().equals(label(row))).count()
        / (double) rows.size();
  }

  /** Null if the label is neither a truth nor an answer. */
  private static Double f1(String label, List<AnsweredRow> rows) {
    int right = 0;
    int named = 0;
    for (AnsweredRow row : rows) {
      boolean truth = row.truth().equals(label);
      boolean answer = label.equals(label(row));
      right += truth && answer ? 1 : 0;
      named += (truth ? 1 : 0) + (answer ? 1 : 0);
    }
    return named == 0 ? null : 2.0 * right / named;
  }

  private static String rarest(List<AnsweredRow> rows) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row.truth(), 1, Integer::sum));
    return counts.entrySet().stream()
        .min(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .orElseThrow()
        .getKey();
  }

  private static String label(AnsweredRow row) {
    Answer answer = row.answer();
    return answer == null ? null : answer.label();
  }
}
