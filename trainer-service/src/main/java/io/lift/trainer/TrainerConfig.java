package io.lift.trainer;

import io.lift.checkpoint.PeftFolder;
import io.lift.core.task.LoraPolicy;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.TrainingOptions;
import io.lift.model.training.Preset;
import io.lift.model.training.StepMemory;
import io.lift.trainer.openlineage.LineageSender;
import io.lift.trainer.round.RoundPolicy;
import io.lift.trainer.round.RoundSharing;
import io.lift.trainer.round.TrainerSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  @WithDefault("100")
  int roundRows();

  /** How long new rows wait at most for a further round. */
  @WithDefault("5s")
  Duration roundTime();

  /** How often each row is seen, on average; without it, the model's own default. */
  OptionalDouble epochs();

  /** Upper bound of optimizer steps in one round; without it, the model's own default. */
  OptionalInt maxSteps();

  /** Models averaged per task; without it, as many as the budget allows. */
  OptionalInt members();

  /**
   * Millions of tokens that a first round may read per 1,000 rows, rounded up to full thousands:
   * the more, the more models answer together. Without it, the model's own default.
   */
  OptionalDouble budget();

  /**
   * The budget of a new ensemble that is trained in spare time for a task that has outgrown the one
   * it started with; 0 to train none. A task with a budget of its own is retrained with that.
   */
  @WithDefault("3")
  double retrainingBudget();

  /** Seed of every random choice; without it, the model's own default. */
  OptionalLong seed();

  /** Rows of an optimizer step; without it, the preset's. */
  OptionalInt batch();

  /** Peak of the learning rate; without it, the preset's. */
  OptionalDouble learningRate();

  /**
   * Numbers of training where neither task nor this configuration says otherwise: {@code embedded}
   * (all weights of the embedded model) or {@code paper} (adapters as in the LIFT paper's code).
   * Without it, what the base model is made for.
   */
  Optional<Preset> preset();

  /** The adapters, where adapters are trained. */
  Lora lora();

  /** Memory that one forward and backward may take, roughly; larger batches are read in parts. */
  @WithDefault("1G")
  MemorySize stepMemory();

  /**
   * Whether layers are computed a second time instead of kept for the backward pass: a fraction of
   * the memory for a third more time.
   */
  @WithDefault("false")
  boolean gradientCheckpointing();

  /** Low-rank adapters beside linear layers. */
  interface Lora {
    /** Rank; without it, the preset's. */
    OptionalInt rank();

    /** Adapters count alpha / rank times; without it, the preset's. */
    OptionalDouble alpha();

    /** Dropout before the adapters; without it, the preset's. */
    OptionalDouble dropout();

    /** Layers that have one, e.g. {@code q_proj,v_proj}, {@code all-linear}, {@code lm_head}. */
    Optional<List<String>> modules();

    /** Folder of an adapter in PEFT's format that new tasks start from. */
    Optional<Path> from();
  }

  /** New rows of all tasks together that stop consumption until a round has taken some. */
  @WithDefault("100000")
  int maxWaiting();

  /** Fine-tunings kept open between rounds; others go on from their checkpoint. */
  @WithDefault("16")
  int openTasks();

  /**
   * How old the checkpoint of a task may become while rows come: rounds are cut so that the next
   * one can begin in time.
   */
  @WithDefault("20s")
  Duration checkpointAge();

  /** Rounds that may be paused for those of other tasks; each is a checkpoint in memory. */
  @WithDefault("8")
  int pausedRounds();

  /** How long giving a partition back waits for the running round to stop. */
  @WithDefault("10s")
  Duration revokeWait();

  /** How long the training thread may be silent before the service counts as dead. */
  @WithDefault("5m")
  Duration livenessTimeout();

  /** A catalogue of data that speaks OpenLineage and is told of each checkpoint. */
  OpenLineage openlineage();

  /** A catalogue of data that speaks OpenLineage and is told of each checkpoint. */
  interface OpenLineage {
    /** Time between the attempts at an event that the catalogue has not taken. */
    Duration PAUSE = Duration.ofSeconds(5);

    /**
     * Its address, e.g. {@code http://marquez:5000}. The default is that of {@code
     * OPENLINEAGE_URL}; without both, nothing is sent.
     */
    @WithDefault("${openlineage.url:}")
    Optional<URI> url();

    /** Namespace of the jobs, which are the tasks; the default is {@code OPENLINEAGE_NAMESPACE}. */
    @WithDefault("${openlineage.namespace:lift}")
    String namespace();

    /** Sent as a bearer token; the default is {@code OPENLINEAGE_API_KEY}. */
    @WithDefault("${openlineage.api.key:}")
    Optional<String> apiKey();

    /** How long one call may take. */
    @WithDefault("5s")
    Duration timeout();

    /** How the catalogue is reached; empty if there is none. */
    default Optional<LineageSender.Settings> settings() {
      return url()
          .map(
              url ->
                  new LineageSender.Settings(
                      url, namespace(), apiKey().orElse(null), timeout(), PAUSE));
    }
  }

  /**
   * @param instance name of this trainer
   */
  default TrainerSettings settings(String instance) {
    return new TrainerSettings(
        instance,
        new RoundPolicy(window(), firstRound(), false, roundRows(), roundTime().toMillis()),
        TrainingPolicy.builder()
            .epochs(epochs().isPresent() ? epochs().getAsDouble() : null)
            .maxSteps(maxSteps().isPresent() ? maxSteps().getAsInt() : null)
            .members(members().isPresent() ? members().getAsInt() : null)
            .budget(budget().isPresent() ? budget().getAsDouble() : null)
            .seed(seed().isPresent() ? seed().getAsLong() : null)
            .batch(batch().isPresent() ? batch().getAsInt() : null)
            .learningRate(learningRate().isPresent() ? learningRate().getAsDouble() : null)
            .lora(
                new LoraPolicy(
                    lora().rank().isPresent() ? lora().rank().getAsInt() : null,
                    lora().alpha().isPresent() ? lora().alpha().getAsDouble() : null,
                    lora().dropout().isPresent() ? lora().dropout().getAsDouble() : null,
                    lora().modules().orElse(null)))
            .build(),
        retrainingBudget(),
        maxWindow(),
        maxWaiting(),
        openTasks(),
        new RoundSharing(checkpointAge(), pausedRounds()),
        revokeWait());
  }

  /**
   * How this trainer fine-tunes, whatever the task.
   *
   * @throws io.lift.checkpoint.InvalidModelException if there is no usable adapter to start from
   */
  default TrainingOptions options() {
    return new TrainingOptions(
        preset().orElse(null),
        lora().from().map(PeftFolder::read).orElse(null),
        new StepMemory(stepMemory().asLongValue(), gradientCheckpointing()));
  }
}
