package io.lift.trainer;

import io.lift.checkpoint.InvalidModelException;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.KafkaUnavailableException;
import io.lift.kafka.Role;
import io.lift.kafka.Traces;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.TrainingOptions;
import io.lift.service.model.ModelConfig;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.TrainerSettings;
import io.lift.trainer.training.Trainer;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Builds the trainer before the channel of prompts begins to consume: topics, base model, then the
 * trainer itself. What an operator got wrong ends the process with one sentence.
 */
@Singleton
public class TrainerService {
  private static final Logger LOG = Logger.getLogger(TrainerService.class);

  private final TrainerConfig config;
  private final ModelConfig model;
  private final KafkaConnection kafka;
  private final Traces traces;
  private final MeterRegistry registry;
  private final int port;
  private BaseModel base;
  private volatile Trainer trainer;

  TrainerService(
      TrainerConfig config,
      ModelConfig model,
      KafkaConnection kafka,
      Traces traces,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.config = config;
    this.model = model;
    this.kafka = kafka;
    this.traces = traces;
    this.registry = registry;
    this.port = port;
  }

  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    try {
      KafkaAccess.open(kafka, Role.TRAINER);
      // adapters are trained in f32 on every device, whatever they are served in
      String type = model.dtype().equals("auto") ? "f32" : model.dtype();
      base = BaseModel.open(model.path().orElse(null), model.device(), type);
      TrainingOptions options = config.options();
      String instance = config.instance().orElseGet(this::hostAndPort);
      TrainerSettings settings = config.settings(instance);
      FineTuning.check(base, settings.training(), options);
      Trainer built =
          new Trainer(kafka, traces, settings, FineTuner.Factory.of(base, options), registry);
      built.start();
      trainer = built;
      LOG.infof("trainer %s: base model %s on %s", instance, base.name(), base.device());
    } catch (KafkaUnavailableException | InvalidModelException e) {
      throw new ConfigurationException(e.getMessage());
    } catch (KafkaException e) {
      throw new ConfigurationException("Kafka refuses this trainer: " + e.getMessage());
    }
  }

  /** Unique while one trainer listens on one port; a random port says nothing after a restart. */
  private String hostAndPort() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return host + "-" + (port > 0 ? Integer.toString(port) : UUID.randomUUID().toString());
  }

  void stop(@Observes ShutdownEvent event) {
    if (trainer != null) {
      trainer.close();
    }
    if (base != null) {
      base.close();
    }
  }

  /** The trainer; there from the start of the application on. */
  public Trainer trainer() {
    return trainer;
  }
}
