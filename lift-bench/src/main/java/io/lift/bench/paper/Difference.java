package io.lift.bench.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much more often Lift is right than a baseline, over the sets of one of an experiment's means.
 *
 * @param mean the mean's name
 * @param variant empty for the plain one
 * @param method the baseline
 * @param rows test rows of all sets
 * @param runs that each row was averaged over
 * @param interval in shares of the rows
 */
record Difference(
    String mean,
    String variant,
    String method,
    int rows,
    int runs,
    PairedBootstrap.Interval interval) {

  /** All differences that both sides have results for. */
  static List<Difference> of(Experiment experiment, CellFiles files) {
    List<Difference> all = new ArrayList<>();
    if (!experiment.measures().contains(Measure.ACCURACY)
        || !experiment.methods().contains(Experiment.LIFT)
        || !experiment.ways().isEmpty()) {
      return all;
    }
    for (Map.Entry<String, List<String>> mean : experiment.means().entrySet()) {
      for (Variant variant : experiment.variants()) {
        for (String method : experiment.methods()) {
          if (!method.equals(Experiment.LIFT)) {
            between(experiment, files, mean.getKey(), mean.getValue(), variant, method)
                .ifPresent(all::add);
          }
        }
      }
    }
    return all;
  }

  private static Optional<Difference> between(
      Experiment experiment,
      CellFiles files,
      String mean,
      List<String> sets,
      Variant variant,
      String method) {
    List<double[]> differences = new ArrayList<>();
    int rows = 0;
    for (String set : sets) {
      List<RowScores> lift = scores(experiment, files, set, variant, Experiment.LIFT);
      List<RowScores> other = scores(experiment, files, set, variant, method);
      if (lift.isEmpty() || lift.size() != other.size()) {
        return Optional.empty();
      }
      RowScores first = lift.get(0);
      if (!lift.stream().allMatch(first::hasRowsOf) || !other.stream().allMatch(first::hasRowsOf)) {
        return Optional.empty(); // the runs do not share their test rows
      }
      differences.add(ofRows(lift, other));
      rows += first.rows();
    }
    return Optional.of(
        new Difference(
            mean,
            variant.name(),
            method,
            rows,
            experiment.runs(),
            PairedBootstrap.of(differences, PairedBootstrap.RESAMPLES)));
  }

  /** Every run's, or none if one is missing. */
  private static List<RowScores> scores(
      Experiment experiment, CellFiles files, String set, Variant variant, String method) {
    List<Optional<RowScores>> runs =
        experiment
            .cells(set, variant, method)
            .map(cell -> files.scores(cell).map(Scores::rows))
            .toList();
    return runs.stream().allMatch(Optional::isPresent)
        ? runs.stream().map(Optional::get).toList()
        : List.of();
  }

  /** Lift's share of runs that are right minus the other's, row by row. */
  static double[] ofRows(List<RowScores> lift, List<RowScores> other) {
    double[] differences = new double[lift.get(0).rows()];
    for (int row = 0; row < differences.length; row++) {
      differences[row] = share(lift, row) - share(other, row);
    }
    return differences;
  }

  private static double share(List<RowScores> runs, int row) {
    return runs.stream().filter(run -> run.right().get(row)).count() / (double) runs.size();
  }
}
