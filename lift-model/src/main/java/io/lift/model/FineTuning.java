package io.lift.model;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.Likelihoods;
import io.lift.model.method.ContextRows;
import io.lift.model.method.RoundContext;
import io.lift.model.method.RowReader;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.RoundBatches;
import io.lift.model.training.StepMemory;
import io.lift.model.training.TrainingRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fine-tuning of one task: trained numbers, optimizer state, random state and step. Rounds are
 * deterministic: the same base, language, policy and examples in the same rounds give the same
 * checkpoint bytes on the same machine, whether or not it was stopped and resumed after any step.
 * One thread at a time, and one fine-tuning computing per process (a limit of the engine).
 */
public final class FineTuning implements AutoCloseable {
  /** So many steps without a finite loss in a row end a round. */
  static final int MAX_SKIPPED = 10;

  private final BaseModel base;
  private final TaskLanguage language;
  private final TrainingRecipe recipe;
  private final StepMemory memory;
  private final TaskEncoder encoder;
  private final EnsembleSelector choice;
  private ModelTrainer trainer;
  private Checkpoint.Rounds rounds;
  private Checkpoint.Shown shown; // what the pretrained model reads; or null
  private String context; // as checkpoints carry it; null for none

  private FineTuning(
      BaseModel base,
      TaskLanguage language,
      TrainingRecipe recipe,
      StepMemory memory,
      Checkpoint from) {
    this.base = base;
    this.language = language;
    this.recipe = recipe;
    this.memory = memory;
    this.encoder = base.taskEncoder(language);
    this.choice = new EnsembleSelector(base, language, encoder, recipe);
    this.rounds = from.rounds();
    this.shown = from.shown();
    this.context = from.context();
    this.trainer = trainer(from);
  }

  private ModelTrainer trainer(Checkpoint from) {
    return new ModelTrainer(
        base.decoder(),
        base.newManager(),
        new ParameterFactory(base, language).trained(from.layout(), from.members()),
        recipe,
        encoder.vocabulary(),
        encoder.padding(),
        memory,
        from);
  }

  /** Goes on with other members. */
  private void change(Checkpoint to) {
    trainer.close();
    trainer = trainer(to);
  }

  /**
   * Tries whether a base model can be trained in a way, whatever the task.
   *
   * @throws InvalidModelException if not; one sentence says why
   */
  public static void check(BaseModel base, TrainingPolicy policy, TrainingOptions options) {
    ParameterFactory.check(base, policy, options);
  }

  /**
   * What a first round may read where it chooses the members by that: millions of tokens for each
   * 1,000 rows. 0 where their number is given, where adapters are trained, or nothing at all.
   *
   * @throws InvalidModelException if the policy does not fit the base
   */
  public static double budget(BaseModel base, TrainingPolicy policy, TrainingOptions options) {
    TrainingRecipe recipe = ParameterFactory.recipe(base, policy, options);
    boolean chooses = base.frozen() == null && recipe.members() == 0 && recipe.method().trains();
    return chooses ? recipe.budget() / 1e6 : 0;
  }

  /**
   * Starts from the base model.
   *
   * @throws InvalidModelException if the policy asks for what this base cannot do; one sentence
   *     says what
   */
  public static FineTuning start(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, TrainingOptions options) {
    ParameterFactory trainables = new ParameterFactory(base, language);
    TrainingRecipe recipe = ParameterFactory.recipe(base, policy, options);
    if (options.adapter() == null) {
      return start(base, language, recipe, options.memory());
    }
    Checkpoint from =
        Checkpoint.of(
            trainables,
            options.adapter(),
            Math.max(1, recipe.members()),
            recipe.seed(),
            base.hash(),
            language.hash());
    return new FineTuning(base, language, recipe, options.memory(), from);
  }

  /** Starts from the base model with its own preset. */
  public static FineTuning start(BaseModel base, TaskLanguage language, TrainingPolicy policy) {
    return start(base, language, policy, TrainingOptions.DEFAULT);
  }

  static FineTuning start(
      BaseModel base, TaskLanguage language, TrainingRecipe recipe, StepMemory memory) {
    Checkpoint zero = new ParameterFactory(base, language).zero(language, recipe);
    return new FineTuning(base, language, recipe, memory, zero);
  }

  /**
   * Goes on from a checkpoint. The shape of its adapter and its members stay as they are, whatever
   * the policy says.
   *
   * @throws InvalidCheckpointException if the file is damaged, or made for another base or
   *     language, or beside another pretrained model
   */
  public static FineTuning resume(
      BaseModel base,
      TaskLanguage language,
      TrainingPolicy policy,
      TrainingOptions options,
      byte[] checkpoint) {
    TrainingRecipe recipe = ParameterFactory.recipe(base, policy, options);
    return resume(base, language, recipe, options.memory(), checkpoint);
  }

