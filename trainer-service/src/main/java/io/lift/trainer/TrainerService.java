package io.lift.trainer;

import io.lift.checkpoint.InvalidModelException;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.model.BaseModel;
import io.lift.service.lifecycle.ServiceFailure;
import io.lift.trainer.round.TrainerSettings;
import io.lift.trainer.training.Trainer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Starts the trainer before the channel of prompts begins to consume: first Kafka's topics, then
 * the base model, then the trainer. A mistake in the configuration ends the process with one
 * sentence.
 */
@Singleton
public class TrainerService {
  private static final Logger LOG = Logger.getLogger(TrainerService.class);

  private final KafkaConnection kafka;
  private final Instance<BaseModel> base;
  private final Instance<TrainerSettings> settings;
  private final Instance<Trainer> trainers;
  private Trainer started;

  TrainerService(
      KafkaConnection kafka,
      Instance<BaseModel> base,
      Instance<TrainerSettings> settings,
      Instance<Trainer> trainers) {
    this.kafka = kafka;
    this.base = base;
    this.settings = settings;
    this.trainers = trainers;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    try {
      KafkaAccess.open(kafka, Role.TRAINER);
      Trainer trainer = trainers.get();
      trainer.start();
      started = trainer;
    } catch (RuntimeException e) {
      throw sentence(e).<RuntimeException>map(ServiceFailure::atStart).orElse(e);
    }
    LOG.infof(
        "trainer %s: base model %s on %s",
        settings.get().instance(), base.get().name(), base.get().device());
    if (!BaseModel.hasEncoder()) {
      LOG.info(BaseModel.NO_ENCODER);
    }
  }

  /** The failure of a start in one sentence; empty if an operator cannot mend it. */
  static Optional<String> sentence(RuntimeException failure) {
    // the container may wrap what a producer method throws
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KafkaUnavailableException || cause instanceof InvalidModelException) {
        return Optional.of(cause.getMessage());
      }
      if (cause instanceof KafkaException) {
        return Optional.of("Kafka rejects this trainer: " + cause.getMessage());
      }
    }
    return Optional.empty();
  }

  void stop(@Observes ShutdownEvent event) {
    if (started != null) {
      started.close();
    }
  }
}
