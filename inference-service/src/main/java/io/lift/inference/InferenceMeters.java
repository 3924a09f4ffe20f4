package io.lift.inference;

import io.lift.core.row.RejectReason;
import io.lift.inference.generation.GenerationLoop;
import io.lift.inference.models.CheckpointRejection;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.inference.requests.RequestLoop;
import io.lift.messages.PredictionMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** What the service tells about itself, per task. */
final class InferenceMeters
    implements RegistryListener, RequestLoop.Observer, GenerationLoop.Observer {
  private static final Logger LOG = Logger.getLogger("io.lift.inference");

  private static final Duration[] LATENCIES =
      millis(5, 10, 20, 30, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000);
  private static final Duration[] SCORES = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000);

  private final MeterRegistry meters;
  private final Map<String, LoadedModel> current = new ConcurrentHashMap<>();
  private final Map<String, Meter> gauges = new ConcurrentHashMap<>();

  InferenceMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void loaded(String task, LoadedModel model, Duration took) {
    current.put(task, model);
    if (model.version() > 0) {
      meters.timer("lift.checkpoint.load", "task", task).record(took);
    }
    gauges.computeIfAbsent(
        task + "/version",
        key ->
            Gauge.builder("lift.checkpoint.version", () -> versionOf(task))
                .description("checkpoint version that answers; 0 is the base model")
                .tag("task", task)
                .register(meters));
    gauges.computeIfAbsent(
        task + "/age",
        key ->
            TimeGauge.builder("lift.checkpoint.age", () -> ageOf(task), TimeUnit.MILLISECONDS)
                .description("since the checkpoint that answers was made")
                .tag("task", task)
                .register(meters));
    LOG.infof(
        "loaded task=%s checkpointVersion=%d sha256=%s took=%d ms",
        task, model.version(), model.sha256(), took.toMillis());
  }

  @Override
  public void rejected(String task, long version, CheckpointRejection rejection, String why) {
    Counter.builder("lift.checkpoint.rejected")
        .description("checkpoints that are not used")
        .tag("task", task)
        .tag("reason", rejection.code())
        .register(meters)
        .increment();
    LOG.warnf("rejected task=%s checkpointVersion=%d: %s", task, version, why);
  }

  @Override
  public void evicted(String task, LoadedModel model) {
    Counter.builder("lift.adapter.cache.evictions")
        .description("models that made room for others")
        .register(meters)
        .increment();
    LOG.infof("evicted task=%s checkpointVersion=%d", task, model.version());
  }

  /** The models in memory. */
  void watch(ModelRegistry registry, long capacity) {
    Gauge.builder("lift.adapter.cache.size", registry::bytes)
        .description("memory that models take beside the base model")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("lift.adapter.cache.capacity", () -> capacity)
        .description("memory that models may take beside the base model")
        .baseUnit("bytes")
        .register(meters);
    requests("hit", registry, ModelRegistry::hits);
    requests("miss", registry, ModelRegistry::misses);
  }

  private void requests(String result, ModelRegistry of, ToDoubleFunction<ModelRegistry> count) {
    FunctionCounter.builder("lift.adapter.cache.requests", of, count)
        .description("requests that found their model in memory, and those that had to wait")
        .tag("result", result)
        .register(meters);
  }

  @Override
  public void deleted(String task) {
    current.remove(task);
    for (String gauge : List.of("/version", "/age", "/parked")) {
      Meter meter = gauges.remove(task + gauge);
      if (meter != null) {
        meters.remove(meter);
      }
    }
    LOG.infof("deleted task=%s", task);
  }

  @Override
  public void committed(List<Outcome> outcomes, int deadLetters) {
    long now = System.currentTimeMillis();
    for (Outcome outcome : outcomes) {
      String task = outcome.request().message().task();
      if (outcome.waits()) {
        continue;
      }
      PredictionMessage prediction = outcome.prediction();
      Counter.builder("lift.predictions")
          .description("requests concluded")
          .tag("task", task)
          .tag("status", prediction.status().name().toLowerCase(java.util.Locale.ROOT))
          .register(meters)
          .increment();
      Timer.builder("lift.request.latency")
          .description("from the row's timestamp to its committed prediction")
          .serviceLevelObjectives(LATENCIES)
          .tag("task", task)
          .register(meters)
          .record(Math.max(0, now - outcome.request().producedAt()), TimeUnit.MILLISECONDS);
    }
    if (deadLetters > 0) {
      meters.counter("lift.dead.letters", "reason", "undecodable").increment(deadLetters);
    }
  }

  @Override
  public void generated(String task, int rows, int rejected) {
    Counter.builder("lift.rows.generated")
        .description("rows sampled from what a task has learnt")
        .tag("task", task)
        .register(meters)
        .increment(rows);
    Counter.builder("lift.rows.rejected")
        .description("drafts of rows that were rejected because they left the schema")
        .tag("task", task)
        .register(meters)
        .increment(rejected);
  }

  @Override
  public void rejected(RejectReason reason) {
    meters.counter("lift.dead.letters", "reason", reason.code()).increment();
  }

  @Override
  public void undone(Throwable why) {
    Counter.builder("lift.transactions.aborted")
        .description("turns undone and repeated")
        .register(meters)
        .increment();
  }

  /** Requests of a task have begun to wait for its first checkpoint. */
  void waits(String task, IntSupplier count) {
    gauges.computeIfAbsent(
        task + "/parked",
        key ->
            Gauge.builder("lift.requests.parked", count::getAsInt)
                .description("requests that wait for the first checkpoint of their task")
                .tag("task", task)
                .register(meters));
  }

  /** A batch was scored. */
  void scored(Map<LoadedModel, Integer> models, long nanos) {
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

  private double versionOf(String task) {
    LoadedModel model = current.get(task);
    return model == null ? Double.NaN : model.version();
  }

  private double ageOf(String task) {
    LoadedModel model = current.get(task);
    return model == null || model.version() == 0
        ? Double.NaN
        : System.currentTimeMillis() - model.createdAt();
  }

  private static Duration[] millis(long... values) {
    return java.util.Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
