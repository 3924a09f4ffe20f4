package io.lift.model;

import io.lift.core.prompt.TaskLanguage;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;
import io.lift.model.method.ContextRows;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.Checkpoint.RoundPosition;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.StepMemory;
import io.lift.model.training.TrainingRecipe;

/**
 * The members of one task from round to round: which of them train, how much each is weighted, and
 * which rows the in-context model reads beside them. {@link EnsembleSelector} makes the choices,
 * and this class carries them out.
 */
final class EnsembleLifecycle implements AutoCloseable {
  private final BaseModel base;
  private final TaskLanguage language;
  private final TrainingRecipe recipe;
  private final StepMemory memory;
  private final TaskEncoder encoder;
  private final EnsembleSelector selector;
  private ModelTrainer trainer;
  private StoredRows supportSet; // null where the in-context model has no weight

  EnsembleLifecycle(
      BaseModel base,
      TaskLanguage language,
      TrainingRecipe recipe,
      StepMemory memory,
      TaskEncoder encoder,
      EnsembleSelector selector,
      Checkpoint from) {
    this.base = base;
    this.language = language;
    this.recipe = recipe;
    this.memory = memory;
    this.encoder = encoder;
    this.selector = selector;
    this.supportSet = from.support().rows();
    this.trainer = trainer(from);
  }

  private ModelTrainer trainer(Checkpoint from) {
    return new ModelTrainer(
        base.decoder(),
        base.newManager(),
        new ParameterFactory(base, language).view(from.provenance().layout(), from.members()),
        recipe,
        encoder.vocabulary(),
        encoder.padding(),
        memory,
        from);
  }

  /** The trainer of the present members; a new one where members are selected or removed. */
  ModelTrainer trainer() {
    return trainer;
  }

  /** The present members with their weights. */
  Ensemble members() {
    return trainer.ensemble();
  }

  /**
   * Chooses the members that train in a round: as many as the budget allows in the first one, the
   * heaviest in later ones.
   *
   * @param fresh rows that enter with the round
   * @param first whether it is the task's first round
   */
  void selectMembers(int fresh, boolean first) {
    if (first) {
      selector
          .initialMembers(fresh)
          .ifPresent(
              planned ->
                  replaceTrainer(new ParameterFactory(base, language).initial(recipe, planned)));
    } else {
      keep(selector.laterMembers(members()));
    }
  }

  /**
   * Ends a round: fits the weights on rows that members did not train on, removes members of little
   * weight and chooses the support set.
   *
   * @param rows fresh rows first, then rehearsed ones
   * @param folds the fold of each row
   * @param fresh how many rows are fresh
   */
  void fitWeights(Sequence[] rows, int[] folds, int fresh) {
    if (base.frozen() == null) {
      trainer.resetOptimizer(); // so that a checkpoint between rounds needs no optimizer state
    }
    if (members().holdsOut()) {
      weight(selector.weighted(members(), trainer::logProbabilities, rows, folds, fresh));
      keep(selector.pruned(members()));
    }
  }

  /**
   * Gives all weight to the in-context model, for a method that trains nothing. Does nothing where
   * that model cannot read the task's rows.
   *
   * @param rows the rows that may stand before a prompt
   */
  void answerInContext(ContextRows rows) {
    selector.untrained(members(), rows).ifPresent(this::weight);
  }

  /**
   * The same without rows before prompts. Does nothing where there are too few rows.
   *
   * @param rows fresh rows first, then rehearsed ones
   * @param fresh how many rows are fresh
   */
  void answerInContext(Sequence[] rows, int fresh) {
    selector.untrained(members(), rows, fresh).ifPresent(this::weight);
  }

  private void weight(EnsembleSelector.Weighted weighted) {
    supportSet = weighted.supportSet();
    trainer.reweight(weighted.ensemble());
  }

  private void keep(Ensemble some) {
    if (some.size() < members().size()) {
      replaceTrainer(
          trainer.checkpoint(RoundPosition.START, base.hash(), language.hash()).with(some));
    }
  }

  private void replaceTrainer(Checkpoint from) {
    trainer.close();
    trainer = trainer(from);
  }

  /**
   * Everything that is needed to continue or to serve.
   *
   * @param rounds where among the rounds it is made
   * @param context rows that stand before prompts, as checkpoints store them; null for none
   */
  Checkpoint checkpoint(RoundPosition rounds, String context) {
    String inContextModel = supportSet == null ? null : base.inContextModel().hash();
    return trainer
        .checkpoint(rounds, base.hash(), language.hash())
        .with(new Checkpoint.Support(supportSet, inContextModel, context));
  }

  @Override
  public void close() {
    trainer.close();
  }
}
