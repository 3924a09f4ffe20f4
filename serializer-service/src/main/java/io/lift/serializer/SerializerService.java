package io.lift.serializer;

import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.kafka.Traces;
import io.lift.kafka.TransactionalLoop;
import io.lift.messages.Topics;
import io.lift.service.lifecycle.ServiceFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the serializer from the start of the service to its end. */
@ApplicationScoped
public class SerializerService {
  private static final Logger LOG = LoggerFactory.getLogger(SerializerService.class);

  private final SerializerConfig config;
  private final KafkaConnection kafka;
  private final RowsHandler handler;
  private final TransactionalLoop loop;
  private final TaskDrafts drafts;
  private final String instance;

  SerializerService(
      SerializerConfig config,
      KafkaConnection kafka,
      Traces traces,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.config = config;
    this.kafka = kafka;
    Topics topics = kafka.topics();
    this.instance = config.instance().orElseGet(() -> hostName() + "-" + port);
    this.handler =
        new RowsHandler(
            kafka, new RowSerializer(topics, traces, config.maxRowBytes()), this::subscribe);
    this.loop =
        new TransactionalLoop(
            new TransactionalLoop.Settings(
                topics.groups().serializer(),
                instance,
                kafka.settings(),
                consumer(config),
                producer()),
            handler,
            new SerializerMeters(topics, registry, handler::last));
    this.drafts =
        new TaskDrafts(
            kafka, handler.tasks(), config.inference().rows(), config.inference().every());
  }

  private static Map<String, Object> consumer(SerializerConfig config) {
    return Map.of("max.poll.records", config.batch());
  }

  private static Map<String, Object> producer() {
    return Map.of("batch.size", 128 * 1024, "linger.ms", 5, "max.block.ms", 30_000);
  }

  private void subscribe(Set<String> topics) {
    loop.subscribe(topics);
  }

  void start(@Observes StartupEvent event) {
    try {
      KafkaAccess.open(kafka, Role.SERIALIZER);
    } catch (KafkaUnavailableException e) {
      throw ServiceFailure.atStart(e.getMessage());
    }
    handler.start();
    loop.start();
    drafts.start();
    LOG.atInfo().addKeyValue("instance", instance).log("serializer started");
  }

  void stop(@Observes ShutdownEvent event) {
    drafts.close();
    loop.close();
    handler.close();
  }

  /** Whether the tasks are known and rows are being read. */
  boolean ready() {
    return handler.tasks().caughtUp() && loop.started();
  }

  /** Whether the loop makes progress. */
  boolean live() {
    return loop.sinceLastPoll().compareTo(config.stalledAfter()) < 0;
  }

  Duration sinceLastPoll() {
    return loop.sinceLastPoll();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
