package io.lift.inference;

import io.lift.inference.config.InferenceConfig;
import io.lift.inference.models.BaseModelHolder;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.ModelTables;
import io.lift.inference.requests.RequestLoop;
import io.lift.messages.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Whether the service is ready and alive. */
@ApplicationScoped
public class ServiceStatus {
  private final BaseModelHolder base;
  private final ModelTables tables;
  private final ModelRegistry registry;
  private final RequestLoop loop;
  private final Topics topics;
  private final InferenceConfig config;

  ServiceStatus(
      BaseModelHolder base,
      ModelTables tables,
      ModelRegistry registry,
      RequestLoop loop,
      Topics topics,
      InferenceConfig config) {
    this.base = base;
    this.tables = tables;
    this.registry = registry;
    this.loop = loop;
    this.topics = topics;
    this.config = config;
  }

  /**
   * Whether the base model is open, the tables are read, and requests are being read. Not ready if
   * the newest checkpoint of every task is of another base model, since the trainer then has
   * another {@code lift.model.path}.
   */
  public boolean ready() {
    return waitingFor().isEmpty() && !registry.onlyOtherBases();
  }

  /** What is missing before requests are read, in words; empty if nothing is. */
  public List<String> waitingFor() {
    if (!base.isOpen()) {
      return List.of("base model");
    }
    List<String> missing = tables.missing();
    if (!loop.started()) {
      missing.add("first loads of the checkpoints");
    } else if (!loop.assigned()) {
      missing.add("partitions of " + topics.requests().name());
    }
    return missing;
  }

  /** Why the service does not answer, in one sentence; only while it is not {@link #ready}. */
  public String whyNotReady() {
    List<String> missing = waitingFor();
    return missing.isEmpty()
        ? "every checkpoint was made for another base model; give trainer and inference the same"
            + " lift.model.path"
        : "the service is starting: waiting for " + String.join(", ", missing);
  }

  /** Tasks whose newest checkpoint is of another base model than this service's. */
  public List<String> tasksOfOtherBases() {
    return registry.tasksOfOtherBases();
  }

  /** Whether the request loop makes progress, or has not begun. */
  public boolean alive() {
    return loop.alive(config.livenessTimeout());
  }
}
