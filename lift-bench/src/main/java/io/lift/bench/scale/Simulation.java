package io.lift.bench.scale;

import java.util.Map;

/**
 * A day, second by second, under scaling rules or with fixed replicas.
 *
 * @param minutes what each minute of the day was like
 * @param staleness of every second, sorted
 * @param trainerHours that were paid for
 * @param inferenceHours that were paid for
 * @param rounds of training
 * @param answered requests
 * @param expired requests
 */
record Simulation(
    Minute[] minutes,
    double[] staleness,
    double trainerHours,
    double inferenceHours,
    double rounds,
    double answered,
    double expired) {

  /** The worst of one minute. */
  static final class Minute {
    double rows;
    int trainers;
    double staleness;
    int inference;
    double wait;
  }

  /**
   * @param trainers what decides on their number
   * @param inference what decides on their number
   * @param requestsPerRow requests per training row
   */
  static Simulation run(
      Traffic traffic,
      Trainers.Model trainer,
      Inference.Model answers,
      double requestsPerRow,
      ScalingRules trainers,
      ScalingRules inference) {
    Autoscaler trainerScaler = new Autoscaler(trainers);
    Autoscaler inferenceScaler = new Autoscaler(inference);
    Trainers fleet = new Trainers(trainer, traffic.tasks());
    Inference replicas = new Inference(answers);
    fleet.scale(trainerScaler.replicas(), 0);
    replicas.scale(inferenceScaler.replicas(), 0);

    Minute[] minutes = new Minute[Traffic.DAY / 60];
    double[] staleness = new double[Traffic.DAY];
    double trainerSeconds = 0;
    double inferenceSeconds = 0;
    for (int second = 0; second < Traffic.DAY; second++) {
      // rows and requests come, and are worked on
      double[] rows = traffic.at(second);
      double all = 0;
      for (double rate : rows) {
        all += rate;
      }
      fleet.second(second, rows);
      replicas.second(second, all * requestsPerRow);

      // the autoscalers poll
      if (second % Autoscaler.SYNC_SECONDS == 0) {
        fleet.scale(
            trainerScaler.sync(
                second, Map.of("staleness", fleet.staleness(second), "prompts", fleet.waiting())),
            second);
        replicas.scale(
            inferenceScaler.sync(
                second, Map.of("requests", replicas.lag(), "deadlines", replicas.missed())),
            second);
      }

      // books
      staleness[second] = fleet.staleness(second);
      trainerSeconds += fleet.running();
      inferenceSeconds += replicas.running();
      int m = second / 60;
      Minute minute = minutes[m] == null ? minutes[m] = new Minute() : minutes[m];
      minute.rows = all;
      minute.trainers = Math.max(minute.trainers, fleet.running());
      minute.staleness = Math.max(minute.staleness, staleness[second]);
      minute.inference = Math.max(minute.inference, replicas.running());
      minute.wait = Math.max(minute.wait, replicas.wait(second));
    }
    java.util.Arrays.sort(staleness);
    return new Simulation(
        minutes,
        staleness,
        trainerSeconds / 3600,
        inferenceSeconds / 3600,
        fleet.rounds(),
        replicas.answered(),
        replicas.expired());
  }

  double stalenessQuantile(double q) {
    return staleness[(int) Math.min(staleness.length - 1, q * staleness.length)];
  }

  double worstStaleness() {
    return staleness[staleness.length - 1];
  }
}
