package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import picocli.CommandLine.Option;

/** How a task is trained: the variants of the paper. */
public final class MethodOptions {
  @Option(
      names = "--context",
      paramLabel = "PICK:K",
      description =
          "Put K labelled rows before each row: nearest:K the most similar, random:K drawn once per"
              + " checkpoint.")
  private String context;

  @Option(
      names = "--no-fine-tuning",
      description =
          "Train nothing: the in-context model answers from the labelled rows, or the base model"
              + " from the rows of --context.")
  private boolean noFineTuning;

  @Option(names = "--balance", description = "Read each label equally often in training.")
  private boolean balance;

  @Option(
      names = "--mixup",
      paramLabel = "SHARE",
      description = "Share of the rows read in training that are mixtures of two, 0 to 1.")
  private Double mixup;

  @Option(
      names = "--noise",
      paramLabel = "SD",
      description =
          "Gaussian noise on the numbers of each row read in training, in standard deviations of"
              + " the column.")
  private Double noise;

  @Option(
      names = "--shuffle-columns",
      description = "Read the columns in another order each time in training.")
  private boolean shuffleColumns;

  @Option(
      names = "--two-stage",
      description = "Train on synthetic tasks in the table's columns before the first rows.")
  private boolean twoStage;

  @Option(
      names = "--no-pretrained",
      description = "Leave the pretrained in-context model out of the ensemble.")
  private boolean noPretrained;

  @Option(
      names = "--generate",
      description =
          "Learn questions about every column too, so that 'lift generate' can sample rows."
              + " Training takes two to four times as long.")
  private boolean generate;

  /** The method of the given options; null for plain fine-tuning. */
  public LearningMethod method() {
    LearningMethod method =
        LearningMethod.builder()
            .context(context())
            .fineTuning(noFineTuning ? false : null)
            .balance(balance ? true : null)
            .mixup(mixup)
            .noise(noise)
            .shuffleColumns(shuffleColumns ? true : null)
            .twoStage(twoStage ? true : null)
            .pretrained(noPretrained ? false : null)
            .generate(generate ? true : null)
            .build();
    return method.equals(LearningMethod.PLAIN) ? null : method;
  }

  private ContextPolicy context() {
    if (context == null) {
      return null;
    }
    if (!context.matches("(nearest|random):[1-9][0-9]{0,2}")) {
      throw new CliException("--context is nearest:K or random:K, e.g. nearest:8.");
    }
    int colon = context.indexOf(':');
    return new ContextPolicy(
        context.startsWith("nearest") ? ContextPolicy.Pick.NEAREST : ContextPolicy.Pick.RANDOM,
        Integer.parseInt(context.substring(colon + 1)));
  }
}
