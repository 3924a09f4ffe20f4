package io.lift.bench.baseline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import libsvm.svm;
import org.tribuo.Output;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.common.nearest.KNNModel;
import org.tribuo.common.nearest.KNNTrainer;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.ensemble.EnsembleCombiner;
import org.tribuo.math.distance.L2Distance;
import org.tribuo.math.neighbour.NeighboursQueryFactoryType;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.libsvm.LibSVMRegressionTrainer;
import org.tribuo.regression.libsvm.SVMRegressionType;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.slm.ElasticNetCDTrainer;

/** The methods that Lift is held against, with grids after the paper's. */
public final class Baselines {
  private static final int FOREST = 200;
  private static final int ANY_DEPTH = 40;
  private static final long SEED = 0;

  static {
    // what it tells about each fit would go in between the lines of a command
    svm.svm_set_print_string_function(text -> {});
  }

  private Baselines() {}

  /** The names of all of them; but for {@code words}, each is there for regression too. */
  public static List<String> names() {
    return classification().stream().map(Baseline::name).toList();
  }

  /**
   * @param classes whether labels are to be predicted, not numbers
   * @throws IllegalArgumentException if there is no baseline of that name
   */
  public static Baseline named(String name, boolean classes) {
    return (classes ? classification() : regression())
        .stream()
            .filter(baseline -> baseline.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no baseline is called " + name));
  }

  /** For labels. */
  public static List<Baseline> classification() {
    return List.of(
        new Baseline(
            "linear",
            "Logistic regression",
            "AdaGrad, 10, 50 or 300 passes",
            grid("passes", List.of(10, 50, 300), Baselines::logit)),
        new Baseline(
            "knn",
            "Nearest neighbours",
            "k of 1, 5 or 15",
            grid("k", List.of(1, 5, 15), Baselines::knn)),
        new Baseline(
            "tree",
            "Decision tree",
            "Gini, depth of 3, 5 or 20",
            grid("depth", List.of(3, 5, 20), Baselines::tree)),
        new Baseline(
            "forest",
            "Random forest of 200 trees",
            "depth of 10 or 40",
            grid("depth", List.of(10, ANY_DEPTH), Baselines::forest)),
        new Baseline(
            "svm",
            "SVM, RBF",
            "gamma 1 / features, C of 1, 10 or 100",
            grid("C", List.of(1.0, 10.0, 100.0), Baselines::svm)),
        new Baseline(
            "mlp",
            "MLP, 64-64",
            "10, 50 or 300 passes",
            grid("passes", List.of(10, 50, 300), MlpLearner::new)),
        new Baseline(
            "xgboost",
            "XGBoost of 100 trees",
            "rate 0.3, depth of 3, 6 or 10",
            grid("depth", List.of(3, 6, 10), Baselines::boosted)),
        new Baseline(
            "words",
            "Logistic regression for words",
            "plain SGD of rate 1, 10, 50 or 300 passes",
            grid("passes", List.of(10, 50, 300), Baselines::wordLogit)));
  }

  /** For numbers; the targets are standardised by {@link Fitted}. */
  public static List<Baseline> regression() {
    return List.of(
        new Baseline(
            "linear",
            "Elastic net",
            "alpha of 0.0001, 0.01 or 0.1",
            grid("alpha", List.of(0.0001, 0.01, 0.1), Baselines::elasticNet)),
        new Baseline(
            "knn",
            "Nearest neighbours",
            "k of 2, 5 or 8",
            grid("k", List.of(2, 5, 8), Baselines::meanOfNeighbours)),
        new Baseline(
            "tree",
            "Decision tree",
            "depth of 3, 5 or 20",
            grid("depth", List.of(3, 5, 20), Baselines::valueTree)),
        new Baseline(
            "forest",
            "Random forest of 200 trees",
            "a third or all of the features at each split",
            grid("share of features", List.of(1 / 3.0, 1.0), Baselines::valueForest)),
        new Baseline(
            "svm",
            "SVM, RBF",
            "gamma 1 / features, C of 1, 10 or 100",
            grid("C", List.of(1.0, 10.0, 100.0), Baselines::vectorRegression)),
        new Baseline(
            "mlp",
            "MLP, 64-64",
            "10, 50 or 300 passes",
            grid("passes", List.of(10, 50, 300), MlpLearner::new)),
        new Baseline(
            "xgboost",
            "XGBoost of 300 trees",
            "rate 0.1, depth of 2, 4 or 6",
            grid("depth", List.of(2, 4, 6), Baselines::boostedValues)));
  }

  private static <V> Map<String, Learner> grid(
      String name, List<V> values, Function<V, Learner> learner) {
    Map<String, Learner> grid = new LinkedHashMap<>();
    values.forEach(value -> grid.put(name + " " + value, learner.apply(value)));
    return grid;
  }

  /** Stopping early is the regularisation; many rows need few passes. */
  private static Learner logit(int passes) {
    return TribuoLearner.ofLabels(
        rows ->
            new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(0.5), fewer(passes, rows), -1, SEED));
  }

