package io.lift.inference;

import io.lift.checkpoint.InvalidModelException;
import io.lift.core.task.TaskSpec;
import io.lift.inference.generation.GenerationLoop;
import io.lift.inference.generation.RowGenerator;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.ScorerModelLoader;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.ParkedWindow;
import io.lift.inference.requests.ReplyTopics;
import io.lift.inference.requests.RequestHandler;
import io.lift.inference.requests.RequestLoop;
import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.kafka.Traces;
import io.lift.messages.CalibrationMessage;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Topics;
import io.lift.model.BaseModel;
import io.lift.service.model.ModelConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Builds the service, in the order in which its parts need each other: topics, base model, the
 * tables of tasks, checkpoints and calibrations, the checkpoints they name, and at last the request
 * loop. Until all that is done the service is alive and not ready.
 */
@ApplicationScoped
public class InferenceService {
  private static final Logger LOG = Logger.getLogger(InferenceService.class);
  private static final Duration REFRESH = Duration.ofSeconds(5);
  private static final Duration FIRST_LOADS = Duration.ofSeconds(60);

  private final InferenceConfig config;
  private final ModelConfig modelConfig;
  private final KafkaConnection kafka;
  private final Topics topics;
  private final Traces traces;
  private final MeterRegistry meterRegistry;
  private final int port;
  private final Calibrations calibrations = new Calibrations();
  private final ExecutorService loader =
      Executors.newSingleThreadExecutor(task -> daemon(task, "lift-loader"));

  private volatile boolean stopping;
  private volatile Parts parts;
  private volatile Thread loopThread;

  /** Everything that runs; made once the base model is open. */
  private record Parts(
      BaseModel base,
      ModelRegistry registry,
      MicroBatcher batcher,
      CompactedTable<TaskSpec> tasks,
      CompactedTable<CheckpointManifest> checkpoints,
      CompactedTable<CalibrationMessage> calibrations,
      Admin admin,
      RequestLoop loop,
      RowGenerator generator,
      GenerationLoop generation) {}

  InferenceService(
      InferenceConfig config,
      ModelConfig modelConfig,
      KafkaConnection kafka,
      Traces traces,
      MeterRegistry meterRegistry,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.config = config;
    this.modelConfig = modelConfig;
    this.kafka = kafka;
    this.topics = kafka.topics();
    this.traces = traces;
    this.meterRegistry = meterRegistry;
    this.port = port;
  }

  void start(@Observes StartupEvent event) {
    daemon(this::startUp, "lift-start").start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    Parts running = parts;
    if (running != null) {
      running.loop.stop();
      running.generation.close();
      Thread thread = loopThread;
      if (thread != null) {
        thread.join(10_000);
      }
      running.tasks.close();
      running.checkpoints.close();
      running.calibrations.close();
      running.batcher.close();
      loader.shutdown();
      loader.awaitTermination(5, TimeUnit.SECONDS);
      running.registry.close();
      running.admin.close(Duration.ofSeconds(2));
      running.base.close();
    }
  }

  /** Which model answers which task; absent until the base model is open. */
  public Optional<ModelRegistry> registry() {
    return Optional.ofNullable(parts).map(Parts::registry);
  }

  /** What labels have taught about the answers; nothing before the tables are read. */
  public Calibrations calibrations() {
    return calibrations;
  }

  /** Where rows are scored; absent until the base model is open. */
  public Optional<MicroBatcher> batcher() {
    return Optional.ofNullable(parts).map(Parts::batcher);
  }

  /** Where rows are sampled; absent until the base model is open. */
  public Optional<RowGenerator> generator() {
    return Optional.ofNullable(parts).map(Parts::generator);
  }

  /**
   * Whether the base model is open and every task and checkpoint published before is known, and
   * they are not all of another base model: then the trainer has another {@code lift.model.path}.
   */
  public boolean ready() {
    return waitingFor().isEmpty() && !parts.registry.onlyOtherBases();
  }

  /** Tasks whose newest checkpoint is of another base model than this service's. */
  public List<String> ofOtherBases() {
    return registry().map(ModelRegistry::tasksOfOtherBases).orElse(List.of());
  }

  /** What is still missing, in words; empty when ready. */
  public List<String> waitingFor() {
    Parts running = parts;
    if (running == null) {
      return List.of("base model");
    }
    java.util.ArrayList<String> missing = new java.util.ArrayList<>();
    if (!running.tasks.caughtUp()) {
      missing.add(topics.tasks().name());
    }
    if (!running.checkpoints.caughtUp()) {
      missing.add(topics.checkpoints().name());
    }
    if (!running.calibrations.caughtUp()) {
      missing.add(topics.calibration().name());
    }
    if (loopThread == null) {
      missing.add("first loads of the checkpoints");
    } else if (!running.loop.assigned()) {
      missing.add("partitions of " + topics.requests().name());
    }
    return missing;
  }

