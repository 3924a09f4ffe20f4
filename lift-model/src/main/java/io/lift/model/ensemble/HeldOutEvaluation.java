package io.lift.model.ensemble;

import io.lift.core.calibration.Temperature;
import io.lift.model.decoder.Softmax;
import io.lift.model.text.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Evaluates each member on rows that it never trains on, and fits the weights of the number
 * encodings and the temperature of their mixture to the result.
 */
public final class HeldOutEvaluation {
  private static final int MAX_ROWS = 2000;

  /** With less weight the in-context model is not worth its time. */
  private static final double MIN_IN_CONTEXT_WEIGHT = 0.05;

  /**
   * An average of several members is less confident than the single ones that the temperature is
   * fitted on, so the whole of it would overshoot.
   */
  private static final double SHARE_OF_TEMPERATURE = 0.5;

  private static final double MIN_TEMPERATURE = 0.5;

  private final Ensemble ensemble;
  private final Forward forward;
  private final int[] answers;

  /** The members' forward pass. */
  @FunctionalInterface
  public interface Forward {
    /**
     * @param rows (M, B) sequences
     * @return log probabilities of each row's answer: (M * B * A)
     */
    float[] logProbabilities(Sequence[][] rows);
  }

  /**
   * @param ensemble whose members all hold out a fold
   * @param answers the token of each possible answer
   */
  public HeldOutEvaluation(Ensemble ensemble, Forward forward, int[] answers) {
    this.ensemble = ensemble;
    this.forward = forward;
    this.answers = answers;
  }

  /**
   * The ensemble with fitted weights and temperature.
   *
   * @param rows fresh rows first, then rehearsed ones
   * @param folds of the rows
   * @param fresh how many rows are fresh
   * @param inContext the in-context model's probabilities for each row from those of other folds,
   *     null for rows without any; null if that model has no weight
   */
  public Ensemble fitWeights(Sequence[] rows, int[] folds, int fresh, double[][] inContext) {
    int[] evaluated = evaluated(rows.length, folds, fresh);
    List<double[][]> byEncoding = // (n, answers) each
        new HeldOutPredictions(ensemble, forward, answers).of(rows, folds, evaluated);
    int[] truths = Arrays.stream(evaluated).map(i -> truth(rows[i], answers)).toArray();
    if (inContext != null) {
      int[] both =
          IntStream.range(0, evaluated.length)
              .filter(n -> inContext[evaluated[n]] != null)
              .toArray();
      List<double[][]> components = new ArrayList<>();
      byEncoding.forEach(encoding -> components.add(only(both, n -> encoding[n])));
      components.add(only(both, n -> inContext[evaluated[n]]));
      Ensemble together =
          fit(
              components,
              MixtureWeights.prior(byEncoding.size(), rows.length),
              Arrays.stream(both).map(n -> truths[n]).toArray());
      if (together.inContext() >= MIN_IN_CONTEXT_WEIGHT) {
        return together;
      }
    }
    return fit(byEncoding, MixtureWeights.prior(byEncoding.size()), truths);
  }

  private static double[][] only(int[] rows, IntFunction<double[]> probabilities) {
    return Arrays.stream(rows).mapToObj(probabilities).toArray(double[][]::new);
  }

  /**
   * Fits the weights of some components and the temperature of their mixture.
   *
   * @param components probabilities of each number encoding, (n, answers), and then perhaps of the
   *     in-context model
   * @param prior of the components
   * @param truths which answer each row has
   */
  private Ensemble fit(List<double[][]> components, double[] prior, int[] truths) {
    double[][] likelihoods = new double[truths.length][components.size()];
    for (int i = 0; i < truths.length; i++) {
      for (int v = 0; v < components.size(); v++) {
        likelihoods[i][v] = components.get(v)[i][truths[i]];
      }
    }
    double[] weights = MixtureWeights.weights(likelihoods, prior);
    List<NumberEncoding> encodings = ensemble.encodings();
    double inContext = components.size() > encodings.size() ? weights[encodings.size()] : 0;
    Map<NumberEncoding, Double> byEncoding = new EnumMap<>(NumberEncoding.class);
    for (int r = 0; r < encodings.size(); r++) {
      byEncoding.put(encodings.get(r), weights[r] / (1 - inContext));
    }
    return ensemble.reweighted(byEncoding, inContext, temperature(components, weights, truths));
  }

  private double temperature(List<double[][]> components, double[] weights, int[] truths) {
    double[][] mixed = new double[truths.length][answers.length];
    for (int i = 0; i < truths.length; i++) {
      for (int v = 0; v < components.size(); v++) {
        for (int c = 0; c < answers.length; c++) {
          mixed[i][c] += weights[v] * components.get(v)[i][c];
        }
      }
    }
    double fitted =
        Temperature.fit(
            IntStream.range(0, truths.length)
                .mapToObj(i -> Temperature.Row.of(mixed[i], truths[i]))
                .toList(),
            MIN_TEMPERATURE,
            Double.POSITIVE_INFINITY);
    return Math.pow(fitted, SHARE_OF_TEMPERATURE);
  }

  /**
   * The rows to evaluate, of those that a member of each number encoding holds out: fresh ones at
   * even distances where there are too many, else all fresh ones and the newest others.
   */
  private int[] evaluated(int count, int[] folds, int fresh) {
    boolean[] heldOut = new boolean[Ensemble.FOLDS];
    ensemble.members().forEach(member -> heldOut[member.fold()] = true);
    List<Integer> pool = new ArrayList<>();
    for (int i = 0; i < fresh; i++) {
      if (heldOut[folds[i]]) {
        pool.add(i);
      }
    }
    if (pool.size() > MAX_ROWS) {
      double distance = pool.size() / (double) MAX_ROWS;
      return IntStream.range(0, MAX_ROWS).map(n -> pool.get((int) (n * distance))).toArray();
    }
    for (int i = count - 1; i >= fresh && pool.size() < MAX_ROWS; i--) {
      if (heldOut[folds[i]]) {
        pool.add(i);
      }
    }
    return pool.stream().mapToInt(i -> i).toArray();
  }

  /** The probabilities of the answers among themselves. */
  static double[] probabilities(float[] logs, int at, int[] answers) {
    return Softmax.of(Arrays.stream(answers).mapToDouble(answer -> logs[at + answer]).toArray());
  }

  /** Which of the answers a row has. */
  static int truth(Sequence row, int[] answers) {
    for (int c = 0; c < answers.length; c++) {
      if (answers[c] == row.last()) {
        return c;
      }
    }
    throw new IllegalStateException("a row was learned whose answer is none of the task's");
  }
}
