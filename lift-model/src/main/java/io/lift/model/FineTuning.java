package io.lift.model;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.ensemble.Likelihoods;
import io.lift.model.method.ContextRows;
import io.lift.model.method.RoundContext;
import io.lift.model.method.RowReader;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.Checkpoint.RoundPosition;
import io.lift.model.training.CheckpointCodec;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.RoundBatches;
import io.lift.model.training.StepMemory;
import io.lift.model.training.TrainingRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fine-tuning of one task: parameters, optimizer state, random state and step. Rounds are
 * deterministic: the same base, language, policy and examples in the same rounds, cut at the same
 * steps, give the same checkpoint bytes on the same machine, whether or not training was stopped
 * and resumed after any step before the cut. A fine-tuning belongs to one thread at a time, and a
 * process computes one at a time (a limit of the engine).
 */
public final class FineTuning implements AutoCloseable {
  private final BaseModel base;
  private final TaskLanguage language;
  private final TrainingRecipe recipe;
  private final TaskEncoder encoder;
  private final EnsembleSelector selector;
  private final EnsembleLifecycle ensemble;
  private RoundPosition rounds;
  private String context; // rows before prompts, as checkpoints store them; null for none

  private FineTuning(
      BaseModel base,
      TaskLanguage language,
      TrainingRecipe recipe,
      StepMemory memory,
      Checkpoint from) {
    this.base = base;
    this.language = language;
    this.recipe = recipe;
    this.encoder = base.taskEncoder(language);
    this.selector = new EnsembleSelector(base, language, encoder, recipe);
    if (!recipe.method().trains()
        && recipe.method().context() == null
        && !selector.usesInContextModel()) {
      throw new InvalidModelException(
          "Without fine-tuning this task needs rows in context (--context), because the in-context"
              + " model does not read it.");
    }
    this.rounds = from.state().rounds();
    this.context = from.support().context();
    this.ensemble = new EnsembleLifecycle(base, language, recipe, memory, encoder, selector, from);
  }

  /**
   * Checks that a base model can be trained with a policy, for any task.
   *
   * @throws InvalidModelException if it cannot; one sentence says why
   */
  public static void check(BaseModel base, TrainingPolicy policy, TrainingOptions options) {
    ParameterFactory.check(base, policy, options);
  }

  /**
   * The budget of a first round whose ensemble is chosen by it: millions of tokens for each 1,000
   * rows. It is 0 where the policy gives the number of members, where adapters are trained, and
   * where nothing is trained.
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
   * @throws InvalidModelException if the policy does not fit the base; one sentence says why
   */
  public static FineTuning start(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, TrainingOptions options) {
    TrainingRecipe recipe = ParameterFactory.recipe(base, policy, options);
    if (options.adapter() == null) {
      return start(base, language, recipe, options.memory());
    }
    Checkpoint from = new ParameterFactory(base, language).initial(recipe, options.adapter());
    return new FineTuning(base, language, recipe, options.memory(), from);
  }

  /** Starts from the base model with its own preset. */
  public static FineTuning start(BaseModel base, TaskLanguage language, TrainingPolicy policy) {
    return start(base, language, policy, TrainingOptions.DEFAULT);
  }

  static FineTuning start(
      BaseModel base, TaskLanguage language, TrainingRecipe recipe, StepMemory memory) {
    Checkpoint from = new ParameterFactory(base, language).initial(recipe);
    return new FineTuning(base, language, recipe, memory, from);
  }

  /**
   * Continues from a checkpoint. The shape of its adapter and its members stay as they are,
   * whatever the policy says.
   *
   * @throws InvalidCheckpointException if the file is damaged, or made for another base, language
   *     or in-context model
   */
  public static FineTuning resume(
      BaseModel base,
      TaskLanguage language,
      TrainingPolicy policy,
      TrainingOptions options,
      byte[] checkpoint) {
    TrainingRecipe recipe = ParameterFactory.recipe(base, policy, options);
    Checkpoint from = new ParameterFactory(base, language).read(checkpoint);
    return new FineTuning(base, language, recipe, options.memory(), from);
  }

  /** Continues from a checkpoint with the base model's own preset. */
  public static FineTuning resume(
      BaseModel base, TaskLanguage language, TrainingPolicy policy, byte[] checkpoint) {
    return resume(base, language, policy, TrainingOptions.DEFAULT, checkpoint);
  }

  /**
   * Does one round, in which every fresh example is read at least once, with rehearsed ones beside
   * them. A round that does not complete leaves parameters, optimizer and step as they were. A
   * fine-tuning that was resumed from a checkpoint made within a round needs the same examples
   * again, and does the rest of that round.
   *
   * @param fresh examples that enter with this round; at least one
   * @param rehearsed examples of earlier rounds that are still in the task's window
   * @param progress called after each step; may end the round early
   * @return what was done
   * @throws TrainingFailedException if the loss is not finite in ten steps in a row
   * @throws InvalidCheckpointException if this resumes a round that had other examples
   */
  public RoundReport round(List<Example> fresh, List<Example> rehearsed, RoundProgress progress) {
    if (fresh.isEmpty()) {
      throw new IllegalArgumentException("a round needs at least one fresh example");
    }
    List<Example> all = new ArrayList<>(fresh);
    all.addAll(rehearsed);
    RoundContext rowsBefore =
        RoundContext.of(language, recipe.method(), recipe.seed(), all, fresh.size());
    return recipe.method().trains()
        ? train(all, fresh.size(), rowsBefore, progress)
        : answerInContext(all, fresh.size(), rowsBefore);
  }

