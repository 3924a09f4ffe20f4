package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The variant of the LIFT method that a task uses (Dinh et al., LIFT: Language-Interfaced
 * Fine-Tuning for Non-Language Machine Learning Tasks, NeurIPS 2022). A null field means plain
 * fine-tuning on the task's rows.
 *
 * @param context labelled rows in the prompt, in training and in inference; null for none
 * @param fineTuning false to train nothing: the base model, or the pretrained in-context model,
 *     answers from context alone; null is true
 * @param balance whether rows are sampled so that each label occurs equally often
 * @param mixup share of the training rows that are mixtures of two rows. Each number is
 *     interpolated and each word is drawn from either row. A label is drawn by the mixture's
 *     weight; a regression target is interpolated
 * @param noise standard deviation of Gaussian noise that is added to the numbers of a training row,
 *     in standard deviations of the column
 * @param shuffleColumns whether the columns of a training row are put in a random order; query rows
 *     keep the order of the task
 * @param twoStage whether synthetic tasks with the task's columns are trained before its own rows
 * @param pretrained false to leave the pretrained in-context model out of the ensemble; null is
 *     true
 * @param generate whether questions about single columns are trained too, so that rows can be
 *     generated
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

  /** Whether each label occurs equally often in training. */
  public boolean balances() {
    return Boolean.TRUE.equals(balance);
  }

  /** Whether the columns of training rows are shuffled. */
  public boolean shuffles() {
    return Boolean.TRUE.equals(shuffleColumns);
  }

  /** Whether synthetic tasks are trained first. */
  public boolean usesTwoStages() {
    return Boolean.TRUE.equals(twoStage);
  }

  /** Whether the pretrained in-context model may join the ensemble. */
  public boolean usesPretrained() {
    return !Boolean.FALSE.equals(pretrained);
  }

  /** Whether the task learns to generate rows. */
  public boolean generates() {
    return Boolean.TRUE.equals(generate);
  }

  /** This method, and learning to generate rows. */
  public LearningMethod generating() {
    return new LearningMethod(
        context, fineTuning, balance, mixup, noise, shuffleColumns, twoStage, pretrained, true);
  }

  /** Whether training rows are augmented: mixup, noise or shuffled columns. */
  public boolean augments() {
    return mixup != null || noise != null || shuffles();
  }

  /** A builder that starts from plain fine-tuning. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a method. A field that is not set, or set to null, means plain fine-tuning. */
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

    public Builder twoStage(Boolean syntheticTasksFirst) {
      twoStage = syntheticTasksFirst;
      return this;
    }

    public Builder pretrained(Boolean used) {
      pretrained = used;
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
