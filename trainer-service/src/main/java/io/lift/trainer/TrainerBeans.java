package io.lift.trainer;

import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.TrainingOptions;
import io.lift.service.kafka.InstanceName;
import io.lift.service.model.ModelConfig;
import io.lift.service.progress.ProgressCheck;
import io.lift.trainer.openlineage.LineageSender;
import io.lift.trainer.publish.CheckpointListener;
import io.lift.trainer.round.FineTuner;
import io.lift.trainer.round.TrainerSettings;
import io.lift.trainer.training.Trainer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** Makes the trainer and its parts from the configuration. {@link TrainerService} starts it. */
@Singleton
public class TrainerBeans {

  /**
   * The base model.
   *
   * @throws io.lift.checkpoint.InvalidModelException if it cannot be used
   */
  @Produces
  @Singleton
  BaseModel base(ModelConfig model) {
    // adapters are trained in f32 on every device, whatever they are served in
    String type = model.dtype().equals("auto") ? "f32" : model.dtype();
    return BaseModel.open(model.path().orElse(null), model.device(), type);
  }

  void close(@Disposes BaseModel base) {
    base.close();
  }

  /** The settings of this trainer. */
  @Produces
  @Singleton
  TrainerSettings settings(
      TrainerConfig config, @ConfigProperty(name = "quarkus.http.port") int port) {
    return config.settings(config.instance().orElseGet(() -> InstanceName.of(port)));
  }

  /**
   * Opens fine-tunings.
   *
   * @throws io.lift.checkpoint.InvalidModelException if the base model cannot be trained as the
   *     settings say
   */
  @Produces
  @Singleton
  FineTuner.Factory fineTuners(BaseModel base, TrainerConfig config, TrainerSettings settings) {
    TrainingOptions options = config.options();
    FineTuning.check(base, settings.training(), options);
    return FineTuner.Factory.of(base, options);
  }

  /** The trainer, not yet started. */
  @Produces
  @Singleton
  Trainer trainer(
      KafkaConnection kafka,
      Traces traces,
      TrainerSettings settings,
      FineTuner.Factory fineTuners,
      MeterRegistry registry,
      CheckpointListener listener) {
    return new Trainer(kafka, traces, settings, fineTuners, registry, listener);
  }

  /** Where checkpoints are told: a catalogue, if the settings name one. */
  @Produces
  @Singleton
  CheckpointListener listener(TrainerConfig config, KafkaConnection kafka) {
    return config
        .openlineage()
        .settings()
        .<CheckpointListener>map(catalogue -> new LineageSender(catalogue, kafka))
        .orElse(CheckpointListener.NONE);
  }

  void close(@Disposes CheckpointListener listener) {
    if (listener instanceof LineageSender sender) {
      sender.close();
    }
  }

  /** Says where prompts are stuck. */
  @Produces
  @Readiness
  HealthCheck progress(Trainer trainer, MeterRegistry registry) {
    return new ProgressCheck("prompts get on", trainer.promptProgress(), registry);
  }
}
