package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.core.mixture.LikelihoodWeights.Score;
import io.lift.messages.PredictionMessage.Predictor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How likely each predictor of an answer held its truth. */
final class PredictorScores {
  /** Half of a central 90 % interval of a Laplace distribution of scale 1: ln(1 / 0.1). */
  private static final double HALF_OF_90 = Math.log(10);

  /** Share of a number's size below which an interval is no narrower. */
  private static final double NARROWEST = 1e-6;

  private PredictorScores() {}

  /**
   * By predictor: the probability of the label, or the density at the number of a Laplace
   * distribution with the predictor's median, whose scale is that of the half of its interval on
   * the truth's side.
   *
   * @return null where there is one predictor only
   */
  static Map<String, Score> of(JoinInput.Prediction prediction, String truth) {
    if (prediction.predictors() == null) {
      return null;
    }
    Map<String, Score> scores = new LinkedHashMap<>();
    boolean numbers = prediction.answer().value() != null;
    int label =
        numbers ? -1 : new ArrayList<>(prediction.answer().probabilities().keySet()).indexOf(truth);
    for (Predictor predictor : prediction.predictors()) {
      Double likelihood =
          numbers ? density(predictor, Double.parseDouble(truth)) : probability(predictor, label);
      if (likelihood != null) {
        scores.put(predictor.name(), new Score(likelihood, predictor.share()));
      }
    }
    return scores;
  }

  private static Double probability(Predictor predictor, int label) {
    List<Double> probabilities = predictor.probabilities();
    return probabilities == null || label >= probabilities.size() ? null : probabilities.get(label);
  }

  private static Double density(Predictor predictor, double truth) {
    Answer.Interval interval = predictor.interval();
    if (predictor.value() == null || interval == null) {
      return null;
    }
    double value = predictor.value();
    double half = truth < value ? value - interval.lower() : interval.upper() - value;
    double least = NARROWEST * Math.max(1, Math.abs(value));
    double scale = Math.max(least, half) / HALF_OF_90;
    return Math.exp(-Math.abs(truth - value) / scale) / (2 * scale);
  }
}
