package io.lift.service.progress;

import io.lift.kafka.Progress;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Says where a reader of records is stuck: the readiness check is down and has {@code stuck at
 * topic-partition@offset}, and the meter {@value #METER} has the seconds since that record was
 * read.
 */
public final class ProgressCheck implements HealthCheck {
  static final String METER = "lift.stuck";

  private final String name;
  private final Progress progress;

  /**
   * @param name of the check
   * @param progress of the reader
   * @param registry gets a gauge for each partition at whose records it has been
   */
  public ProgressCheck(String name, Progress progress, MeterRegistry registry) {
    this.name = name;
    this.progress = progress;
    progress.onPartition(partition -> gauge(partition, registry));
  }

  private void gauge(TopicPartition partition, MeterRegistry registry) {
    Gauge.builder(METER, () -> seconds(partition))
        .description("Seconds for which the reader has been stuck at a record of the partition")
        .baseUnit("seconds")
        .tag("topic", partition.topic())
        .tag("partition", Integer.toString(partition.partition()))
        .register(registry);
  }

  private double seconds(TopicPartition partition) {
    return progress
        .stuck()
        .filter(stuck -> stuck.partition().equals(partition))
        .map(stuck -> stuck.waited().toMillis() / 1000.0)
        .orElse(0.0);
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named(name).up();
    progress.stuck().ifPresent(stuck -> response.down().withData(Progress.PLACE, stuck.toString()));
    return response.build();
  }
}
