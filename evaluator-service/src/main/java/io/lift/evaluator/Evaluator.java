package io.lift.evaluator;

import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.kafka.Traces;
import io.lift.messages.MetricsMessage;
import io.lift.messages.Topics;
import io.lift.page.PageService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the streams and the table of their results. */
@ApplicationScoped
public class Evaluator {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

  private final EvaluatorConfig config;
  private final KafkaConnection kafka;
  private final Traces traces;
  private final MeterRegistry registry;
  private final PageService page;

  private StreamsRunner streams;
  private CompactedTable<MetricsMessage> metrics;
  private KafkaStreamsMetrics streamsMetrics;

  Evaluator(
      EvaluatorConfig config,
      KafkaConnection kafka,
      Traces traces,
      MeterRegistry registry,
      PageService page) {
    this.config = config;
    this.page = page;
    this.kafka = kafka;
    this.traces = traces;
    this.registry = registry;
  }

  void start(@Observes StartupEvent event) {
    Topics topics = kafka.topics();
    try {
      KafkaAccess.open(
          kafka.settings(),
          Role.EVALUATOR.topics(topics),
          Role.EVALUATOR.rights(
              topics, topics.groups().evaluator(), topics.name(config.applicationId())));
    } catch (KafkaUnavailableException e) {
      fatal(e.getMessage());
      return;
    }
    metrics =
        new CompactedTable<>(topics.metrics(), kafka.settings(), new TaskMeters(registry)::update);
    metrics.start();
    streams = new StreamsRunner(config, kafka, traces, Evaluator::fatal);
    streamsMetrics = new KafkaStreamsMetrics(streams.streams());
    streamsMetrics.bindTo(registry);
    streams.start();
    page.start();
  }

  private static void fatal(String sentence) {
    LOG.error(sentence);
    Quarkus.asyncExit(1);
  }

  void stop(@Observes ShutdownEvent event) {
    if (streams != null) {
      streamsMetrics.close();
      streams.close();
      metrics.close();
    }
  }

  /** The newest metrics of every task, from whichever replica computed them. */
  Map<String, MetricsMessage> all() {
    return metrics.snapshot();
  }

  Optional<MetricsMessage> of(String task) {
    return metrics.get(task);
  }

  boolean caughtUp() {
    return metrics != null && metrics.caughtUp() && page.page().isReady();
  }

  boolean running() {
    return streams != null && streams.running();
  }

  boolean failed() {
    return streams != null && streams.failed();
  }
}
