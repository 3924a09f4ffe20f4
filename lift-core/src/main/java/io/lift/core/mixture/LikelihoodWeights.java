package io.lift.core.mixture;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights of one task's predictors, learned from how likely each of them held the truths. Not
 * thread-safe.
 *
 * <p>With each truth the weights are multiplied by the roots of the predictors' likelihoods and
 * normalised: Bayesian model averaging with a learning rate of 1/2, since the newest few rows say
 * less of the next ones than their likelihoods would have it. Then all of them give up a small
 * share, which is divided equally: the fixed share of Herbster and Warmuth (Machine Learning 32,
 * 1998). So a predictor that was wrong for long is back after few rows in which it is right. A
 * predictor that did not answer a row keeps its weight.
 */
public final class LikelihoodWeights {
  /** The share that is divided equally with each row. */
  private static final double SHARE = 0.005;

  /** The least likelihood beside the greatest of a row, so that one row never decides. */
  private static final double LEAST = 0.02;

  /** A predictor that has not answered for so many rows is forgotten. */
  private static final int FORGOTTEN_AFTER = 300;

  private final Map<String, Double> weights = new LinkedHashMap<>(); // sums to 1
  private final Map<String, Long> answeredAt = new LinkedHashMap<>();
  private long rows;

  /**
   * The state for a restart.
   *
   * @param weights by predictor, summing to 1
   * @param answeredAt the last row that each has answered
   * @param rows rows so far
   */
  public record State(Map<String, Double> weights, Map<String, Long> answeredAt, long rows) {}

  /** Continues after a restart. */
  public static LikelihoodWeights of(State state) {
    LikelihoodWeights restored = new LikelihoodWeights();
    restored.weights.putAll(state.weights());
    restored.answeredAt.putAll(state.answeredAt());
    restored.rows = state.rows();
    return restored;
  }

  public State state() {
    return new State(new LinkedHashMap<>(weights), new LinkedHashMap<>(answeredAt), rows);
  }

  /**
   * What a predictor said of a row whose truth is known.
   *
   * @param likelihood the probability that it gave to the truth, or the density at it; on any scale
   *     that is the same for all predictors of the row
   * @param share of the predictor in the row's answer, with which a new one begins
   */
  public record Score(double likelihood, double share) {}

  /** Adds a row, with the predictors that answered it. */
  public void add(Map<String, Score> scores) {
    double greatest = scores.values().stream().mapToDouble(Score::likelihood).max().orElse(0);
    if (!(greatest > 0) || Double.isInfinite(greatest)) {
      return; // all were wrong, so nothing is learned of them
    }
    rows++;
    enter(scores);
    double before = 0;
    double after = 0;
    for (Map.Entry<String, Score> each : scores.entrySet()) {
      double weight = weights.get(each.getKey());
      double relative = each.getValue().likelihood() / greatest;
      double updated = weight * Math.sqrt((1 - LEAST) * relative + LEAST);
      before += weight;
      after += updated;
      weights.put(each.getKey(), updated);
    }
    double factor = before / after;
    scores.keySet().forEach(name -> weights.computeIfPresent(name, (n, w) -> w * factor));
    forget();
    share();
  }

  /** A predictor that was not there before begins with its share, and the others keep theirs. */
  private void enter(Map<String, Score> scores) {
    double known = 0;
    double old = 0;
    for (Map.Entry<String, Score> each : scores.entrySet()) {
      if (weights.containsKey(each.getKey())) {
        known += weights.get(each.getKey());
        old += each.getValue().share();
      }
    }
    double scale = known > 0 && old > 0 ? known / old : 1;
    scores.forEach(
        (name, score) -> {
          answeredAt.put(name, rows);
          weights.putIfAbsent(name, Math.max(SHARE, scale * score.share()));
        });
    normalise();
  }

  private void forget() {
    Set<String> gone = new LinkedHashSet<>(weights.keySet());
    gone.removeIf(name -> rows - answeredAt.get(name) < FORGOTTEN_AFTER);
    weights.keySet().removeAll(gone);
    answeredAt.keySet().removeAll(gone);
    normalise();
  }

  private void share() {
    double each = SHARE / weights.size();
    weights.replaceAll((name, weight) -> (1 - SHARE) * weight + each);
  }

  private void normalise() {
    double sum = weights.values().stream().mapToDouble(weight -> weight).sum();
    weights.replaceAll((name, weight) -> weight / sum);
  }

  /** The weight of each predictor, summing to 1; empty before the first row. */
  public Map<String, Double> weights() {
    return new LinkedHashMap<>(weights);
  }
}
