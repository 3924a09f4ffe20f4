package io.lift.bench.scale;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Inference replicas and the requests that wait for them, first come, first served. */
final class Inference {
  /**
   * @param requestsPerSecond of one replica, as {@code lift bench inference} measures
   * @param deadlineSeconds after which a request is answered {@code expired}
   * @param startSeconds from the request of a replica to its first answer
   */
  record Model(double requestsPerSecond, int deadlineSeconds, int startSeconds) {}

  private record Batch(int second, double requests) {}

  private final Model model;
  private final List<Integer> readyAt = new ArrayList<>();
  private final Deque<Batch> waiting = new ArrayDeque<>();
  private final Deque<Double> expiredLately = new ArrayDeque<>(); // by second, one minute
  private double lag;
  private double answered;
  private double expired;

  Inference(Model model) {
    this.model = model;
  }

  void scale(int replicas, int second) {
    while (readyAt.size() < replicas) {
      readyAt.add(second == 0 ? 0 : second + model.startSeconds());
    }
    while (readyAt.size() > replicas) {
      readyAt.remove(readyAt.size() - 1);
    }
  }

  /** One second of arrivals and work. */
  void second(int second, double arrivals) {
    waiting.addLast(new Batch(second, arrivals));
    lag += arrivals;
    double late = 0;
    while (second - waiting.peekFirst().second() > model.deadlineSeconds()) {
      late += waiting.removeFirst().requests(); // costs next to nothing
    }
    lag -= late;
    expired += late;
    expiredLately.addLast(late);
    if (expiredLately.size() > 60) {
      expiredLately.removeFirst();
    }
    double capacity =
        model.requestsPerSecond() * readyAt.stream().filter(at -> at <= second).count();
    while (capacity > 0 && !waiting.isEmpty()) {
      Batch first = waiting.removeFirst();
      double done = Math.min(capacity, first.requests());
      capacity -= done;
      lag -= done;
      answered += done;
      if (done < first.requests()) {
        waiting.addFirst(new Batch(first.second(), first.requests() - done));
      }
    }
    lag = waiting.isEmpty() ? 0 : lag;
    if (waiting.isEmpty()) {
      waiting.addLast(new Batch(second, 0));
    }
  }

  double lag() {
    return lag;
  }

  /** Missed deadlines per second, over the last minute. */
  double missed() {
    return expiredLately.stream().mapToDouble(Double::doubleValue).sum() / 60;
  }

  /** Seconds that the oldest request has waited. */
  double wait(int second) {
    return lag == 0 ? 0 : second - waiting.peekFirst().second();
  }

  int running() {
    return readyAt.size();
  }

  double expired() {
    return expired;
  }

  double answered() {
    return answered;
  }
}