  /** Goes on from a checkpoint with the base model's own preset. */
  public static FineTuning resume(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    return resume(base, language, policy, TrainingOptions.DEFAULT, checkpoint);
  }

  static FineTuning resume(
      BaseModel base,
      TaskLanguage language,
      TrainingRecipe recipe,
      StepMemory memory,
      byte[] checkpoint) {
    Checkpoint from = new ParameterFactory(base, language).read(language, checkpoint);
    return new FineTuning(base, language, recipe, memory, from);
  }

  /**
   * One round: every fresh example is seen at least once, rehearsed ones beside them. If it does
   * not complete, weights, optimizer and step are as before it. A fine-tuning that goes on from a
   * checkpoint made within a round must be given the same examples again, and does the rest of it.
   *
   * @param fresh examples that enter with this round; at least one
   * @param rehearsed examples of earlier rounds that are still in the task's window
   * @param progress told after each step; may end the round early
   * @return what was done
   * @throws TrainingFailedException if the loss is not finite in ten steps in a row
   * @throws InvalidCheckpointException if this goes on within a round that had other examples
   */
  public RoundReport round(List<Example> fresh, List<Example> rehearsed, Progress progress) {
    if (fresh.isEmpty()) {
      throw new IllegalArgumentException("a round needs at least one fresh example");
    }
    List<Example> all = new ArrayList<>(fresh);
    all.addAll(rehearsed);
    LearningMethod method = recipe.method();
    RoundContext inFront = RoundContext.of(language, method, recipe.seed(), all, fresh.size());
    String contextBefore = context;
    context = inFront == null ? null : inFront.rows().toJson();
    if (!method.trains()) {
      choice
          .unlearnt(trainer.committee(), inFront.rows())
          .ifPresent(
              heard -> {
                shown = heard.shown();
                trainer.hear(heard.committee());
              });
      rounds = new Checkpoint.Rounds(rounds.done() + 1, 0, "");
      return new RoundReport(true, 0, 0, 0, 0, Double.NaN, 0);
    }
    boolean withEnd = recipe.endWeight() > 0;
    RowReader rows = new RowReader(language, method, encoder, withEnd, recipe.seed(), all, inFront);
    if (rounds.step() == 0) {
      convene(fresh.size());
    }
    boolean completed = false;
    try (ModelTrainer.Snapshot kept = trainer.remember()) {
      RoundReport report = round(rows, fresh.size(), progress, kept);
      completed = report.completed();
      return report;
    } finally {
      context = completed ? context : contextBefore;
    }
  }

  /** The generated tasks that a first round begins with, if the method has any. */
  private Sequence[][] pretexts(boolean first) {
    return first && recipe.method().pretends()
        ? RowReader.pretexts(language, encoder, recipe.endWeight() > 0, recipe.seed())
        : new Sequence[0][];
  }

  /** Chooses who learns: before the first round all that the budget allows, later the best. */
  private void convene(int rows) {
    if (rounds.done() > 0) {
      keep(choice.later(trainer.committee()));
    } else {
      choice
          .first(rows)
          .ifPresent(
              planned ->
                  change(new ParameterFactory(base, language).zero(language, recipe, planned)));
    }
  }

  private void keep(Ensemble some) {
    if (some.size() < trainer.committee().size()) {
      change(trainer.checkpoint(rounds, base.hash(), language.hash()).only(some));
    }
  }

