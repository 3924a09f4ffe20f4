package io.lift.model;

import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.EnsembleScorer;
import io.lift.model.scoring.Generator;
import io.lift.model.scoring.InContextMember;
import io.lift.model.scoring.InContextOnlyScorer;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.scoring.TableAnswers;
import io.lift.model.text.Sequence;
import io.lift.model.text.TableEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import io.lift.model.training.TrainingRecipe;
import java.util.List;
import java.util.Map;

/**
 * Scores with an ensemble of small models that were trained whole, side by side. The in-context
 * model is weighted beside them, or answers by itself where nothing was trained.
 */
final class EmbeddedScorer implements Scorer {
  private final TaskLanguage language;
  private final ContextRows context; // null where no rows stand before a prompt
  private final InContextMember inContext; // null where the in-context model has no weight
  private final InContextOnlyScorer inContextOnly; // null where something was trained
  private final NDManager manager;
  private final EnsembleScorer ensemble;
  private final Generator generator;
  private final RowSampler sampler; // null where the task does not learn to generate rows
  private final long bytes;
  private final UsageGuard guard = new UsageGuard();

  /**
   * @throws InvalidCheckpointException if the checkpoint's rows are not of this task
   */
  EmbeddedScorer(
      BaseModel base, TaskLanguage language, TaskEncoder encoder, Checkpoint checkpoint) {
    this(
        base,
        language,
        encoder,
        checkpoint.provenance().ensemble(),
        checkpoint.state().parameters(),
        checkpoint.support().rows(),
        checkpoint.support().context() == null
            ? null
            : ContextRows.ofJson(language.task(), checkpoint.support().context()));
  }

  /**
   * @param parameters of the members, (M, P)
   * @param supportSet the rows that the in-context model reads; null where it has no weight
   * @param context the rows that stand before prompts; null for none
   * @throws InvalidCheckpointException if the support set is not of this task
   */
  EmbeddedScorer(
      BaseModel base,
      TaskLanguage language,
      TaskEncoder encoder,
      Ensemble members,
      float[] parameters,
      StoredRows supportSet,
      ContextRows context) {
    this.language = language;
    this.context = context;
    InContextModel model =
        members.inContext() > 0 ? InContextModel.of(base, language, encoder, supportSet) : null;
    boolean only = members.usesInContextModelOnly();
    this.inContext = model == null || only ? null : model.member();
    this.inContextOnly = only ? model.onlyScorer(context) : null;
    this.manager = base.newManager();
    ParameterLayout layout =
        ParameterLayout.of(base.config(), encoder.vocabulary(), encoder.answers());
    DecoderWeights weights =
        DecoderWeights.of(
            layout,
            TorchEngine.array(manager, parameters, members.size(), layout.size()),
            members.size());
    this.ensemble =
        new EnsembleScorer(
            base.decoder(), weights, members, inContext, encoder, language.candidates(), manager);
    this.generator = new Generator(base.decoder(), weights, null, encoder, manager);
    this.sampler =
        language.columns() == null
            ? null
            : new RowSampler(
                language.columns(),
                new TableAnswers(
                    language.columns(),
                    ensemble,
                    (TableEncoder) encoder,
                    TrainingRecipe.SMOOTHING));
    this.bytes =
        (long) Float.BYTES * parameters.length
            + (inContext == null ? 0 : inContext.bytes())
            + (inContextOnly == null ? 0 : inContextOnly.bytes());
  }

  @Override
  public TaskLanguage language() {
    return language;
  }

  @Override
  public double[][] probabilities(List<Prompt> prompts) {
    return guard.whileOpen(
        () ->
            inContextOnly != null
                ? inContextOnly.probabilities(prompts)
                : ensemble.probabilities(withContext(prompts)));
  }

  @Override
  public List<NumberDistribution> numbers(
      List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal) {
    throw new IllegalStateException("the embedded model writes numbers as cells of a grid");
  }

  @Override
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    return guard.whileOpen(() -> generator.generate(withContext(prompts), how));
  }

  @Override
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    if (sampler == null) {
      throw RowSampler.notLearned(language.task().name());
    }
    return guard.whileOpen(() -> sampler.sample(given, count, temperature, seed));
  }

  private List<Prompt> withContext(List<Prompt> prompts) {
    return context == null ? prompts : prompts.stream().map(context::withContext).toList();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** Log probabilities of all tokens, for tests of an ensemble of one. */
  float[] logProbabilities(Sequence[] rows) {
    return ensemble.logProbabilities(rows);
  }

  @Override
  public void close() {
    guard.close(
        () -> {
          if (inContext != null) {
            inContext.close();
          }
          if (inContextOnly != null) {
            inContextOnly.close();
          }
          manager.close();
        });
  }
}
