package io.lift.model;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.ContextPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.EnsemblePlanner;
import io.lift.model.ensemble.HeldOutEvaluation;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.incontext.InContextClassifier.Labelled;
import io.lift.model.incontext.SupportSet;
import io.lift.model.method.ContextRows;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableColumn;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.TrainingRecipe;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the members of a task and their weights from its rows: before the first round, between
 * two rounds and after each. It changes nothing itself.
 */
final class EnsembleSelector {
  /** Later rounds are short and frequent, so at most this many members continue. */
  private static final int MOST_LATER = 8;

  /** A number encoding of less weight is removed, because it costs more time than it is worth. */
  private static final double LEAST_WEIGHT = 0.05;

  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final TrainingRecipe recipe;

  EnsembleSelector(
      BaseModel base, TaskLanguage language, TaskEncoder encoder, TrainingRecipe recipe) {
    this.base = base;
    this.language = language;
    this.encoder = encoder;
    this.recipe = recipe;
  }

  /**
   * Members with new weights.
   *
   * @param supportSet the rows that the in-context model reads, as checkpoints store them; null
   *     where it has no weight
   */
  record Weighted(Ensemble ensemble, int[][] supportSet) {}

  /** Whether the number of members is left to the budget. */
  private boolean byBudget() {
    return recipe.members() == 0 && encoder instanceof TableEncoder;
  }

  /**
   * The members that train in a first round; empty if the recipe gives their number.
   *
   * @param rows of the round
   */
  Optional<Ensemble> initialMembers(int rows) {
    return byBudget()
        ? Optional.of(
            EnsemblePlanner.of(!codes().isEmpty(), rows, steps(rows), tokens(), recipe.budget()))
        : Optional.empty();
  }

  /**
   * Steps of a round: as the recipe says, the first one within the budget.
   *
   * @param fresh rows that enter with it
   */
  int steps(Ensemble committee, int fresh, boolean first) {
    int steps = recipe.steps(committee.holdsOut() ? Ensemble.learntOf(fresh) : fresh, first);
    if (!first || !byBudget()) {
      return steps;
    }
    // many numbers are never quite learnt: more steps come closer, where labels would be overlearnt
    boolean longer = language.targetGrid() != null && fresh >= NumberEncoding.MANY_ROWS;
    int wanted = (int) ((longer ? recipe.stretch() : 1) * steps);
    return EnsemblePlanner.steps(committee.size(), fresh, wanted, tokens(), recipe.budget());
  }

  /** Steps of a first round whose members hold rows out, were there no budget. */
  private int steps(int rows) {
    return recipe.steps(Ensemble.learntOf(rows), true);
  }

  /** What one member reads in a step. */
  private double tokens() {
    ContextPolicy shown = recipe.method().context();
    int sentences = shown == null ? 1 : 1 + shown.rows();
    return (double) recipe.batch() * sentences * ((TableEncoder) encoder).tokensPerRow();
  }

  /** Columns that some readings take as codes, by the tokens of their place 0. */
  Set<Integer> codes() {
    return encoder instanceof TableEncoder table
        ? table.columns().stream()
            .filter(TableColumn::codes)
            .map(TableColumn::first)
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** The token of each possible answer. */
  int[] answers() {
    return language.candidates().stream().mapToInt(answer -> encoder.answer(answer)[0]).toArray();
  }

  /** The members that continue after the first round. */
  Ensemble laterMembers(Ensemble committee) {
    return committee.holdsOut() && committee.size() > MOST_LATER
        ? committee.heaviest(MOST_LATER, 0)
        : committee;
  }

  /** The members without those whose number encoding has little weight. */
  Ensemble pruned(Ensemble weighted) {
    return weighted.heaviest(weighted.size(), LEAST_WEIGHT);
  }

  /**
   * Weights members by their likelihood of rows that they did not train on.
   *
   * @param committee whose members all hold out a part
   * @param rows fresh rows first, then rehearsed ones
   * @param folds the part of each row
   */
  Weighted weighted(
      Ensemble committee,
      HeldOutEvaluation.Forward forward,
      Sequence[] rows,
      int[] folds,
      int fresh) {
    int[] answers = answers();
    Optional<SupportSet> read =
        readsInContext()
            ? SupportSet.of((TableEncoder) encoder, rows, fresh, answers)
            : Optional.empty();
    double[][] inContext =
        read.map(own -> own.heldOut(base.reader(), folds, recipe.seed())).orElse(null);
    Ensemble weighed =
        new HeldOutEvaluation(committee, forward, answers).weigh(rows, folds, fresh, inContext);
    return new Weighted(weighed, weighed.inContext() > 0 ? read.orElseThrow().table() : null);
  }

  /**
   * All weight for the in-context model, where nothing is trained; empty if it cannot read this
   * task's rows.
   *
   * @param rows the rows that may stand before a prompt
   */
  Optional<Weighted> zeroShot(Ensemble committee, ContextRows rows) {
    if (!readsInContext()) {
      return Optional.empty();
    }
    Sequence[] read =
        rows.rows().stream().map(row -> encoder.training(row, false)).toArray(Sequence[]::new);
    Labelled labelled = SupportSet.all((TableEncoder) encoder, read, answers());
    return Optional.of(
        new Weighted(committee.readingAlone(), new SupportSet(labelled, null).table()));
  }

  /** Whether the pretrained model is asked about this task's rows. */
  private boolean readsInContext() {
    return recipe.method().hearsPretrained()
        && SupportSet.fit(language, encoder)
        && base.reader() != null;
  }
}
