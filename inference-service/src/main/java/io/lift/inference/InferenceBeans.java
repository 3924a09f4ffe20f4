package io.lift.inference;

import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.sink.PredictionWriters;
import io.lift.inference.config.FatalExit;
import io.lift.inference.config.InferenceConfig;
import io.lift.inference.config.Replica;
import io.lift.inference.explanations.ExplainedRequests;
import io.lift.inference.explanations.RowExplainer;
import io.lift.inference.generation.GenerationHandler;
import io.lift.inference.generation.RowGenerator;
import io.lift.inference.metrics.ModelMeters;
import io.lift.inference.metrics.RequestMeters;
import io.lift.inference.metrics.SupportMeters;
import io.lift.inference.models.BaseModelHolder;
import io.lift.inference.models.Calibrations;
import io.lift.inference.models.LoadThread;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.models.ModelTables;
import io.lift.inference.models.ScorerModelLoader;
import io.lift.inference.requests.EvidenceFinder;
import io.lift.inference.requests.LoopSettings;
import io.lift.inference.requests.MicroBatcher;
import io.lift.inference.requests.ParkedWindow;
import io.lift.inference.requests.PartitionCounts;
import io.lift.inference.requests.ReplySender;
import io.lift.inference.requests.RequestAnswers;
import io.lift.inference.requests.RequestHandler;
import io.lift.inference.requests.RequestLoop;
import io.lift.inference.requests.Sinks;
import io.lift.inference.requests.WritableTopics;
import io.lift.inference.support.LiveSupport;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import io.lift.model.encoder.TextReader;
import io.lift.service.model.ModelConfig;
import io.lift.service.registry.RegistryConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the plain classes of the service from its settings. Making them opens nothing; {@link
 * InferenceService} starts and stops them.
 */
@Singleton
public class InferenceBeans {
  private static final Duration SCHEMA_AGAIN = Duration.ofSeconds(2);
  private static final Duration SCHEMA_AFTER_REFUSAL = Duration.ofSeconds(60);

  @Produces
  @Singleton
  Replica replica(
      InferenceConfig config, Topics topics, @ConfigProperty(name = "quarkus.http.port") int port) {
    return Replica.of(config, topics, port);
  }

  @Produces
  @Singleton
  BaseModelHolder baseModel(ModelConfig config) {
    return new BaseModelHolder(config.path().orElse(null), config.device(), config.dtype());
  }

  @Produces
  @Singleton
  LoadThread loadThread() {
    return new LoadThread();
  }

  @Produces
  @Singleton
  ModelRegistry registry(
      BaseModelHolder base,
      InferenceConfig config,
      KafkaConnection kafka,
      LoadThread loads,
      ModelMeters meters) {
    ScorerModelLoader loader =
        new ScorerModelLoader(base, config.adapters(), kafka, config.checkpointTimeout());
    ModelRegistry registry = new ModelRegistry(loader, config.maxLoadedBytes(), loads, meters);
    meters.observe(registry, config.maxLoadedBytes());
    return registry;
  }

  @Produces
  @Singleton
  LiveSupport support(
      BaseModelHolder base, InferenceConfig config, KafkaConnection kafka, SupportMeters meters) {
    LiveSupport support = new LiveSupport(kafka, base, config.support().maxBytes(), meters::read);
    meters.observe(support);
    meters.observe(() -> base.isOpen() ? base.get().textCounts() : TextReader.Counts.NONE);
    return support;
  }

  @Produces
  @Singleton
  EvidenceFinder evidence(LiveSupport support, Calibrations calibrations, InferenceConfig config) {
    return new EvidenceFinder(support, calibrations, config.support().maxWait());
  }

  @Produces
  @Singleton
  Calibrations calibrations() {
    return new Calibrations();
  }

  @Produces
  @Singleton
  ModelTables tables(
      KafkaConnection kafka,
      ModelRegistry registry,
      Calibrations calibrations,
      LiveSupport support,
      Sinks sinks) {
    return new ModelTables(
        kafka,
        registry,
        calibrations,
        (name, task) -> {
          support.onTask(name, task);
          sinks.onTask(name, task);
        });
  }

