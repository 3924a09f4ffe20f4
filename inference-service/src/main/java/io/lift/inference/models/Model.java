package io.lift.inference.models;

import io.lift.core.answer.Answer;
import io.lift.core.prompt.Prompt;
import io.lift.model.scoring.RowSampler;
import java.util.List;
import java.util.Map;

/** Answers the prompts of one task with one set of weights. Safe for concurrent use. */
public interface Model extends AutoCloseable {

  /**
   * Answers prompts of several models together.
   *
   * <p>Models with the same company compute on the same weights, with adapters of their own: their
   * prompts go through one forward pass.
   */
  interface Company {
    /** One answer per row, in order. */
    List<Answer> score(List<Row> rows);
  }

  /**
   * A prompt and who answers it.
   *
   * @param model one of the company
   * @param prompt the row
   */
  record Row(Model model, Prompt prompt) {}

  /** Whom this model computes with; the same object for all of them. */
  Company company();

  /** Memory that this model takes beside the base model. */
  long bytes();

  /**
   * Rows as this model would expect them, see {@link io.lift.model.Scorer#sample}.
   *
   * @throws IllegalStateException if the task does not learn to generate rows
   */
  RowSampler.Sample sample(Map<String, Object> given, int count, double temperature, long seed);

  /** One answer per prompt, in order. */
  default List<Answer> score(List<Prompt> prompts) {
    return company().score(prompts.stream().map(prompt -> new Row(this, prompt)).toList());
  }

  @Override
  void close();
}