  /** Whether the loop makes progress, or has not begun. */
  public boolean alive() {
    Thread thread = loopThread;
    return thread == null
        || thread.isAlive() && parts.loop.silentNanos() < config.livenessTimeout().toNanos();
  }

  private void startUp() {
    try {
      KafkaAccess.open(
          kafka.settings(),
          Role.INFERENCE.topics(topics),
          Role.INFERENCE.rights(topics, topics.groups().inference(), topics.name(config.group())));
      BaseModel base =
          BaseModel.open(
              modelConfig.path().orElse(null), modelConfig.device(), modelConfig.dtype());
      LOG.infof("base model name=%s device=%s hash=%s", base.name(), base.device(), base.hash());
      Parts built = build(base);
      parts = built;
      built.tasks.start();
      built.checkpoints.start();
      built.calibrations.start();
      awaitFirstLoads(built);
      if (!stopping) {
        Thread thread = new Thread(built.loop, "lift-requests");
        thread.start();
        loopThread = thread;
        built.generation.start();
      }
    } catch (KafkaUnavailableException | InvalidModelException e) {
      fatal(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("why", e);
      fatal("the inference service cannot start: " + e.getMessage());
    }
  }

  private Parts build(BaseModel base) {
    InferenceMeters meters = new InferenceMeters(meterRegistry);
    ModelRegistry registry =
        new ModelRegistry(
            new ScorerModelLoader(base, config.adapters(), kafka, config.checkpointTimeout()),
            config.maxLoadedBytes(),
            loader,
            meters);
    meters.watch(registry, config.maxLoadedBytes());
    MicroBatcher batcher =
        new MicroBatcher(config.batch(), config.http().maxQueued(), meters::scored);
    CompactedTable<TaskSpec> tasks =
        new CompactedTable<>(
            topics.tasks(),
            kafka.settings(),
            (name, task) -> {
              calibrations.onTask(name, task);
              registry.onTask(name, task);
            });
    CompactedTable<CheckpointManifest> checkpoints =
        new CompactedTable<>(topics.checkpoints(), kafka.settings(), registry::onCheckpoint);
    CompactedTable<CalibrationMessage> learnt =
        new CompactedTable<>(topics.calibration(), kafka.settings(), calibrations::onCalibration);
    Admin admin = Admin.create(kafka.settings());
    ReplyTopics replyTopics = new ReplyTopics(topics, topic -> partitions(admin, topic));
    FunctionCounter.builder("lift.replies.rejected", replyTopics, ReplyTopics::rejected)
        .description("replies that could not be sent; their predictions are published")
        .register(meterRegistry);
    RequestHandler answerer =
        new RequestHandler(
            registry, batcher, calibrations, () -> tasks.refresh(REFRESH), Clock.systemUTC());
    String group = topics.name(config.group());
    String instance = config.instance().orElseGet(() -> hostName() + "-" + port);
    RequestLoop loop =
        new RequestLoop(
            new RequestLoop.Settings(
                kafka,
                traces,
                group,
                instance,
                config.batch(),
                config.parked().maxBytes(),
                config.parked().maxWait()),
            answerer,
            new ParkedWindow(config.parked().maxBytes(), meters::waits),
            (task, version) -> !registry.mustWait(task, version),
            replyTopics,
            meters,
            this::fatal,
            Clock.systemUTC());
    RowGenerator generator =
        new RowGenerator(
            registry,
            () -> {
              tasks.refresh(REFRESH);
              checkpoints.refresh(REFRESH);
            });
    GenerationLoop generation =
        new GenerationLoop(
            topics.groups().generation(group),
            instance,
            kafka,
            generator,
            config.maxGenerated(),
            meters);
    return new Parts(
        base, registry, batcher, tasks, checkpoints, learnt, admin, loop, generator, generation);
  }

  /** So that a restart does not answer by the base model while the checkpoints come in. */
  private void awaitFirstLoads(Parts built) throws InterruptedException {
    long until = System.nanoTime() + FIRST_LOADS.toNanos();
    boolean caughtUp = false;
    while (!stopping && !(caughtUp && (built.registry.upToDate() || System.nanoTime() > until))) {
      Thread.sleep(10);
      caughtUp =
          built.tasks.caughtUp() && built.checkpoints.caughtUp() && built.calibrations.caughtUp();
    }
  }

  private static int partitions(Admin admin, String topic) {
    try {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(5, TimeUnit.SECONDS)
          .get(topic)
          .partitions()
          .size();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      return 0; // unknown, no name for a topic, or not for us to see
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void fatal(String sentence) {
    if (!stopping) {
      LOG.error(sentence);
      Quarkus.asyncExit(1);
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