  @Produces
  @Singleton
  MicroBatcher batcher(InferenceConfig config, RequestMeters meters) {
    return new MicroBatcher(config.batch(), config.http().maxQueued(), meters);
  }

  @Produces
  @Singleton
  RowExplainer explainer(MicroBatcher batcher, InferenceConfig config) {
    return new RowExplainer(batcher, config.explain().draws(), config.explain().maxVariants());
  }

  @Produces
  @Singleton
  RequestAnswers answers(
      ModelRegistry registry, Calibrations calibrations, EvidenceFinder evidence) {
    return new RequestAnswers(registry, calibrations, evidence);
  }

  @Produces
  @Singleton
  ExplainedRequests explained(
      RequestAnswers answers,
      MicroBatcher batcher,
      RowExplainer explainer,
      InferenceConfig config) {
    return new ExplainedRequests(answers, batcher, explainer, config.explain().timeout());
  }

  @Produces
  @Singleton
  PartitionCounts partitionCounts(KafkaConnection kafka) {
    return new PartitionCounts(kafka.settings());
  }

  @Produces
  @Singleton
  SchemaRegistry schemas(RegistryConfig config, KafkaConnection kafka) {
    return new SchemaRegistry(
        RegistrySettings.of(
            config.url(),
            config.user(),
            config.password(),
            config.token(),
            kafka.settings(),
            config.cache()));
  }

  @Produces
  @Singleton
  PredictionWriters writers(
      SchemaRegistry schemas, KafkaConnection kafka, ModelRegistry registry, SinkEvents events) {
    return new PredictionWriters(
        schemas,
        kafka.topics().predictions().name(),
        SCHEMA_AGAIN,
        SCHEMA_AFTER_REFUSAL,
        (sink, refused) -> events.refused(registry.specs(), sink, refused));
  }

  @Produces
  @Singleton
  Sinks sinks(
      ModelRegistry registry,
      PredictionWriters writers,
      KafkaConnection kafka,
      PartitionCounts partitions,
      RequestMeters meters) {
    WritableTopics topics = new WritableTopics("predictions", kafka.topics(), partitions);
    Sinks sinks = new Sinks(registry::task, registry::specs, writers, topics);
    meters.observeSinks(topics, sinks);
    return sinks;
  }

  @Produces
  @Singleton
  RequestLoop loop(
      InferenceConfig config,
      KafkaConnection kafka,
      Traces traces,
      Replica replica,
      ModelRegistry registry,
      MicroBatcher batcher,
      RequestAnswers answers,
      EvidenceFinder evidence,
      ExplainedRequests explained,
      ModelTables tables,
      PartitionCounts partitions,
      Sinks sinks,
      RequestMeters meters,
      FatalExit exit) {
    WritableTopics replyTopics = new WritableTopics("replies", kafka.topics(), partitions);
    meters.observe(replyTopics);
    Clock clock = Clock.systemUTC();
    return new RequestLoop(
        new LoopSettings(
            kafka,
            traces,
            replica.group(),
            replica.instance(),
            config.batch(),
            config.parked().maxWait()),
        new RequestHandler(answers, batcher, evidence, explained, tables::refreshTasks, clock),
        new ParkedWindow(config.parked().maxBytes(), meters::waits, explained),
        (task, version, replyOnly) ->
            !registry.mustWait(task, version) && (replyOnly || !sinks.waits(task)),
        new ReplySender(kafka.settings(), replyTopics),
        sinks,
        meters,
        exit::because,
        clock);
  }

  @Produces
  @Singleton
  RowGenerator rowGenerator(ModelRegistry registry, ModelTables tables) {
    return new RowGenerator(registry, tables::refresh);
  }

  @Produces
  @Singleton
  GenerationHandler generationHandler(
      RowGenerator generator, Topics topics, InferenceConfig config) {
    return new GenerationHandler(generator, topics, config.maxGenerated());
  }
}
