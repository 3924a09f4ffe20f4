package io.lift.inference.metrics;

import io.lift.inference.models.CheckpointRejection;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.RegistryListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** Meters and log lines of the models in memory. */
@Singleton
public class ModelMeters implements RegistryListener {
  private static final Logger LOG = Logger.getLogger("io.lift.inference");

  private final MeterRegistry meters;
  private final RequestMeters requests;
  private final Map<String, LoadedModel> current = new ConcurrentHashMap<>();
  private final Map<String, Meter> gauges = new ConcurrentHashMap<>();
  private final List<Meter> cache = new CopyOnWriteArrayList<>();

  ModelMeters(MeterRegistry meters, RequestMeters requests) {
    this.meters = meters;
    this.requests = requests;
  }

  /**
   * Measures a registry.
   *
   * @param capacity bytes that models may take beside the base model
   */
  public void observe(ModelRegistry registry, long capacity) {
    cache.add(
        Gauge.builder("lift.adapter.cache.size", registry::bytes)
            .description("memory that models take beside the base model")
            .baseUnit("bytes")
            .register(meters));
    cache.add(
        Gauge.builder("lift.adapter.cache.capacity", () -> capacity)
            .description("memory that models may take beside the base model")
            .baseUnit("bytes")
            .register(meters));
    cacheRequests("hit", registry, ModelRegistry::hits);
    cacheRequests("miss", registry, ModelRegistry::misses);
  }

  private void cacheRequests(
      String result, ModelRegistry registry, ToDoubleFunction<ModelRegistry> count) {
    cache.add(
        FunctionCounter.builder("lift.adapter.cache.requests", registry, count)
            .description("requests that found their model in memory, and those that had to wait")
            .tag("result", result)
            .register(meters));
  }

  /** Removes the meters of this registry; another application in this JVM would get them again. */
  @PreDestroy
  void close() {
    cache.forEach(meters::remove);
    gauges.values().forEach(meters::remove);
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
        .description("models that were evicted to make room for others")
        .register(meters)
        .increment();
    LOG.infof("evicted task=%s checkpointVersion=%d", task, model.version());
  }

  @Override
  public void deleted(String task) {
    current.remove(task);
    requests.deleted(task);
    for (String gauge : List.of("/version", "/age")) {
      Meter meter = gauges.remove(task + gauge);
      if (meter != null) {
        meters.remove(meter);
      }
    }
    LOG.infof("deleted task=%s", task);
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
}
