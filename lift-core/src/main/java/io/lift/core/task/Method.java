package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a task is learnt, beyond plain fine-tuning on its rows: the variants of the LIFT paper (Dinh
 * et al., NeurIPS 2022). Null fields are off.
 *
 * @param context labelled rows in the prompt, in training and when asked; null for none
 * @param fineTuning false to train nothing, so that the base model answers from context alone; null
 *     is true
 * @param balance whether rows are read so that each label is read equally often
 * @param mixup share of the rows read that are mixtures of two: each number lies between theirs,
 *     each word is one of theirs; the completion is either's by the mixture's weight or, for
 *     regression, between theirs
 * @param noise standard deviation of Gaussian noise on the numbers of a row each time it is read,
 *     in standard deviations of the column
 * @param shuffleColumns whether the columns of a row stand in another order each time it is read in
 *     training; a row that is asked has its own order
 * @param twoStage whether generated tasks in the task's columns are trained before its own rows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Method(
    ContextPolicy context,
    Boolean fineTuning,
    Boolean balance,
    Double mixup,
    Double noise,
    Boolean shuffleColumns,
    Boolean twoStage) {
  /** Fine-tuning on the rows as they are. */
  public static final Method PLAIN = new Method(null, null, null, null, null, null, null);

  /** Whether anything is trained. */
  public boolean trains() {
    return !Boolean.FALSE.equals(fineTuning);
  }

  /** Whether each label is read equally often. */
  public boolean balances() {
    return Boolean.TRUE.equals(balance);
  }

  /** Whether columns change places. */
  public boolean shuffles() {
    return Boolean.TRUE.equals(shuffleColumns);
  }

  /** Whether generated tasks come first. */
  public boolean pretends() {
    return Boolean.TRUE.equals(twoStage);
  }

  /** Whether a row may read otherwise each time, its context aside. */
  public boolean varies() {
    return mixup != null || noise != null || shuffles();
  }
}