  /**
   * A round of a method that trains nothing: its checkpoint has other rows in context or in its
   * support set.
   */
  private RoundReport answerInContext(List<Example> all, int fresh, RoundContext rowsBefore) {
    if (rowsBefore == null) {
      Sequence[] rows =
          all.stream().map(row -> encoder.training(row, false)).toArray(Sequence[]::new);
      ensemble.answerInContext(rows, fresh);
    } else {
      ensemble.answerInContext(rowsBefore.rows());
      context = rowsBefore.rows().toJson();
    }
    rounds = RoundPosition.between(rounds.done() + 1);
    return new RoundReport(true, 0, 0, 0, 0, Double.NaN, 0);
  }

  private RoundReport train(
      List<Example> all, int fresh, RoundContext rowsBefore, RoundProgress progress) {
    boolean withEnd = recipe.endWeight() > 0;
    RowReader rows =
        new RowReader(language, recipe.method(), encoder, withEnd, recipe.seed(), all, rowsBefore);
    boolean first = rounds.done() == 0;
    selector.measure(all);
    if (rounds.step() == 0) {
      ensemble.selectMembers(fresh, first);
    }
    try (StateBeforeRound before = new StateBeforeRound()) {
      context = rowsBefore == null ? null : rowsBefore.rows().toJson();
      RoundStatistics statistics = new RoundStatistics();
      RoundBatches batches = batches(rows, fresh, first);
      String hash = batches.hash();
      if (before.rounds.step() > 0 && !before.rounds.rows().equals(hash)) {
        throw new InvalidCheckpointException(
            "the checkpoint was made within a round of other rows.");
      }
      RoundReport report =
          new TrainingRound(ensemble, rows, batches, fresh, rounds.step(), first, statistics)
              .run(
                  new RoundProgress() {
                    @Override
                    public boolean after(int step, int steps, double loss) {
                      rounds = new RoundPosition(before.rounds.done(), step, hash);
                      return progress.after(step, steps, loss);
                    }

                    @Override
                    public boolean cut() {
                      return progress.cut();
                    }
                  });
      if (report.completed()) {
        before.roundCompleted();
      }
      return report;
    }
  }

  /** The state before a round. Closing goes back to it unless the round has completed. */
  private final class StateBeforeRound implements AutoCloseable {
    final RoundPosition rounds = FineTuning.this.rounds;
    private final String context = FineTuning.this.context;
    private final ModelTrainer.Snapshot snapshot = ensemble.trainer().snapshot();
    private boolean completed;

    void roundCompleted() {
      completed = true;
      FineTuning.this.rounds = RoundPosition.between(rounds.done() + 1);
    }

    @Override
    public void close() {
      if (!completed) {
        FineTuning.this.rounds = rounds;
        FineTuning.this.context = context;
        ensemble.trainer().restore(snapshot);
      }
      snapshot.close();
    }
  }

  private RoundBatches batches(RowReader rows, int fresh, boolean first) {
    return new RoundBatches(
        rows,
        fresh,
        first ? syntheticTasks() : new Sequence[0][],
        ensemble.members(),
        recipe,
        selector.codes(),
        rounds.done(),
        selector.steps(ensemble.members(), fresh, first));
  }

  /** The generated tasks that a first round begins with, (tasks, rows); none for most methods. */
  private Sequence[][] syntheticTasks() {
    return recipe.method().usesTwoStages()
        ? RowReader.syntheticTasks(language, encoder, recipe.endWeight() > 0, recipe.seed())
        : new Sequence[0][];
  }

  /**
   * The log likelihood of examples between two rounds: the log of the probability of each row's own
   * answer among all answers of the task, in nats. The members have the weights and the temperature
   * with which they serve, and the in-context model is left out. Only for the embedded model, whose
   * answers are single tokens.
   *
   * @param examples rows with their answers, trained on or not
   */
  public double[] logLikelihoods(List<Example> examples) {
    ContextRows rowsBefore = context == null ? null : ContextRows.ofJson(language.task(), context);
    Sequence[] rows =
        examples.stream()
            .map(
                row ->
                    rowsBefore == null
                        ? row
                        : new Example(rowsBefore.withContext(row.prompt()), row.completion()))
            .map(row -> encoder.training(row, false))
            .toArray(Sequence[]::new);
    ModelTrainer trainer = ensemble.trainer();
    return new Likelihoods(ensemble.members(), trainer::logProbabilities, selector.answers())
        .of(rows);
  }

  /** Optimizer steps since the base model. */
  public long step() {
    return ensemble.trainer().step();
  }

  /** What was chosen from the rows, as manifests show it; empty for adapters. */
  public Map<String, Object> choices() {
    return base.frozen() == null ? ensemble.members().choices() : Map.of();
  }

  /**
   * Everything that is needed to continue or to serve, as one safetensors file. A {@link
   * RoundProgress} may call this within a round.
   */
  public byte[] checkpoint() {
    return CheckpointCodec.encode(ensemble.checkpoint(rounds, context));
  }

  /** The trainer of the present members, for measurements of single steps. */
  public ModelTrainer trainer() {
    return ensemble.trainer();
  }

  @Override
  public void close() {
    ensemble.close();
  }
}
