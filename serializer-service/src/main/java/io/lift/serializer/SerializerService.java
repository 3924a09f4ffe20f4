package io.lift.serializer;

import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.kafka.TransactionalLoop;
import io.lift.serializer.drafts.TaskDrafts;
import io.lift.serializer.rows.RowBatchHandler;
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
  private final RowBatchHandler handler;
  private final TransactionalLoop loop;
  private final TaskDrafts drafts;

  SerializerService(
      KafkaConnection kafka, RowBatchHandler handler, TransactionalLoop loop, TaskDrafts drafts) {
    this.kafka = kafka;
    this.handler = handler;
    this.loop = loop;
    this.drafts = drafts;
  }

  void start(@Observes StartupEvent event) {
    try {
      KafkaAccess.open(kafka, Role.SERIALIZER);
    } catch (KafkaUnavailableException e) {
      throw ServiceFailure.atStart(e.getMessage());
    }
    handler.start(loop::subscribe);
    loop.start();
    drafts.start();
    LOG.info("serializer started");
  }

  void stop(@Observes ShutdownEvent event) {
    drafts.close();
    loop.close();
    handler.close();
  }
}
