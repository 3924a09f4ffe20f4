package io.lift.serializer.rows;

import io.lift.kafka.TransactionalLoop;
import io.lift.messages.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Meters of committed batches. Aborted batches are not counted as rows. */
public final class RowMeters implements TransactionalLoop.Listener {
  private static final String NO_TASK = "none"; // the names of unknown tasks are not bounded

  private final Map<String, String> counters; // by topic
  private final MeterRegistry registry;
  private final Supplier<BatchOutput> committed;
  private final DistributionSummary batchSize;
  private final Timer batchTime;
  private final Counter aborted;

  /**
   * @param topics the topics of the outputs, each of which has a counter
   * @param committed gives the counts of the newest batch
   */
  public RowMeters(Topics topics, MeterRegistry registry, Supplier<BatchOutput> committed) {
    counters =
        Map.of(
            topics.prompts().name(), "lift.prompts",
            topics.requests().name(), "lift.requests",
            topics.labels().name(), "lift.labels");
    this.registry = registry;
    this.committed = committed;
    batchSize =
        DistributionSummary.builder("lift.serializer.batch.size")
            .description("Records in one transaction")
            .publishPercentileHistogram()
            .register(registry);
    batchTime =
        Timer.builder("lift.serializer.batch")
            .description("From a poll's return to its commit")
            .publishPercentileHistogram()
            .register(registry);
    aborted =
        Counter.builder("lift.serializer.aborted")
            .description("Batches that were aborted and read again")
            .register(registry);
  }

  @Override
  public void committed(int records, int outputs, Duration took) {
    batchSize.record(records);
    batchTime.record(took);
    BatchOutput batch = committed.get();
    batch.tasks().forEach(this::meter);
    batch
        .rejections()
        .forEach(
            (rejection, count) ->
                registry
                    .counter(
                        "lift.dead.letters",
                        Tags.of(
                            "task",
                            rejection.task() == null ? NO_TASK : rejection.task(),
                            "stage",
                            RowSerializer.STAGE,
                            "reason",
                            rejection.reason().code()))
                    .increment(count));
  }

  private void meter(String task, BatchOutput.Counts counts) {
    Tags tags = Tags.of("task", task);
    registry.counter("lift.rows", tags).increment(counts.rows);
    registry.counter("lift.rows.skipped", tags).increment(counts.skipped);
    registry.counter("lift.unseen.categories", tags).increment(counts.unseen);
    registry.counter("lift.columns", tags).increment(counts.columns);
    registry.counter("lift.columns.missing", tags).increment(counts.missing);
    counts.outputs.forEach(
        (topic, count) -> registry.counter(counters.get(topic), tags).increment(count));
  }

  @Override
  public void aborted(Exception cause) {
    aborted.increment();
  }
}
