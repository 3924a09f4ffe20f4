package io.lift.cli.task;

import io.lift.core.task.DuplicatePolicy;
import io.lift.core.task.TrainingPolicy;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** When a task is trained, how much and how; what is not given is the trainer's choice. */
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

  @Option(names = "--seed", paramLabel = "S", description = "Seed of every random choice.")
  private Long seed;

  @Option(
      names = "--duplicates",
      description =
          "A row whose id comes again: ${COMPLETION-CANDIDATES} (default: last, which counts its"
              + " last value once).")
  private DuplicatePolicy duplicates;

  @Option(
      names = "--label-wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a row without its label and a label without its row wait for each other, to"
              + " be learned: e.g. 30min, 24h (the default), 7d; 0 to learn neither.")
  private Duration labelWait;

  @Option(
      names = "--priority",
      paramLabel = "P",
      description =
          "Weight of the task where tasks share a trainer: twice as much is twice the time"
              + " (default: 1).")
  private Double priority;

  @Mixin private LearningOptions learning;

  TrainingPolicy policy() {
    return learning
        .policy()
        .window(window)
        .firstRound(firstRound)
        .roundRows(roundRows)
        .roundSeconds(roundSeconds)
        .seed(seed)
        .duplicates(duplicates)
        .labelWait(labelWait == null ? null : labelWait.toMillis() / 1000.0)
        .priority(priority)
        .build();
  }
}
