package io.lift.serializer;

import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.serializer.drafts.TaskDrafts;
import io.lift.serializer.rows.RowLoops;
import io.lift.serializer.rows.TaskTable;
import io.lift.service.kafka.InstanceName;
import io.lift.service.registry.RegistryConfig;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the parts of the serializer from its settings. */
@Singleton
public class SerializerBeans {

  @Produces
  @Singleton
  SchemaRegistry registry(RegistryConfig config, KafkaConnection kafka) {
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
  TaskTable tasks(KafkaConnection kafka, SchemaRegistry registry) {
    return new TaskTable(kafka, registry);
  }

  @Produces
  @Singleton
  RowLoops loops(
      SerializerConfig config,
      KafkaConnection kafka,
      Traces traces,
      TaskTable tasks,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    String instance = config.instance().orElseGet(() -> InstanceName.of(port));
    return new RowLoops(
        new RowLoops.Settings(instance, config.maxRowBytes(), config.batch()),
        kafka,
        traces,
        tasks,
        registry);
  }

  @Produces
  @Singleton
  TaskDrafts drafts(
      SerializerConfig config, KafkaConnection kafka, TaskTable tasks, SchemaRegistry registry) {
    return new TaskDrafts(
        kafka, tasks.published(), registry, config.inference().rows(), config.inference().every());
  }
}
