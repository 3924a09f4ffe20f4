package io.lift.inference.metrics;

import io.lift.inference.models.LoadedModel;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.inference.requests.RequestLoop;
import io.lift.inference.requests.Sinks;
import io.lift.inference.requests.WritableTopics;
import io.lift.messages.PredictionMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Meters of requests for predictions, from their batches to their transactions. */
@Singleton
public class RequestMeters implements RequestLoop.Observer, MicroBatcher.Observer {
  private static final Duration[] LATENCIES =
      millis(5, 10, 20, 30, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000);
  private static final Duration[] SCORES = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000);

  private final MeterRegistry meters;
  private final Map<String, Meter> parked = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Measures the replies that are not sent. */
  public void observe(WritableTopics replies) {
    FunctionCounter.builder("lift.replies.rejected", replies, WritableTopics::rejected)
        .description("replies that could not be sent; their predictions are published")
        .register(meters);
  }

  /** Measures the predictions that are not sent to the topics of tasks. */
  public void observeSinks(WritableTopics topics, Sinks sinks) {
    FunctionCounter.builder("lift.sinks.rejected", topics, WritableTopics::rejected)
        .description("predictions that could not be sent to their task's own topic")
        .register(meters);
    Gauge.builder("lift.sinks.waiting", sinks, Sinks::waiting)
        .description("tasks whose requests wait for the schema of their own topic")
        .register(meters);
  }

  /**
   * Requests of a task wait for its first checkpoint.
   *
   * @param count how many wait now
   */
  public void waits(String task, IntSupplier count) {
    parked.computeIfAbsent(
        task,
        key ->
            Gauge.builder("lift.requests.parked", count::getAsInt)
                .description(
                    "requests that wait for the first checkpoint of their task, or the schema of its own topic")
                .tag("task", task)
                .register(meters));
  }

  /** A task was deleted. */
  public void deleted(String task) {
    Meter gauge = parked.remove(task);
    if (gauge != null) {
      meters.remove(gauge);
    }
  }

  @Override
  public void scored(Map<LoadedModel, Integer> models, long nanos) {
    models.forEach(
        (model, prompts) -> {
          String task = model.language().task().name();
          DistributionSummary.builder("lift.batch.size")
              .description("prompts of a task in one batch")
              .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
              .tag("task", task)
              .register(meters)
              .record(prompts);
          Timer.builder("lift.score")
              .description("computing of one batch, other tasks' prompts in it included")
              .serviceLevelObjectives(SCORES)
              .tag("task", task)
              .register(meters)
              .record(nanos, TimeUnit.NANOSECONDS);
        });
    DistributionSummary.builder("lift.batch.tasks")
        .description("tasks answered in one batch")
        .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
        .register(meters)
        .record(models.size());
  }

  @Override
  public void scoredLater(int prompts, long nanos) {
    Counter.builder("lift.explanation.variants")
        .description("changed rows that were answered for explanations")
        .register(meters)
        .increment(prompts);
    Timer.builder("lift.explanation.score")
        .description("computing of one batch of changed rows")
        .serviceLevelObjectives(SCORES)
        .register(meters)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void committed(List<Outcome> outcomes, int deadLetters) {
    long now = System.currentTimeMillis();
    for (Outcome outcome : outcomes) {
      if (outcome.waits()) {
        continue;
      }
      String task = outcome.request().message().task();
      PredictionMessage prediction = outcome.prediction();
      Counter.builder("lift.predictions")
          .description("requests concluded")
          .tag("task", task)
          .tag("status", prediction.status().name().toLowerCase(Locale.ROOT))
          .register(meters)
          .increment();
      Timer.builder("lift.request.latency")
          .description("from the broker's time of the request to its committed prediction")
          .serviceLevelObjectives(LATENCIES)
          .tag("task", task)
          .register(meters)
          .record(Math.max(0, now - outcome.request().takenAt()), TimeUnit.MILLISECONDS);
    }
    if (deadLetters > 0) {
      meters.counter("lift.dead.letters", "reason", "undecodable").increment(deadLetters);
    }
  }

  @Override
  public void aborted(Throwable cause) {
    abortedTransactions(meters).increment();
  }

  static Counter abortedTransactions(MeterRegistry meters) {
    return Counter.builder("lift.transactions.aborted")
        .description("transactions that were aborted and whose records come again")
        .register(meters);
  }

  private static Duration[] millis(long... values) {
    return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
