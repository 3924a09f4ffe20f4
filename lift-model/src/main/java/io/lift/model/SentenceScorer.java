package io.lift.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Softmax;
import io.lift.model.encoder.TextBatch;
import io.lift.model.scoring.AdapterMerger;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.Checkpoint;
import java.util.List;
import java.util.Map;

/**
 * Scores with an encoder and the adapters of one checkpoint, or with the encoder alone: the
 * sentence of a row is compared with the labels' sentences. The answers of several adapters are
 * averaged.
 */
final class SentenceScorer implements Scorer {
  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final DecoderWeights weights; // the labels' vectors are the head
  private final NDManager manager;
  private final List<List<Adapter>> passes; // one adapter for each, none for the encoder alone
  private final long bytes;
  private final UsageGuard guard = new UsageGuard();

  /**
   * @param checkpoint null for the encoder alone
   */
  SentenceScorer(BaseModel base, TaskLanguage language, Checkpoint checkpoint) {
    this.base = base;
    this.language = language;
    this.encoder = base.taskEncoder(language);
    this.weights = base.frozen(language);
    this.manager = base.newManager();
    this.passes =
        checkpoint == null
            ? List.of(List.of())
            : new ParameterFactory(base, language)
                .adapters(checkpoint, manager).stream().map(List::of).toList();
    this.bytes = passes.stream().flatMap(List::stream).mapToLong(AdapterMerger::bytes).sum();
  }

  @Override
  public TaskLanguage language() {
    return language;
  }

  @Override
  public double[][] probabilities(List<Prompt> prompts) {
    return guard.whileOpen(
        () -> answers(prompts.stream().map(encoder::prompt).toArray(int[][]::new)));
  }

  private double[][] answers(int[][] prompts) {
    int labels = language.candidates().size();
    double[][] mean = new double[prompts.length][labels];
    for (TextBatch batch : TextBatch.of(prompts)) {
      for (List<Adapter> adapter : passes) {
        float[] logits;
        try (NDManager own = manager.newSubManager();
            NDScope scope = new NDScope()) {
          logits =
              base.decoder().pass(weights, batch.input(own, adapter), 1, 0).logits().toFloatArray();
        }
        for (int r = 0; r < batch.rows().length; r++) {
          double[] own = new double[labels];
          for (int k = 0; k < labels; k++) {
            own[k] = logits[r * labels + k];
          }
          double[] p = Softmax.of(own);
          for (int k = 0; k < labels; k++) {
            mean[batch.rows()[r]][k] += p[k] / passes.size();
          }
        }
      }
    }
    return mean;
  }

  @Override
  public List<NumberDistribution> numbers(
      List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal) {
    throw new IllegalStateException("an encoder writes no numbers");
  }

  @Override
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    throw new IllegalStateException("an encoder writes no text");
  }

  @Override
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    throw RowSampler.notLearned(language.task().name());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    guard.close(manager::close);
  }
}
