package io.lift.model;

import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.text.TableEncoder;
import io.lift.model.training.Checkpoint;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers prompts of one task with one version of its weights. {@link #base} and {@link #of} open
 * one. Answers do not depend on batch size, batch order or the other tasks of the batch (to 1e-4 in
 * f32). Implementations are safe for concurrent use, and {@link #close()} waits for running calls.
 */
public interface Scorer extends AutoCloseable {

  /** Where an adapter is while it serves. */
  enum Serving {
    /** Beside the base's weights: rows of many tasks and versions go through one pass. */
    UNMERGED,
    /** Added to a copy of the weights, which serves this version alone. */
    MERGED
  }

  /**
   * A prompt and the scorer that answers it.
   *
   * @param scorer of any task and version
   * @param prompt the row
   */
  record Question(Scorer scorer, Prompt prompt) {}

  /**
   * A scorer for answers before the first checkpoint: with the base model's weights, or by what the
   * labels of a task with texts mean.
   */
  static Scorer base(BaseModel base, TaskLanguage language) {
    if (base.isEncoder()) {
      return new SentenceScorer(base, language, null);
    }
    if (base.frozen() != null) {
      return new AdapterScorer(base, language, null, Serving.UNMERGED);
    }
    TableEncoder encoder = base.encoder(language);
    Ensemble one = Ensemble.of(1);
    Scorer untrained =
        new EmbeddedScorer(base, language, encoder, one, base.initial(encoder, one, 0), null, null);
    LabelMeanings meanings = base.meanings(language, encoder);
    return meanings == null
        ? untrained
        : new MeaningScorer(untrained, base.textReader(), encoder, meanings);
  }

  /**
   * A scorer with a checkpoint's weights, an adapter beside the base's.
   *
   * @throws InvalidCheckpointException if the file is damaged, or made for another base, language
   *     or in-context model
   */
  static Scorer of(BaseModel base, TaskLanguage language, byte[] checkpoint) {
    return of(base, language, checkpoint, Serving.UNMERGED);
  }

  /**
   * A scorer with a checkpoint's weights.
   *
   * @param serving where an adapter is; ignored for the embedded model
   * @throws InvalidCheckpointException if the file is damaged, or made for another base, language
   *     or in-context model
   */
  static Scorer of(BaseModel base, TaskLanguage language, byte[] checkpoint, Serving serving) {
    Checkpoint read = new ParameterFactory(base, language).read(checkpoint);
    if (base.isEncoder()) {
      return new SentenceScorer(base, language, read);
    }
    return base.frozen() != null
        ? new AdapterScorer(base, language, read, serving)
        : new EmbeddedScorer(base, language, base.taskEncoder(language), read);
  }

  /**
   * One answer per question, in order. Questions to scorers that {@linkplain #sharesPasses share
   * passes} go through the model together, whatever their tasks and versions.
   *
   * @param questions to scorers of one base model
   */
  static List<Answer> scoreAll(List<Question> questions) {
    double[][] found = distributions(questions);
    return IntStream.range(0, found.length)
        .mapToObj(
            i -> questions.get(i).scorer().language().answer(questions.get(i).prompt(), found[i]))
        .toList();
  }

  /**
   * The same as distributions over the candidates of each question's language.
   *
   * @param questions to scorers of one base model
   * @return (questions, candidates), each row summing to 1
   */
  static double[][] distributions(List<Question> questions) {
    return MixedBatch.distributions(questions);
  }

  /** The language of the task whose prompts this scorer answers. */
  TaskLanguage language();

  /** One answer per prompt, in order. */
  default List<Answer> score(List<Prompt> prompts) {
    double[][] found = probabilities(prompts);
    return IntStream.range(0, found.length)
        .mapToObj(i -> language().answer(prompts.get(i), found[i]))
        .toList();
  }

  /**
   * The probability of each of the language's candidates for each prompt.
   *
   * @return (prompts, candidates), each row summing to 1
   */
  double[][] probabilities(List<Prompt> prompts);

  /**
   * Distributions over numbers written in digits, one per prompt in order.
   *
   * @throws IllegalStateException for the embedded model, whose numbers are cells of a grid
   */
  List<NumberDistribution> numbers(List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal);

  /** The text that the model writes after each prompt, in order. */
  List<String> generate(List<Prompt> prompts, Sampling how);

  /**
   * Rows sampled from this version; of several adapters, from the first one.
   *
   * @param given see {@link RowSampler#sample}
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  RowSampler.Sample sample(Map<String, Object> given, int count, double temperature, long seed);

  /** Whether its rows can go through one pass with those of the base's other scorers. */
  default boolean sharesPasses() {
    return false;
  }

  /** Memory that it takes beside the base model. */
  long bytes();

  @Override
  void close();
}
