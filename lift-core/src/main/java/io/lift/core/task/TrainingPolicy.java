package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * When a round of fine-tuning starts and how much it trains. Null fields take the trainer's
 * default.
 *
 * @param window number of rows for rehearsal: the newest N of the task, or 0 for all in the log
 * @param firstRound rows needed before the first round
 * @param roundRows new rows that start a further round at once
 * @param roundSeconds seconds after which fewer new rows start a round too
 * @param epochs average number of times that a row is trained on
 * @param maxSteps upper bound of optimizer steps in one round
 * @param members number of models in the ensemble, whose probabilities are averaged; null for as
 *     many as the budget allows
 * @param budget millions of tokens that the first round may read per 1,000 rows (rounded up);
 *     limits the size of the ensemble
 * @param seed seed of every random choice
 * @param batch rows per optimizer step
 * @param learningRate peak learning rate of the optimizer
 * @param lora the low-rank adapters, if the trainer's base model is trained through adapters; null
 *     for the trainer's defaults
 * @param method the variant of the LIFT method; null for plain fine-tuning
 * @param duplicates what a row means whose id is in the window already; null for {@link
 *     DuplicatePolicy#LAST}
 * @param labelWait seconds for which a row without its label and a label without its row wait for
 *     each other, to become a training example; 0 to learn neither; null for {@link
 *     #DEFAULT_LABEL_WAIT}
 * @param priority weight of the task where tasks share a trainer: twice as much is twice the time;
 *     null for 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingPolicy(
    Integer window,
    Integer firstRound,
    Integer roundRows,
    Double roundSeconds,
    Double epochs,
    Integer maxSteps,
    Integer members,
    Double budget,
    Long seed,
    Integer batch,
    Double learningRate,
    LoraPolicy lora,
    LearningMethod method,
    DuplicatePolicy duplicates,
    Double labelWait,
    Double priority) {
  /** A day, in seconds. */
  public static final double DEFAULT_LABEL_WAIT = 24 * 60 * 60;

  /** The method of the policy, or plain fine-tuning. */
  public LearningMethod methodOrPlain() {
    return method == null ? LearningMethod.PLAIN : method;
  }

  /** Whether the last value of an id counts alone. */
  @JsonIgnore
  public boolean isDistinct() {
    return duplicates != DuplicatePolicy.ALL;
  }

  /** Milliseconds for which a row and its label wait for each other; 0 for not at all. */
  @JsonIgnore
  public long labelWaitMillis() {
    return Math.round(1000 * (labelWait == null ? DEFAULT_LABEL_WAIT : labelWait));
  }

  /** The weight of the task where tasks share a trainer. */
  public double priorityOrOne() {
    return priority == null ? 1 : priority;
  }

  /** The same without a priority, which says nothing about what is trained. */
  public TrainingPolicy withoutPriority() {
    return new TrainingPolicy(
        window,
        firstRound,
        roundRows,
        roundSeconds,
        epochs,
        maxSteps,
        members,
        budget,
        seed,
        batch,
        learningRate,
        lora,
        method,
        duplicates,
        labelWait,
        null);
  }

  /** A policy without any field set. */
  public static TrainingPolicy defaults() {
    return builder().build();
  }

  /** A builder without any field set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a policy. Fields that are not set are null. Not thread-safe. */
  public static final class Builder {
    private Integer window;
    private Integer firstRound;
    private Integer roundRows;
    private Double roundSeconds;
    private Double epochs;
    private Integer maxSteps;
    private Integer members;
    private Double budget;
    private Long seed;
    private Integer batch;
    private Double learningRate;
    private LoraPolicy lora;
    private LearningMethod method;
    private DuplicatePolicy duplicates;
    private Double labelWait;
    private Double priority;

    private Builder() {}

    public Builder window(Integer rows) {
      window = rows;
      return this;
    }

    public Builder firstRound(Integer rows) {
      firstRound = rows;
      return this;
    }

    public Builder roundRows(Integer rows) {
      roundRows = rows;
      return this;
    }

    public Builder roundSeconds(Double seconds) {
      roundSeconds = seconds;
      return this;
    }

    public Builder epochs(Double times) {
      epochs = times;
      return this;
    }

    public Builder maxSteps(Integer steps) {
      maxSteps = steps;
      return this;
    }

    public Builder members(Integer models) {
      members = models;
      return this;
    }

    public Builder budget(Double millionTokens) {
      budget = millionTokens;
      return this;
    }

    public Builder seed(Long newSeed) {
      seed = newSeed;
      return this;
    }

    public Builder batch(Integer rows) {
      batch = rows;
      return this;
    }

    public Builder learningRate(Double rate) {
      learningRate = rate;
      return this;
    }

    public Builder lora(LoraPolicy policy) {
      lora = policy;
      return this;
    }

    public Builder method(LearningMethod newMethod) {
      method = newMethod;
      return this;
    }

    public Builder duplicates(DuplicatePolicy policy) {
      duplicates = policy;
      return this;
    }

    public Builder labelWait(Double seconds) {
      labelWait = seconds;
      return this;
    }

    public Builder priority(Double weight) {
      priority = weight;
      return this;
    }

    public TrainingPolicy build() {
      return new TrainingPolicy(
          window,
          firstRound,
          roundRows,
          roundSeconds,
          epochs,
          maxSteps,
          members,
          budget,
          seed,
          batch,
          learningRate,
          lora,
          method,
          duplicates,
          labelWait,
          priority);
    }
  }
}
