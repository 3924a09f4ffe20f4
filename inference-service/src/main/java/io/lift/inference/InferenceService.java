package io.lift.inference;

import io.lift.checkpoint.InvalidModelException;
import io.lift.formats.sink.PredictionWriters;
import io.lift.inference.config.FatalExit;
import io.lift.inference.config.InferenceConfig;
import io.lift.inference.config.Replica;
import io.lift.inference.explanations.ExplainedRequests;
import io.lift.inference.generation.GenerationChannel;
import io.lift.inference.models.BaseModelHolder;
import io.lift.inference.models.LoadThread;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.ModelTables;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.PartitionCounts;
import io.lift.inference.requests.RequestLoop;
import io.lift.inference.support.LiveSupport;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Starts the service in the order in which its parts need each other: access to Kafka, base model,
 * tables, the checkpoints they name, and at last the requests. Until then the service is alive and
 * not ready. Stops it in the reverse order.
 */
@ApplicationScoped
public class InferenceService {
  private static final Logger LOG = Logger.getLogger(InferenceService.class);
  private static final Duration FIRST_LOADS = Duration.ofSeconds(60);
  private static final Duration FIRST_ROWS = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 10;

  private final KafkaConnection kafka;
  private final Replica replica;
  private final BaseModelHolder base;
  private final LoadThread loads;
  private final ModelRegistry registry;
  private final ModelTables tables;
  private final LiveSupport support;
  private final MicroBatcher batcher;
  private final PartitionCounts partitions;
  private final RequestLoop loop;
  private final ExplainedRequests explained;
  private final GenerationChannel generation;
  private final PredictionWriters writers;
  private final SinkEvents sinkEvents;
  private final FatalExit exit;
  private final InferenceConfig.Support settings;
  private volatile boolean stopping;

  InferenceService(
      KafkaConnection kafka,
      Replica replica,
      BaseModelHolder base,
      LoadThread loads,
      ModelRegistry registry,
      ModelTables tables,
      LiveSupport support,
      MicroBatcher batcher,
      PartitionCounts partitions,
      RequestLoop loop,
      ExplainedRequests explained,
      GenerationChannel generation,
      PredictionWriters writers,
      SinkEvents sinkEvents,
      FatalExit exit,
      InferenceConfig config) {
    this.kafka = kafka;
    this.replica = replica;
    this.base = base;
    this.loads = loads;
    this.registry = registry;
    this.tables = tables;
    this.support = support;
    this.batcher = batcher;
    this.partitions = partitions;
    this.loop = loop;
    this.explained = explained;
    this.generation = generation;
    this.writers = writers;
    this.sinkEvents = sinkEvents;
    this.exit = exit;
    this.settings = config.support();
  }

  void start(@Observes StartupEvent event) {
    Thread thread = new Thread(this::startUp, "lift-start");
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
    loop.stop();
    generation.close();
    loop.close();
    writers.close();
    sinkEvents.close();
    explained.close();
    tables.close();
    batcher.close();
    support.close();
    loads.close();
    registry.close();
    partitions.close();
    base.close();
  }

  private void startUp() {
    try {
      Topics topics = kafka.topics();
      KafkaAccess.open(
          kafka.settings(),
          Role.INFERENCE.topics(topics),
          Role.INFERENCE.rights(topics, topics.groups().inference(), replica.group()));
      BaseModel model = base.open();
      LOG.infof("base model name=%s device=%s hash=%s", model.name(), model.device(), model.hash());
      if (!BaseModel.hasEncoder()) {
        LOG.info(BaseModel.NO_ENCODER);
      }
      Thread warmUp = warmUp(model);
      tables.start();
      awaitTables();
      if (settings.enabled()) {
        support.start();
      }
      awaitFirstLoads();
      warmUp.join();
      if (!stopping) {
        loop.start();
        generation.start();
      }
    } catch (KafkaUnavailableException | InvalidModelException e) {
      exit.because(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("the cause", e);
      exit.because("the inference service cannot start: " + e.getMessage());
    }
  }

  private Thread warmUp(BaseModel model) {
    Thread thread =
        new Thread(
            () -> {
              if (settings.enabled()) {
                model.warmUp(settings.warmUp());
              }
            },
            "lift-warm-up");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The rows of a task mean nothing before the task is known. */
  private void awaitTables() throws InterruptedException {
    while (!stopping && !tables.missing().isEmpty()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * A restart must not answer with the base model while checkpoints are being loaded, or without
   * the labelled rows that it would have had.
   */
  private void awaitFirstLoads() throws InterruptedException {
    long began = System.nanoTime();
    while (!stopping && !(loaded(began) && followed(began))) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean loaded(long began) {
    return registry.upToDate() || System.nanoTime() - began > FIRST_LOADS.toNanos();
  }

  private boolean followed(long began) {
    return !settings.enabled()
        || support.caughtUp()
        || System.nanoTime() - began > FIRST_ROWS.toNanos();
  }
}
