package io.lift.model;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.ContextPolicy;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.ensemble.EnsemblePlanner;
import io.lift.model.ensemble.HeldOutEvaluation;
import io.lift.model.ensemble.NumberEncoding;
import io.lift.model.incontext.StoredRows;
import io.lift.model.incontext.SupportSet;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.method.ContextRows;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableColumn;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.TrainingRecipe;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Chooses the members of a task and their weights from its rows: before the first round, between
 * two rounds and after each. It changes nothing itself.
 */
final class EnsembleSelector {
  /** Later rounds are short and frequent, so at most this many members continue. */
  private static final int MAX_LATER_MEMBERS = 8;

  /** A number encoding of less weight is removed, because it costs more time than it is worth. */
  private static final double MIN_WEIGHT = 0.05;

  /** Rows whose lengths are measured. */
  private static final int MEASURED_ROWS = 100;

  /** Steps of a task whose only columns are texts: they are read beside the members. */
  private static final int STEPS_OF_TEXTS = 5;

  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final TrainingRecipe recipe;
  private double textTokens; // tokens of a mean row of texts that are read letter by letter

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
  record Weighted(Ensemble ensemble, StoredRows supportSet) {}

  /** Whether the budget decides the number of members. */
  private boolean byBudget() {
    return recipe.members() == 0 && encoder instanceof TableEncoder;
  }

  /**
   * Measures the rows of a round. Where texts are read letter by letter, their length decides how
   * much a budget covers.
   */
  void measure(List<Example> rows) {
    if (!(encoder instanceof TableEncoder table) || table.readsAllColumns()) {
      return;
    }
    int step = Math.max(1, rows.size() / MEASURED_ROWS);
    textTokens =
        IntStream.range(0, rows.size())
            .filter(i -> i % step == 0)
            .map(i -> table.prompt(rows.get(i).prompt().withContext(List.of())).length)
            .average()
            .orElse(0);
  }

  /**
   * The members that train in a first round; empty if the recipe gives their number.
   *
   * @param rows of the round
   */
  Optional<Ensemble> initialMembers(int rows) {
    if (!byBudget()) {
      return Optional.empty();
    }
    if (readsTextsOnly() && usesInContextModel()) {
      return Optional.of(Ensemble.of(List.of(NumberEncoding.SMOOTH), Ensemble.FOLDS));
    }
    int steps = recipe.steps(Ensemble.trainedRows(rows), true);
    return Optional.of(
        EnsemblePlanner.plan(!codes().isEmpty(), rows, steps, tokens(), recipe.budget()));
  }

  /**
   * Steps of a round: those of the recipe, in the first round within the budget.
   *
   * @param fresh rows that enter with it
   */
  int steps(Ensemble ensemble, int fresh, boolean first) {
    int steps = recipe.steps(ensemble.holdsOut() ? Ensemble.trainedRows(fresh) : fresh, first);
    if (readsTextsOnly() && byBudget() && usesInContextModel()) {
      return Math.min(steps, STEPS_OF_TEXTS);
    }
    if (!first || !byBudget()) {
      return steps;
    }
    // a regression over many rows profits from more steps, where a classification would overfit
    boolean stretched = isRegression() && fresh >= NumberEncoding.MANY_ROWS;
    int wanted = (int) ((stretched ? recipe.stretch() : 1) * steps);
    return EnsemblePlanner.steps(ensemble.size(), fresh, wanted, tokens(), recipe.budget());
  }

  /** Tokens that one member reads in a step. */
  private double tokens() {
    ContextPolicy context = recipe.method().context();
    int sentences = context == null ? 1 : 1 + context.rows();
    double tokens = Math.max(textTokens, ((TableEncoder) encoder).tokensPerRow());
    return recipe.batch() * sentences * tokens;
  }

  /**
   * The columns that some number encodings read as codes, by the tokens of their grid position 0.
   */
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
  Ensemble laterMembers(Ensemble ensemble) {
    return ensemble.holdsOut() && ensemble.size() > MAX_LATER_MEMBERS
        ? ensemble.heaviest(MAX_LATER_MEMBERS, 0)
        : ensemble;
  }

  /** The members without those whose number encoding has little weight. */
  Ensemble pruned(Ensemble weighted) {
    return weighted.heaviest(weighted.size(), MIN_WEIGHT);
  }

  /**
   * Weights members by their likelihood of rows that they did not train on.
   *
   * @param ensemble whose members all hold out a fold
   * @param rows fresh rows first, then rehearsed ones
   * @param folds the fold of each row
   * @param fresh how many rows are fresh
   */
  Weighted weighted(
      Ensemble ensemble,
      HeldOutEvaluation.Forward forward,
      Sequence[] rows,
      int[] folds,
      int fresh) {
    int[] answers = answers();
    Optional<SupportSet> supportSet = supportSet(rows, fresh);
    double[][] inContext =
        supportSet
            .map(set -> set.heldOut(base.inContextModel(), folds, recipe.seed()))
            .orElse(null);
    Ensemble weighted =
        new HeldOutEvaluation(ensemble, forward, answers).fitWeights(rows, folds, fresh, inContext);
    return new Weighted(
        weighted, weighted.inContext() > 0 ? supportSet.orElseThrow().stored() : null);
  }

  /**
   * All weight for the in-context model, where nothing is trained; empty if it cannot read this
   * task's rows.
   *
   * @param rows the rows that may stand before a prompt
   */
  Optional<Weighted> untrained(Ensemble ensemble, ContextRows rows) {
    if (!usesInContextModel()) {
      return Optional.empty();
    }
    Sequence[] sequences =
        rows.rows().stream().map(row -> encoder.training(row, false)).toArray(Sequence[]::new);
    SupportSet supportSet =
        SupportSet.ofAll((TableEncoder) encoder, sequences, answers(), isRegression(), meanings());
    return Optional.of(new Weighted(ensemble.withInContextModelOnly(), supportSet.stored()));
  }

  /**
   * The same without rows before prompts; also empty if there are too few rows.
   *
   * @param rows fresh rows first, then rehearsed ones
   * @param fresh how many rows are fresh
   */
  Optional<Weighted> untrained(Ensemble ensemble, Sequence[] rows, int fresh) {
    return supportSet(rows, fresh)
        .map(set -> new Weighted(ensemble.withInContextModelOnly(), set.stored()));
  }

  private Optional<SupportSet> supportSet(Sequence[] rows, int fresh) {
    return usesInContextModel()
        ? SupportSet.of((TableEncoder) encoder, rows, fresh, answers(), isRegression(), meanings())
        : Optional.empty();
  }

  private LabelMeanings meanings() {
    return base.meanings(language, encoder);
  }

  /** Whether members have nothing to learn from: all columns are texts. */
  private boolean readsTextsOnly() {
    return encoder instanceof TableEncoder table && table.hasTexts() && table.columns().isEmpty();
  }

  private boolean isRegression() {
    return language.targetGrid() != null;
  }

  /** Whether the in-context model can answer this task and the method uses it. */
  boolean usesInContextModel() {
    return recipe.method().usesPretrained()
        && SupportSet.fits(language, encoder)
        && base.inContextModel() != null;
  }
}
