package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.model.scoring.RowSampler;
import java.util.List;
import java.util.Map;

/** Answers the prompts of one task with one set of weights. Safe for concurrent use. */
public interface Model extends AutoCloseable {

  /**
   * Models that compute on the same weights, with adapters of their own. Their prompts go through
   * one forward pass.
   */
  interface BatchGroup {
    /** One answer per row, in order. */
    List<Scores> score(List<Row> rows);
  }

  /**
   * What a model says of a row.
   *
   * @param answer its answer
   * @param probabilities of the language's candidates, of which the answer is made
   */
  record Scores(Answer answer, double[] probabilities) {}

  /**
   * A prompt and the model that answers it.
   *
   * @param model a model of the batch group
   * @param prompt the row's prompt
   */
  record Row(Model model, Prompt prompt) {}

  /** The group of this model; the same object for all models of the group. */
  BatchGroup batchGroup();

  /** Bytes that this model takes beside the base model. */
  long bytes();

  /**
   * Samples rows, see {@link io.lift.model.Scorer#sample}.
   *
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  RowSampler.Sample sample(Map<String, Object> given, int count, double temperature, long seed);

  /** One answer per prompt, in order. */
  default List<Scores> score(List<Prompt> prompts) {
    return batchGroup().score(prompts.stream().map(prompt -> new Row(this, prompt)).toList());
  }

  @Override
  void close();
}
