package io.lift.trainer;

import io.lift.core.task.TrainingPolicy;
import io.lift.trainer.training.RoundPolicy;
import io.lift.trainer.training.TrainerSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** When and how much this trainer trains where a task does not say, and its bounds. */
@ConfigMapping(prefix = "lift.trainer")
public interface TrainerConfig {

  /**
   * Name of this trainer: unique among the trainers and the same after a restart. Without it, host
   * name and HTTP port.
   */
  Optional<String> instance();

  /** Rows rehearsed: the newest of the task; 0 for all that the log holds, up to the maximum. */
  @WithDefault("20000")
  int window();

  /** Rows that any window may hold, whatever the task says: the bound of memory per task. */
  @WithDefault("200000")
  int maxWindow();

  /** Rows for a first round. */
  @WithDefault("64")
  int firstRound();

  /** New rows that start a further round at once. */
  @WithDefault("256")
  int roundRows();

  /** How long new rows wait at most for a further round. */
  @WithDefault("5s")
  Duration roundTime();

  /** How often each row is seen, on average; without it, the model's own default. */
  OptionalDouble epochs();

  /** Upper bound of optimizer steps in one round; without it, the model's own default. */
  OptionalInt maxSteps();

  /** Models averaged per task; without it, the model's own default. */
  OptionalInt members();

  /** Seed of every random choice; without it, the model's own default. */
  OptionalLong seed();

  /** New rows of all tasks together that stop consumption until a round has taken some. */
  @WithDefault("100000")
  int maxWaiting();

  /** Fine-tunings kept open between rounds; others go on from their checkpoint. */
  @WithDefault("16")
  int openTasks();

  /** How long giving a partition back waits for the running round to stop. */
  @WithDefault("10s")
  Duration revokeWait();

  /** How long the training thread may be silent before the service counts as dead. */
  @WithDefault("5m")
  Duration livenessTimeout();

  /**
   * @param instance name of this trainer
   */
  default TrainerSettings settings(String instance) {
    return new TrainerSettings(
        instance,
        new RoundPolicy(window(), firstRound(), false, roundRows(), roundTime().toMillis()),
        new TrainingPolicy(
            null,
            null,
            null,
            null,
            epochs().isPresent() ? epochs().getAsDouble() : null,
            maxSteps().isPresent() ? maxSteps().getAsInt() : null,
            members().isPresent() ? members().getAsInt() : null,
            seed().isPresent() ? seed().getAsLong() : null),
        maxWindow(),
        maxWaiting(),
        openTasks(),
        revokeWait());
  }
}
