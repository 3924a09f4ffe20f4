package io.lift.bench.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lift.bench.stream.LoanExamples;
import io.lift.checkpoint.CheckpointExport;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TrainingPolicy;
import io.lift.model.BaseModel;
import io.lift.model.FineTuning;
import io.lift.model.Scorer;
import io.lift.model.text.Sequence;
import io.lift.model.text.TaskEncoder;
import io.lift.model.training.ModelTrainer;
import io.lift.model.training.Preset;
import io.lift.model.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One base model with rows of loans: steps of training and passes of scoring on the same rows. */
final class ModelTrial implements AutoCloseable {
  private static final int BATCHES = 16;

  private final BaseModel base;
  private final TaskLanguage language;
  private final TaskEncoder encoder;
  private final TrainingRecipe recipe;
  private final double rate;
  private final FineTuning tuning;
  private final List<Sequence[]> batches = new ArrayList<>();
  private final List<Prompt> prompts = new ArrayList<>();
  private final Scorer scorer;
  private int done;

  /**
   * @param batch rows of a step
   * @param rows to score
   */
  ModelTrial(BaseModel base, int batch, int rows) {
    this.base = base;
    LoanExamples loans = new LoanExamples("loans");
    this.language = loans.language();
    this.encoder = base.taskEncoder(language);
    boolean whole = base.frozen() == null;
    TrainingPolicy policy = TrainingPolicy.builder().members(1).seed(1L).batch(batch).build();
    this.recipe = TrainingRecipe.of(whole ? Preset.EMBEDDED : Preset.PAPER, policy);
    this.rate = recipe.optimizer().learningRate();
    for (int b = 0; b < BATCHES; b++) {
      Sequence[] sequences = new Sequence[batch];
      for (int r = 0; r < batch; r++) {
        sequences[r] = encoder.training(loans.example(), recipe.endWeight() > 0);
      }
      batches.add(sequences);
    }
    for (Example example : loans.examples(rows)) {
      prompts.add(example.prompt());
    }
    this.tuning = FineTuning.start(base, language, policy);
    this.scorer = Scorer.of(base, language, tuning.checkpoint());
  }

  /** Writes the weights it starts from, and the rows, for Python. */
  void write(Path weights, Path rows) throws IOException {
    CheckpointExport.write(tuning.checkpoint(), weights);
    ModelPeer.writeRows(
        rows,
        batches,
        prompts.stream().map(encoder::prompt).toList(),
        language.candidates().stream().map(encoder::answer).toList(),
        recipe,
        rate);
  }

  /** Tokens per second of further steps, and the last loss. */
  ModelPeer.Answer train(int steps) {
    ModelTrainer trainer = tuning.trainer();
    long tokens = 0;
    double loss = Double.NaN;
    long started = System.nanoTime();
    for (int s = 0; s < steps; s++) {
      Sequence[][] read = {batches.get(done++ % BATCHES)};
      ModelTrainer.StepReport report = trainer.step(read, rate);
      tokens += report.tokens();
      loss = report.loss();
    }
    return new ModelPeer.Answer(1e9 * tokens / (System.nanoTime() - started), loss);
  }

  /** Rows per second with the weights it started from, and the first row's first probability. */
  ModelPeer.Answer score() {
    long started = System.nanoTime();
    double first = 0;
    int batch = 256;
    for (int from = 0; from < prompts.size(); from += batch) {
      var answers = scorer.score(prompts.subList(from, Math.min(prompts.size(), from + batch)));
      if (from == 0) {
        first = answers.get(0).probabilities().get(language.candidates().get(0));
      }
    }
    return new ModelPeer.Answer(1e9 * prompts.size() / (System.nanoTime() - started), first);
  }

  int rows() {
    return prompts.size();
  }

  /** Mean tokens that a row is read with. */
  double tokensPerRow() {
    return batches.stream()
        .flatMap(Arrays::stream)
        .mapToInt(row -> row.length() - 1)
        .average()
        .orElseThrow();
  }

  /**
   * Floating-point operations of training per token that is read, products with weights alone: two
   * per weight forward, two for the gradient of the input, and two for that of a trained weight.
   * Above the last layer's keys and values only the completion's tokens count.
   */
  double flopsPerToken() {
    DecoderConfig config = base.config();
    double completion = 0;
    double read = 0;
    for (Sequence[] batch : batches) {
      for (Sequence row : batch) {
        completion += row.completion();
        read += row.length() - 1;
      }
    }
    double share = completion / read;
    int each = base.frozen() == null ? 6 : 4;
    double sum = 0;
    for (PublishedLinear linear : config.linears()) {
      boolean everywhere = linear.layer() >= 0 && linear.layer() < config.layers() - 1;
      int out = linear.layer() < 0 ? encoder.answers() : linear.out();
      sum += (double) each * linear.in() * out * (everywhere ? 1 : share);
    }
    return sum;
  }

  /** GFLOP/s of products of two 1024 x 1024 matrices in the engine of this process. */
  static double peak(BaseModel base) {
    try (NDManager manager = base.newManager()) {
      NDArray a = manager.randomNormal(new Shape(1024, 1024));
      NDArray b = manager.randomNormal(new Shape(1024, 1024));
      a.matMul(b).close();
      int times = 20;
      long started = System.nanoTime();
      for (int i = 0; i < times; i++) {
        a.matMul(b).close();
      }
      return times * 2.0 * Math.pow(1024, 3) / (System.nanoTime() - started);
    }
  }

  @Override
  public void close() {
    scorer.close();
    tuning.close();
  }
}