  /** AdaGrad learns rare words as fast as common ones, which costs 4 to 5 points on short texts. */
  private static Learner wordLogit(int passes) {
    return TribuoLearner.ofSparseLabels(
        rows ->
            new LinearSGDTrainer(
                new LogMulticlass(), SGD.getSimpleSGD(1), fewer(passes, rows), -1, SEED));
  }

  private static int fewer(int passes, Examples rows) {
    return Math.min(passes, Math.max(5, 1_000_000 / rows.x().length));
  }

  private static Learner elasticNet(double alpha) {
    return TribuoLearner.ofNumbers(
        rows -> new ElasticNetCDTrainer(alpha, 0.5, 1e-5, 1000, false, SEED));
  }

  private static Learner knn(int k) {
    return TribuoLearner.ofLabels(rows -> neighbours(k, rows, new VotingCombiner()));
  }

  private static Learner meanOfNeighbours(int k) {
    return TribuoLearner.ofNumbers(rows -> neighbours(k, rows, new AveragingCombiner()));
  }

  private static <T extends Output<T>> Trainer<T> neighbours(
      int k, Examples rows, EnsembleCombiner<T> combiner) {
    return new KNNTrainer<>(
        Math.min(k, rows.x().length),
        new L2Distance(),
        1,
        combiner,
        KNNModel.Backend.STREAMS,
        NeighboursQueryFactoryType.BRUTE_FORCE);
  }

  private static Learner tree(int depth) {
    return TribuoLearner.ofLabels(rows -> labelTree(depth, 1));
  }

  private static Learner forest(int depth) {
    return TribuoLearner.ofLabels(
        rows ->
            new RandomForestTrainer<>(
                labelTree(depth, share(Math.sqrt(rows.features()), rows)),
                new VotingCombiner(),
                FOREST,
                SEED));
  }

  private static CARTClassificationTrainer labelTree(int depth, float share) {
    return new CARTClassificationTrainer(depth, 1, 0, share, false, new GiniIndex(), SEED);
  }

  private static Learner valueTree(int depth) {
    return TribuoLearner.ofNumbers(rows -> numberTree(depth, 1));
  }

  private static Learner valueForest(double share) {
    return TribuoLearner.ofNumbers(
        rows ->
            new RandomForestTrainer<>(
                numberTree(ANY_DEPTH, share(share * rows.features(), rows)),
                new AveragingCombiner(),
                FOREST,
                SEED));
  }

  private static CARTRegressionTrainer numberTree(int depth, float share) {
    return new CARTRegressionTrainer(depth, 1, 0, share, false, new MeanSquaredError(), SEED);
  }

  /** The share of features that a split of a forest looks at; Tribuo wants less than all. */
  private static float share(double features, Examples rows) {
    return (float) Math.min(0.99, Math.max(1, features) / rows.features());
  }

  private static Learner svm(double cost) {
    return TribuoLearner.ofLabels(
        rows -> {
          SVMParameters<Label> parameters =
              new SVMParameters<>(
                  new SVMClassificationType(SVMClassificationType.SVMMode.C_SVC), KernelType.RBF);
          parameters.setCost(cost);
          parameters.setGamma(1.0 / rows.features());
          return new LibSVMClassificationTrainer(parameters, SEED);
        });
  }

  private static Learner vectorRegression(double cost) {
    return TribuoLearner.ofNumbers(
        rows -> {
          SVMParameters<Regressor> parameters =
              new SVMParameters<>(
                  new SVMRegressionType(SVMRegressionType.SVMMode.EPSILON_SVR), KernelType.RBF);
          parameters.setCost(cost);
          parameters.setGamma(1.0 / rows.features());
          return new LibSVMRegressionTrainer(parameters);
        });
  }

  private static Learner boosted(int depth) {
    return new XgboostLearner(100, depth, 0.3);
  }

  private static Learner boostedValues(int depth) {
    return new XgboostLearner(300, depth, 0.1);
  }
}
