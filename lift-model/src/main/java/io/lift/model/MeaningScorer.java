package io.lift.model;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.encoder.TextFeatures;
import io.lift.model.encoder.TextReader;
import io.lift.model.incontext.texts.LabelMeanings;
import io.lift.model.scoring.DecimalGrammar;
import io.lift.model.scoring.NumberDistribution;
import io.lift.model.scoring.NumberGoal;
import io.lift.model.scoring.RowSampler;
import io.lift.model.scoring.Sampling;
import io.lift.model.text.TableEncoder;
import java.util.List;
import java.util.Map;

/**
 * Answers a task with texts before its first labelled row: each text is compared with what the
 * labels mean. What is not about labels is left to the base model.
 */
final class MeaningScorer implements Scorer {
  private final Scorer base;
  private final TextReader reader;
  private final TableEncoder encoder;
  private final LabelMeanings meanings;

  /**
   * @param base closed with this
   */
  MeaningScorer(Scorer base, TextReader reader, TableEncoder encoder, LabelMeanings meanings) {
    this.base = base;
    this.reader = reader;
    this.encoder = encoder;
    this.meanings = meanings;
  }

  @Override
  public TaskLanguage language() {
    return base.language();
  }

  @Override
  public double[][] probabilities(List<Prompt> prompts) {
    List<List<String>> texts = prompts.stream().map(encoder::texts).toList();
    List<TextFeatures> read = reader.read(texts.stream().flatMap(List::stream).toList());
    double[][] answers = new double[prompts.size()][];
    int from = 0;
    for (int p = 0; p < answers.length; p++) {
      int to = from + texts.get(p).size();
      answers[p] = meanings.probabilities(read.subList(from, to).toArray(TextFeatures[]::new));
      from = to;
    }
    return answers;
  }

  @Override
  public List<NumberDistribution> numbers(
      List<Prompt> prompts, DecimalGrammar grammar, NumberGoal goal) {
    return base.numbers(prompts, grammar, goal);
  }

  @Override
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    return base.generate(prompts, how);
  }

  @Override
  public RowSampler.Sample sample(
      Map<String, Object> given, int count, double temperature, long seed) {
    return base.sample(given, count, temperature, seed);
  }

  @Override
  public long bytes() {
    return base.bytes();
  }

  @Override
  public void close() {
    base.close();
  }
}
