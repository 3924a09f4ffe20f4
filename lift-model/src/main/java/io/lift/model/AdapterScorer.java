package io.lift.model;

import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.method.ContextRows;
import io.lift.model.scoring.AdapterContext;
import io.lift.model.scoring.AdapterMerger;
import io.lift.model.scoring.BatchScorer;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.Generator;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.NumberScorer;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.scoring.WrittenAnswers;
import io.lift.model.text.PublishedEncoder;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * Scores with a published model and the adapters of one checkpoint, or with the published model
 * alone. The answers of several adapters are averaged.
 */
final class AdapterScorer implements Scorer {
  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final ContextRows context; // null where no rows stand before a prompt
  private final NDManager manager;
  private final boolean merged;
  private final BatchScorer batches;
  private final List<AdapterContext> adapters; // one context per adapter
  private final Generator generator;
  private final NumberScorer numbers;
  private final RowSampler sampler; // null where the task does not learn to generate rows
  private final long bytes;
  private final UsageGuard guard = new UsageGuard();

  /**
   * @param checkpoint null for the published model alone
   * @throws InvalidCheckpointException if the checkpoint's rows are not of this task
   */
  AdapterScorer(BaseModel base, TaskLanguage language, Checkpoint checkpoint, Serving serving) {
    this.base = base;
    this.language = language;
    this.encoder = base.taskEncoder(language);
    this.context =
        checkpoint == null || checkpoint.support().context() == null
            ? null
            : ContextRows.ofJson(language.task(), checkpoint.support().context());
    this.manager = base.newManager();
    try {
      List<Adapter> trained =
          checkpoint == null
              ? List.of()
              : new ParameterFactory(base, language).adapters(checkpoint, manager);
      // several cannot be in the weights at once
      this.merged = trained.size() == 1 && serving == Serving.MERGED;
      Adapter first = trained.isEmpty() ? null : trained.get(0);
      DecoderWeights weights =
          merged ? AdapterMerger.of(base.frozen(), first, manager) : base.frozen();
      Adapter unmerged = merged ? null : first;
      this.batches = new BatchScorer(base.decoder(), weights, manager);
      List<AdapterContext> contexts = new ArrayList<>();
      contexts.add(adapterContext(unmerged));
      trained.stream().skip(1).forEach(adapter -> contexts.add(adapterContext(adapter)));
      this.adapters = List.copyOf(contexts);
      this.generator = new Generator(base.decoder(), weights, unmerged, encoder, manager);
      this.sampler =
          language.columns() == null
              ? null
              : new RowSampler(
                  language.columns(),
                  new WrittenAnswers(
                      language.columns(), generator, ((PublishedEncoder) encoder).longest()));
      this.numbers = new NumberScorer(base.decoder(), weights, batches, adapters.get(0), manager);
      this.bytes = bytes(trained, weights);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private AdapterContext adapterContext(Adapter adapter) {
    return new AdapterContext(
        language, encoder, adapter, manager.newSubManager(), this::withContext);
  }

  private long bytes(List<Adapter> trained, DecoderWeights weights) {
    long sum = 0;
    for (AdapterContext adapter : adapters) {
      sum += adapter.bytes(base.config(), weights.type());
    }
    for (Adapter adapter : trained) {
      sum += merged ? AdapterMerger.bytes(base.frozen(), adapter) : AdapterMerger.bytes(adapter);
    }
    return sum;
  }

  @Override
  public TaskLanguage language() {
    return language;
  }

  @Override
  public double[][] probabilities(List<Prompt> prompts) {
    return prompts.isEmpty()
        ? new double[0][]
        : MixedBatch.probabilities(prompts.stream().map(p -> new Question(this, p)).toList());
  }

  @Override
  public List<NumberDistribution> numbers(
      List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal) {
    return guard.whileOpen(
        () -> numbers.distributions(prompts.stream().map(this::tokens).toList(), grammar, goal));
  }

  @Override
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    return guard.whileOpen(
        () -> generator.generate(prompts.stream().map(this::withContext).toList(), how));
  }

  @Override
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    if (sampler == null) {
      throw RowSampler.notLearned(language.task().name());
    }
    return guard.whileOpen(() -> sampler.sample(given, count, temperature, seed));
  }

  private Prompt withContext(Prompt prompt) {
    return context == null ? prompt : context.withContext(prompt);
  }

  private int[] tokens(Prompt prompt) {
    return encoder.prompt(withContext(prompt));
  }

  @Override
  public boolean sharesPasses() {
    return !merged;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  BaseModel model() {
    return base;
  }

  /** Scores rows of all scorers that share its passes. */
  BatchScorer batches() {
    return batches;
  }

  /** One row for each adapter, whose answers are averaged. */
  List<BatchScorer.Row> rows(Prompt prompt) {
    int[] tokens = tokens(prompt);
    return adapters.stream().map(adapter -> new BatchScorer.Row(adapter, tokens)).toList();
  }

  /** See {@link UsageGuard#acquire}. */
  Lock acquire() {
    return guard.acquire();
  }

  @Override
  public void close() {
    guard.close(manager::close);
  }
}
