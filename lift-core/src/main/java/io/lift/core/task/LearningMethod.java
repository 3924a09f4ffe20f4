package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a task is learnt, beyond plain fine-tuning on its rows: the variants of the LIFT paper (Dinh
 * et al., NeurIPS 2022). What is null is as in plain fine-tuning.
 *
 * @param context labelled rows in the prompt, in training and when asked; null for none
 * @param fineTuning false to train nothing, so that the base model answers from context alone, or
 *     the pretrained one beside it; null is true
 * @param balance whether rows are read so that each label is read equally often
 * @param mixup share of the rows read that are mixtures of two: each number lies between theirs,
 *     each word is one of theirs; the completion is either's by the mixture's weight or, for
 *     regression, between theirs
 * @param noise standard deviation of Gaussian noise on the numbers of a row each time it is read,
 *     in standard deviations of the column
 * @param shuffleColumns whether the columns of a row stand in another order each time it is read in
 *     training; a row that is asked has its own order
 * @param twoStage whether generated tasks in the task's columns are trained before its own rows
 * @param pretrained false to leave out the pretrained model that a committee hears beside those
 *     that it trains; null is true
 * @param generate whether questions about any column of a row are learnt beside its answer, so that
 *     rows can be sampled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LearningMethod(
    ContextPolicy context,
    Boolean fineTuning,
    Boolean balance,
    Double mixup,
    Double noise,
    Boolean shuffleColumns,
    Boolean twoStage,
    Boolean pretrained,
    Boolean generate) {
  /** Fine-tuning on the rows as they are. */
  public static final LearningMethod PLAIN = builder().build();

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

  /** Whether the pretrained model is heard, where the task is one for it. */
  public boolean hearsPretrained() {
    return !Boolean.FALSE.equals(pretrained);
  }

  /** Whether rows can be sampled from what is learnt. */
  public boolean generates() {
    return Boolean.TRUE.equals(generate);
  }

  /** The same with questions about columns, so that rows can be sampled. */
  public LearningMethod generating() {
    return new LearningMethod(
        context, fineTuning, balance, mixup, noise, shuffleColumns, twoStage, pretrained, true);
  }

  /** Whether a row may read otherwise each time, its context aside. */
  public boolean varies() {
    return mixup != null || noise != null || shuffles();
  }

  /** A builder of plain fine-tuning, but for what is set. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes a method; what is not set, or set to null, is as in plain fine-tuning. Not thread-safe.
   */
  public static final class Builder {
    private ContextPolicy context;
    private Boolean fineTuning;
    private Boolean balance;
    private Double mixup;
    private Double noise;
    private Boolean shuffleColumns;
    private Boolean twoStage;
    private Boolean pretrained;
    private Boolean generate;

    private Builder() {}

    public Builder context(ContextPolicy rows) {
      context = rows;
      return this;
    }

    public Builder fineTuning(Boolean trains) {
      fineTuning = trains;
      return this;
    }

    public Builder balance(Boolean balances) {
      balance = balances;
      return this;
    }

    public Builder mixup(Double share) {
      mixup = share;
      return this;
    }

    public Builder noise(Double deviations) {
      noise = deviations;
      return this;
    }

    public Builder shuffleColumns(Boolean shuffles) {
      shuffleColumns = shuffles;
      return this;
    }

    public Builder twoStage(Boolean pretends) {
      twoStage = pretends;
      return this;
    }

    public Builder pretrained(Boolean heard) {
      pretrained = heard;
      return this;
    }

    public Builder generate(Boolean generates) {
      generate = generates;
      return this;
    }

    public LearningMethod build() {
      return new LearningMethod(
          context,
          fineTuning,
          balance,
          mixup,
          noise,
          shuffleColumns,
          twoStage,
          pretrained,
          generate);
    }
  }
}
