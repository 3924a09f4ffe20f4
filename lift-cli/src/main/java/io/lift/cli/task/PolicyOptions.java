package io.lift.cli.task;

import io.lift.core.task.TrainingPolicy;
import picocli.CommandLine.Option;

/** When and how much a task is trained; what is not given is the trainer's choice. */
public final class PolicyOptions {
  @Option(
      names = "--window",
      paramLabel = "ROWS",
      description = "Rehearse the newest ROWS rows in each round; 0 for all that the log holds.")
  private Integer window;

  @Option(
      names = "--first-round",
      paramLabel = "ROWS",
      description = "Rows to wait for before the first round.")
  private Integer firstRound;

  @Option(
      names = "--round-rows",
      paramLabel = "ROWS",
      description = "New rows that start a further round at once.")
  private Integer roundRows;

  @Option(
      names = "--round-seconds",
      paramLabel = "S",
      description = "Seconds after which fewer new rows start a round too.")
  private Double roundSeconds;

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
      description = "Models trained side by side whose probabilities are averaged.")
  private Integer members;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of every random choice.")
  private Long seed;

  TrainingPolicy policy() {
    return new TrainingPolicy(
        window, firstRound, roundRows, roundSeconds, epochs, maxSteps, members, seed);
  }
}
