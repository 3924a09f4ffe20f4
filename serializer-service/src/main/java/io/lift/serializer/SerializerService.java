package io.lift.serializer;

import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.serializer.drafts.TaskDrafts;
import io.lift.serializer.rows.RowLoops;
import io.lift.serializer.rows.TaskTable;
import io.lift.service.lifecycle.ServiceFailure;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the serializer with the application. */
@Singleton
public class SerializerService {
  private static final Logger LOG = LoggerFactory.getLogger(SerializerService.class);

  private final KafkaConnection kafka;
  private final TaskTable tasks;
  private final RowLoops loops;
  private final TaskDrafts drafts;

  SerializerService(KafkaConnection kafka, TaskTable tasks, RowLoops loops, TaskDrafts drafts) {
    this.kafka = kafka;
    this.tasks = tasks;
    this.loops = loops;
    this.drafts = drafts;
  }

  void start(@Observes StartupEvent event) {
    try {
      KafkaAccess.open(kafka, Role.SERIALIZER);
    } catch (KafkaUnavailableException e) {
      throw ServiceFailure.atStart(e.getMessage());
    }
    loops.start();
    drafts.start();
    LOG.info("serializer started");
  }

  void stop(@Observes ShutdownEvent event) {
    drafts.close();
    loops.close();
    tasks.close();
  }
}