  private RoundReport round(
      RowReader rows, int fresh, Progress progress, ModelTrainer.Snapshot before) {
    long started = System.nanoTime();
    boolean first = rounds.done() == 0;
    RoundBatches reads =
        new RoundBatches(
            rows,
            fresh,
            pretexts(first),
            trainer.committee(),
            recipe,
            choice.codes(),
            rounds.done(),
            choice.steps(trainer.committee(), fresh, first));
    int steps = reads.steps();
    Checkpoint.Rounds begun = rounds;
    String hash = reads.hash();
    if (begun.step() > 0 && !begun.rows().equals(hash)) {
      throw new InvalidCheckpointException("the checkpoint was made within a round of other rows.");
    }

    long tokens = 0;
    long padding = 0;
    int skipped = 0;
    int skippedInARow = 0;
    double loss = Double.NaN; // of the last answers
    double lateLoss = 0;
    int lateSteps = 0;
    for (int s = begun.step(); s < steps; s++) {
      // forward, backward, update
      Sequence[][] read = reads.at(s, trainer.step()); // (M, B)
      ModelTrainer.StepReport done = trainer.step(read, reads.rate(s, first));
      rounds = new Checkpoint.Rounds(begun.done(), s + 1, hash);
      tokens += done.tokens();
      padding += done.padding();

      // a step without a finite loss changes nothing
      skipped += done.applied() ? 0 : 1;
      skippedInARow = done.applied() ? 0 : skippedInARow + 1;
      if (skippedInARow == MAX_SKIPPED) {
        goBack(before, begun);
        throw new TrainingFailedException(
            "The loss was not finite in "
                + MAX_SKIPPED
                + " steps in a row; the weights are as before the round.",
            skipped);
      }

      boolean answers = !reads.asksColumns(s);
      loss = answers || Double.isNaN(loss) ? done.loss() : loss;
      if (answers && s >= steps - Math.max(reads.turns(), steps / 10) && done.applied()) {
        lateLoss += done.loss();
        lateSteps++;
      }
      if (!progress.after(s + 1, steps, loss)) {
        goBack(before, begun);
        return new RoundReport(
            false, s + 1 - begun.step(), tokens, padding, seconds(started), loss, skipped);
      }
    }
    rounds = new Checkpoint.Rounds(begun.done() + 1, 0, "");
    settle(rows.asked(), reads.folds(), fresh);
    return new RoundReport(
        true,
        steps - begun.step(),
        tokens,
        padding,
        seconds(started),
        lateSteps == 0 ? Double.NaN : lateLoss / lateSteps,
        skipped);
  }

  /** Between rounds: hears the members by what they make of rows that they did not learn. */
  private void settle(Sequence[] rows, int[] folds, int fresh) {
    if (base.frozen() == null) {
      trainer.rest(); // so that a checkpoint is weights alone
    }
    if (trainer.committee().holdsOut()) {
      EnsembleSelector.Heard heard =
          choice.heard(trainer.committee(), trainer::logProbabilities, rows, folds, fresh);
      shown = heard.shown();
      trainer.hear(heard.committee());
      keep(choice.worthwhile(heard.committee()));
    }
  }

  /**
   * How likely the committee holds the answers of rows, as it stands between two rounds: the log of
   * the probability of each row's own answer among all answers of the task, in nats. The members
   * are weighed and tempered as they are when they serve; the pretrained model is not asked. Only
   * for the embedded model, whose answers are single tokens.
   *
   * @param examples rows with their answers, learnt or not
   */
  public double[] logLikelihoods(List<Example> examples) {
    ContextRows inFront = context == null ? null : ContextRows.ofJson(language.task(), context);
    Sequence[] rows =
        examples.stream()
            .map(
                row ->
                    inFront == null
                        ? row
                        : new Example(inFront.ask(row.prompt()), row.completion()))
            .map(row -> encoder.training(row, false))
            .toArray(Sequence[]::new);
    return new Likelihoods(trainer.committee(), trainer::logProbabilities, choice.answers())
        .of(rows);
  }

  private void goBack(ModelTrainer.Snapshot before, Checkpoint.Rounds begun) {
    trainer.restore(before);
    rounds = begun;
  }

  /** Optimizer steps since the base model. */
  public long step() {
    return trainer.step();
  }

  /** What was chosen from the rows, for whoever wants to know; empty for adapters. */
  public Map<String, Object> choices() {
    return base.frozen() == null ? trainer.committee().choices() : Map.of();
  }

  /**
   * Everything needed to go on or to serve: one safetensors file. May be asked for within a round
   * too, by its {@link Progress}.
   */
  public byte[] checkpoint() {
    return trainer.checkpoint(rounds, base.hash(), language.hash()).with(shown, context).toBytes();
  }

  /** What rounds are made of, for measurements of single steps. */
  public ModelTrainer trainer() {
    return trainer;
  }

  @Override
  public void close() {
    trainer.close();
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
   * @param padding tokens read in vain, because rows of one batch differ in length
   * @param seconds wall-clock time
   * @param loss mean training loss of the last tenth of the steps, in nats per completion token
   * @param skipped steps not applied because the loss was not finite
   */
  public record RoundReport(
      boolean completed,
      int steps,
      long tokens,
      long padding,
      double seconds,
      double loss,
      int skipped) {

    /** Padding's share of everything that was read, 0 to 1. */
    public double paddingShare() {
      return padding == 0 ? 0 : padding / (double) (tokens + padding);
    }
  }
}
