package io.lift.evaluator;

import io.lift.kafka.CompactedTable;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Progress;
import io.lift.kafka.Role;
import io.lift.kafka.Traces;
import io.lift.messages.MetricsMessage;
import io.lift.messages.Topics;
import io.lift.service.lifecycle.ServiceFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Starts and stops the streams and the table of their results. */
@ApplicationScoped
public class Evaluator {
  private final EvaluatorConfig config;
  private final KafkaConnection kafka;
  private final Traces traces;
  private final MeterRegistry registry;
  private final StreamsProgress progress = new StreamsProgress(this::committed);

  private StreamsRunner streams;
  private CompactedTable<MetricsMessage> metrics;
  private KafkaStreamsMetrics streamsMetrics;

  Evaluator(EvaluatorConfig config, KafkaConnection kafka, Traces traces, MeterRegistry registry) {
    this.config = config;
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
      throw ServiceFailure.atStart(e.getMessage());
    }
    metrics =
        new CompactedTable<>(topics.metrics(), kafka.settings(), new TaskMeters(registry)::update);
    metrics.start();
    streams = new StreamsRunner(config, kafka, traces, progress, ServiceFailure::exit);
    streamsMetrics = new KafkaStreamsMetrics(streams.streams());
    streamsMetrics.bindTo(registry);
    streams.start();
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
    return metrics != null && metrics.caughtUp();
  }

  boolean running() {
    return streams != null && streams.running();
  }

  boolean failed() {
    return streams != null && streams.failed();
  }

  /** Whether scoring gets on with the records that it has read. */
  Progress progress() {
    return progress;
  }

  private Map<TopicPartition, Long> committed() {
    return streams == null ? Map.of() : streams.committed();
  }
}
