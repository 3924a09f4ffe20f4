package io.lift.model;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.files.CheckpointInvalid;
import io.lift.model.random.Purpose;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.Sequence;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.Jitter;
import io.lift.model.training.RoundPlan;
import io.lift.model.training.Trainer;
import io.lift.model.training.TrainingRecipe;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fine-tuning of one task: trainable weights, optimizer state, random state and step. Rounds
 * are deterministic: the same base, language, policy and examples in the same rounds give the same
 * checkpoint bytes on the same machine, whether or not it was closed and resumed between rounds.
 * One thread at a time, and one fine-tuning computing per process (a limit of the engine).
 */
public final class FineTuning implements AutoCloseable {
  /** So many steps without a finite loss in a row end a round. */
  static final int MAX_SKIPPED = 10;

  private final BaseModel base;
  private final TaskLanguage language;
  private final TrainingRecipe recipe;
  private final Sequence.Encoder encoder;
  private final Trainer trainer;
  private final int members;
  private long rounds;

  private FineTuning(
      BaseModel base, TaskLanguage language, TrainingRecipe recipe, Checkpoint from) {
    this.base = base;
    this.language = language;
    this.recipe = recipe;
    this.encoder = base.encoder(language);
    this.members = from.members();
    this.rounds = from.rounds();
    this.trainer =
        new Trainer(base.decoder(), base.newManager(), recipe, encoder.tokenizer().padding(), from);
  }

  /** Starts from the base model. */
  public static FineTuning start(BaseModel base, TaskLanguage language, TrainingPolicy policy) {
    return start(base, language, TrainingRecipe.of(policy));
  }

  static FineTuning start(BaseModel base, TaskLanguage language, TrainingRecipe recipe) {
    int vocabulary = base.encoder(language).tokenizer().vocabulary();
    ParameterLayout layout = ParameterLayout.of(base.config(), vocabulary);
    float[] parameters = base.initial(vocabulary, recipe.members(), recipe.seed());
    float[] zeros = new float[parameters.length];
    Checkpoint zero =
        new Checkpoint(
            layout,
            recipe.members(),
            parameters,
            zeros,
            zeros,
            0,
            0,
            recipe.seed(),
            recipe.toString(),
            base.hash(),
            language.hash());
    return new FineTuning(base, language, recipe, zero);
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws CheckpointInvalid if the file is damaged or made for another base or language
   */
  public static FineTuning resume(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    return resume(base, language, TrainingRecipe.of(policy), checkpoint);
  }

  static FineTuning resume(
      BaseModel base, TaskLanguage language, TrainingRecipe recipe, byte[] checkpoint) {
    int vocabulary = base.encoder(language).tokenizer().vocabulary();
    Checkpoint from =
        Checkpoint.read(base.config(), vocabulary, base.hash(), language.hash(), checkpoint);
    return new FineTuning(base, language, recipe, from);
  }

  /**
   * One round: every fresh example is seen at least once, rehearsed ones beside them. If it does
   * not complete, weights, optimizer and step are as before it.
   *
   * @param fresh examples that enter with this round; at least one
   * @param rehearsed examples of earlier rounds that are still in the task's window
   * @param progress told after each step; may end the round early
   * @return what was done
   * @throws TrainingFailed if the loss is not finite in ten steps in a row
   */
  public RoundReport round(List<Example> fresh, List<Example> rehearsed, Progress progress) {
    if (fresh.isEmpty()) {
      throw new IllegalArgumentException("a round needs at least one fresh example");
    }
    try (Trainer.Snapshot before = trainer.remember()) {
      return round(fresh, rehearsed, progress, before);
    }
  }

  private RoundReport round(
      List<Example> fresh, List<Example> rehearsed, Progress progress, Trainer.Snapshot before) {
    long started = System.nanoTime();
    Sequence[] rows =
        Stream.concat(fresh.stream(), rehearsed.stream())
            .map(e -> encoder.training(e, recipe.endWeight() > 0))
            .toArray(Sequence[]::new);
    boolean first = rounds == 0;
    int batch = Math.min(recipe.batch(), rows.length);
    int steps = Math.max(recipe.steps(fresh.size(), first), (fresh.size() + batch - 1) / batch);
    int[][][] plans = plans(rows, fresh.size(), steps, batch); // (M, steps, B)

    long tokens = 0;
    int skipped = 0;
    int skippedInARow = 0;
    double lateLoss = 0;
    int lateSteps = 0;
    for (int s = 0; s < steps; s++) {
      // what each member reads now, with noise on the numbers
      Sequence[][] read = new Sequence[members][batch];
      for (int m = 0; m < members; m++) {
        SeededRandom noise = new SeededRandom(recipe.seed(), Purpose.JITTER, trainer.step(), m);
        for (int b = 0; b < batch; b++) {
          read[m][b] = Jitter.apply(rows[plans[m][s][b]], recipe, encoder.tokenizer(), noise);
        }
      }

      // forward, backward, update
      Trainer.StepReport done = trainer.step(read, recipe.rate(s, steps, first));
      tokens += done.tokens();

      // a step without a finite loss changes nothing
      skipped += done.applied() ? 0 : 1;
      skippedInARow = done.applied() ? 0 : skippedInARow + 1;
      if (skippedInARow == MAX_SKIPPED) {
        trainer.restore(before);
        throw new TrainingFailed(
            "The loss was not finite in "
                + MAX_SKIPPED
                + " steps in a row; the weights are as before the round.");
      }

      if (s >= steps - Math.max(1, steps / 10) && done.applied()) {
        lateLoss += done.loss();
        lateSteps++;
      }
      if (!progress.after(s + 1, steps, done.loss())) {
        trainer.restore(before);
        return new RoundReport(false, s + 1, tokens, seconds(started), done.loss(), skipped);
      }
    }
    rounds++;
    return new RoundReport(
        true, steps, tokens, seconds(started), lateLoss / Math.max(1, lateSteps), skipped);
  }

  /** Optimizer steps since the base model. */
  public long step() {
    return trainer.step();
  }

  /** Everything needed to go on or to serve: one safetensors file. */
  public byte[] checkpoint() {
    return trainer.checkpoint(rounds, base.hash(), language.hash()).toBytes();
  }

  Trainer trainer() {
    return trainer;
  }

  @Override
  public void close() {
    trainer.close();
  }

  private int[][][] plans(Sequence[] rows, int fresh, int steps, int batch) {
    int[] lengths = Stream.of(rows).mapToInt(Sequence::length).toArray();
    int[][][] plans = new int[members][][];
    for (int m = 0; m < members; m++) {
      SeededRandom random = new SeededRandom(recipe.seed(), Purpose.ORDER, rounds, m);
      plans[m] = RoundPlan.of(lengths, fresh, recipe.freshWeight(), steps, batch, random);
    }
    return plans;
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  /** Follows a round. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param step steps done in this round
     * @param steps steps planned for this round
     * @param loss training loss of this step, in nats per completion token
     * @return false to end the round after this step; the round then counts as not done
     */
    boolean after(int step, int steps, double loss);
  }

  /**
   * What a round did.
   *
   * @param completed false if {@link Progress} ended it
   * @param steps optimizer steps
   * @param tokens tokens read, padding excluded
   * @param seconds wall-clock time
   * @param loss mean training loss of the last tenth of the steps, in nats per completion token
   * @param skipped steps not applied because the loss was not finite
   */
  public record RoundReport(
      boolean completed, int steps, long tokens, double seconds, double loss, int skipped) {}
}
