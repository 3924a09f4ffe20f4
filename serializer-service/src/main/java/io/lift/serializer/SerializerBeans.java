package io.lift.serializer;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.kafka.TransactionalLoop;
import io.lift.serializer.drafts.TaskDrafts;
import io.lift.serializer.rows.RowBatchHandler;
import io.lift.serializer.rows.RowMeters;
import io.lift.serializer.rows.RowSerializer;
import io.lift.service.kafka.InstanceName;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the parts of the serializer from its settings. */
@Singleton
public class SerializerBeans {

  @Produces
  @Singleton
  RowBatchHandler handler(SerializerConfig config, KafkaConnection kafka, Traces traces) {
    return new RowBatchHandler(
        kafka, new RowSerializer(kafka.topics(), traces, config.maxRowBytes()));
  }

  @Produces
  @Singleton
  TransactionalLoop loop(
      SerializerConfig config,
      KafkaConnection kafka,
      RowBatchHandler handler,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    TransactionalLoop.Settings settings =
        new TransactionalLoop.Settings(
            kafka.topics().groups().serializer(),
            config.instance().orElseGet(() -> InstanceName.of(port)),
            kafka.settings(),
            Map.of("max.poll.records", config.batch()),
            Map.of("batch.size", 128 * 1024, "linger.ms", 5, "max.block.ms", 30_000));
    return new TransactionalLoop(
        settings, handler, new RowMeters(kafka.topics(), registry, handler::last));
  }

  @Produces
  @Singleton
  TaskDrafts drafts(SerializerConfig config, KafkaConnection kafka, RowBatchHandler handler) {
    return new TaskDrafts(
        kafka, handler.tasks(), config.inference().rows(), config.inference().every());
  }
}
