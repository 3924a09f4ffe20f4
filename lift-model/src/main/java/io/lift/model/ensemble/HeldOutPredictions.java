package io.lift.model.ensemble;

import io.lift.model.text.Sequence;
import java.util.ArrayList;
import java.util.List;

/** The members' predictions for rows that they never train on. */
final class HeldOutPredictions {
  private static final int BATCH = 64;

  private final Ensemble ensemble;
  private final HeldOutEvaluation.Forward forward;
  private final int[] answers;

  HeldOutPredictions(Ensemble ensemble, HeldOutEvaluation.Forward forward, int[] answers) {
    this.ensemble = ensemble;
    this.forward = forward;
    this.answers = answers;
  }

  /**
   * Each number encoding's probabilities, from its members that hold the rows out.
   *
   * @param folds of all rows
   * @param evaluated the rows to predict, n
   * @return (n, answers) for each number encoding
   */
  List<double[][]> of(Sequence[] rows, int[] folds, int[] evaluated) {
    List<NumberEncoding> encodings = ensemble.encodings();
    List<double[][]> byEncoding = new ArrayList<>();
    encodings.forEach(encoding -> byEncoding.add(new double[evaluated.length][]));
    int members = ensemble.size();
    List<List<Integer>> own = own(folds, evaluated);
    int longest = own.stream().mapToInt(List::size).max().orElse(0);
    for (int from = 0; from < longest; from += BATCH) {
      int batch = Math.min(BATCH, longest - from);
      Sequence[][] all = new Sequence[members][batch];
      for (int m = 0; m < members; m++) {
        for (int b = 0; b < batch; b++) {
          // where a member has no row left, any row fills the batch
          int n = from + b < own.get(m).size() ? own.get(m).get(from + b) : 0;
          all[m][b] = rows[evaluated[n]];
        }
      }
      float[] logs = forward.logProbabilities(all);
      int width = logs.length / (members * batch);
      for (int m = 0; m < members; m++) {
        int encoding = encodings.indexOf(ensemble.members().get(m).encoding());
        for (int b = 0; b < batch && from + b < own.get(m).size(); b++) {
          byEncoding.get(encoding)[own.get(m).get(from + b)] =
              HeldOutEvaluation.probabilities(logs, (m * batch + b) * width, answers);
        }
      }
    }
    return byEncoding;
  }

  /** The positions within the evaluated rows that each member holds out. */
  private List<List<Integer>> own(int[] folds, int[] evaluated) {
    List<List<Integer>> own = new ArrayList<>();
    for (Ensemble.Member member : ensemble.members()) {
      List<Integer> positions = new ArrayList<>();
      for (int n = 0; n < evaluated.length; n++) {
        if (folds[evaluated[n]] == member.fold()) {
          positions.add(n);
        }
      }
      own.add(positions);
    }
    return own;
  }
}
