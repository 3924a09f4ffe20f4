package io.lift.cli.task;

import io.lift.core.task.LoraPolicy;
import io.lift.core.task.TrainingPolicy;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much and how a task is trained; what is not given is the trainer's choice. */
public final class LearningOptions {
  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often each row is seen, on average.")
  private Double epochs;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Upper bound of optimizer steps in a round.")
  private Integer maxSteps;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "Models trained side by side (default: what the budget allows).")
  private Integer members;

  @Option(
      names = "--budget",
      paramLabel = "M",
      description = "Millions of tokens of the first round per 1,000 rows: more, more models.")
  private Double budget;

  @Option(names = "--batch", paramLabel = "ROWS", description = "Rows of an optimizer step.")
  private Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      description = "Peak of the optimizer's learning rate.")
  private Double learningRate;

  @Option(
      names = "--lora-rank",
      paramLabel = "R",
      description = "Rank of the adapters, where the trainer trains adapters.")
  private Integer loraRank;

  @Option(
      names = "--lora-alpha",
      paramLabel = "A",
      description = "The adapters count A / rank times.")
  private Double loraAlpha;

  @Option(
      names = "--lora-dropout",
      paramLabel = "P",
      description = "Dropout before the adapters, 0 to below 1.")
  private Double loraDropout;

  @Option(
      names = "--lora-modules",
      paramLabel = "NAME",
      split = ",",
      description = "Layers with adapters, e.g. q_proj,v_proj; all-linear; lm_head.")
  private List<String> loraModules;

  @Mixin private MethodOptions method;

  /** What the first round may cost, in millions of tokens. */
  public Double budget(double unlessGiven) {
    return budget == null ? Double.valueOf(unlessGiven) : budget;
  }

  /** A policy that leaves the rounds open. */
  public TrainingPolicy.Builder policy() {
    LoraPolicy lora = new LoraPolicy(loraRank, loraAlpha, loraDropout, loraModules);
    return TrainingPolicy.builder()
        .epochs(epochs)
        .maxSteps(maxSteps)
        .members(members)
        .budget(budget)
        .batch(batch)
        .learningRate(learningRate)
        .lora(lora.equals(LoraPolicy.OPEN) ? null : lora)
        .method(method.method());
  }
}
