package io.lift.bench.baseline;

import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Gradient-boosted trees by XGBoost. */
final class XgboostLearner implements Learner {
  private final int rounds;
  private final int depth;
  private final double rate;

  /**
   * @param rounds trees, of each class its own
   * @param depth of a tree
   * @param rate by which each tree counts
   */
  XgboostLearner(int rounds, int depth, double rate) {
    this.rounds = rounds;
    this.depth = depth;
    this.rate = rate;
  }

  @Override
  public Predictor fit(Examples rows) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("max_depth", depth);
    settings.put("eta", rate);
    settings.put("seed", 0);
    settings.put("verbosity", 0);
    settings.put("tree_method", "hist");
    settings.put("nthread", 1); // threads that spin for one another cost more than they bring
    if (rows.classes() > 0) {
      settings.put("objective", "multi:softprob");
      settings.put("num_class", rows.classes());
    } else {
      settings.put("objective", "reg:squarederror");
    }
    try {
      DMatrix matrix = matrix(rows.x());
      float[] y = new float[rows.y().length];
      for (int row = 0; row < y.length; row++) {
        y[row] = (float) rows.y()[row];
      }
      matrix.setLabel(y);
      Booster booster = XGBoost.train(matrix, settings, rounds, Map.of(), null, null);
      matrix.dispose();
      return x -> predict(booster, x);
    } catch (XGBoostError e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[] predict(Booster booster, double[] x) {
    try {
      DMatrix matrix = matrix(new double[][] {x});
      float[] answer = booster.predict(matrix)[0];
      matrix.dispose();
      double[] wide = new double[answer.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = answer[i];
      }
      return wide;
    } catch (XGBoostError e) {
      throw new IllegalStateException(e);
    }
  }

  private static DMatrix matrix(double[][] x) throws XGBoostError {
    int features = x[0].length;
    float[] flat = new float[x.length * features]; // (rows, features)
    for (int row = 0; row < x.length; row++) {
      for (int feature = 0; feature < features; feature++) {
        flat[row * features + feature] = (float) x[row][feature];
      }
    }
    return new DMatrix(flat, x.length, features, Float.NaN);
  }
}
