package io.lift.bench.scale;

import io.lift.bench.scale.ScalingRules.Behavior;
import io.lift.bench.scale.ScalingRules.Policy;
import io.lift.bench.scale.ScalingRules.Trigger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kubernetes' horizontal pod autoscaler as its documentation describes it: every 15 s the largest
 * advice of all metrics, nothing within a tolerance of 10 %, the most cautious advice of the
 * stabilisation window, and no faster than the policies allow.
 */
final class Autoscaler {
  static final int SYNC_SECONDS = 15;
  private static final double TOLERANCE = 0.1;

  private final ScalingRules rules;
  private final Deque<Advice> advices = new ArrayDeque<>();
  private final TreeMap<Integer, Integer> past = new TreeMap<>(); // second -> replicas wanted

  private record Advice(int second, int replicas) {}

  Autoscaler(ScalingRules rules) {
    this.rules = rules;
    past.put(Integer.MIN_VALUE, rules.min());
  }

  /** Replicas wanted now. */
  int replicas() {
    return past.lastEntry().getValue();
  }

  /**
   * Looks at the metrics.
   *
   * @param measured value of each trigger by its name, of all replicas together
   * @return replicas wanted from now on
   */
  int sync(int second, Map<String, Double> measured) {
    int current = replicas();
    int advice = rules.min();
    for (Trigger trigger : rules.triggers()) {
      advice = Math.max(advice, advice(trigger, measured.get(trigger.name()), current));
    }
    advice = Math.max(rules.min(), Math.min(rules.max(), advice));
    advices.addLast(new Advice(second, advice));
    int wanted = Math.max(rules.min(), Math.min(rules.max(), bounded(second, current, advice)));
    if (wanted != current) {
      past.put(second, wanted);
    }
    return wanted;
  }

  private static int advice(Trigger trigger, double value, int current) {
    double ratio =
        trigger.perReplica()
            ? value / (trigger.threshold() * current)
            : value / trigger.threshold();
    return Math.abs(ratio - 1) <= TOLERANCE ? current : (int) Math.ceil(ratio * current);
  }

  private int bounded(int second, int current, int advice) {
    int least = advice;
    int most = advice;
    for (Advice past : advices) {
      if (past.second() > second - rules.up().stabilizationSeconds()) {
        least = Math.min(least, past.replicas());
      }
      if (past.second() > second - rules.down().stabilizationSeconds()) {
        most = Math.max(most, past.replicas());
      }
    }
    int longest = Math.max(rules.up().stabilizationSeconds(), rules.down().stabilizationSeconds());
    advices.removeIf(old -> old.second() <= second - longest);
    if (least > current) {
      return Math.min(least, highest(rules.up(), second));
    }
    return most < current ? Math.max(most, lowest(rules.down(), second)) : current;
  }

  private int highest(Behavior behavior, int second) {
    int highest = 0;
    for (Policy policy : behavior.policies()) {
      int before = before(second - policy.periodSeconds());
      int allowed =
          policy.percent()
              ? (int) Math.ceil(before * (1 + policy.value() / 100.0))
              : before + policy.value();
      highest = Math.max(highest, allowed);
    }
    return highest;
  }

  private int lowest(Behavior behavior, int second) {
    int lowest = Integer.MAX_VALUE;
    for (Policy policy : behavior.policies()) {
      int before = before(second - policy.periodSeconds());
      int allowed =
          policy.percent()
              ? (int) Math.floor(before * (1 - policy.value() / 100.0))
              : before - policy.value();
      lowest = Math.min(lowest, allowed);
    }
    return lowest;
  }

  private int before(int second) {
    return past.floorEntry(second).getValue();
  }
}
