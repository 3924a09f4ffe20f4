package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Everything that turns rows of one table into prompts and answers: published on {@code lift.tasks}
 * and never changed under the same version.
 *
 * @param name letters, digits, {@code . _ -}, at most 100 characters; the key of every message of
 *     the task
 * @param version 1 for a new task, then rising
 * @param type classification or regression
 * @param features the columns of a prompt, in rendering order
 * @param target the column to predict: a category column for classification (its categories are the
 *     labels), a number column for regression
 * @param template the sentence
 * @param numbers how the feature numbers are written
 * @param sources Kafka topics whose rows belong to this task, besides {@code lift.rows}
 * @param beforeFirstCheckpoint what an early request meets
 * @param training when and how much to train
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TaskSpec(
    String name,
    int version,
    TaskType type,
    List<Column> features,
    Column target,
    TemplateSpec template,
    NumberFormat numbers,
    List<String> sources,
    BeforeFirstCheckpoint beforeFirstCheckpoint,
    TrainingPolicy training) {

  public TaskSpec {
    features = features == null ? List.of() : List.copyOf(features);
    template = template == null ? TemplateSpec.paper() : template;
    numbers = numbers == null ? NumberFormat.grid() : numbers;
    sources = sources == null ? List.of() : List.copyOf(sources);
    beforeFirstCheckpoint =
        beforeFirstCheckpoint == null ? BeforeFirstCheckpoint.BASE : beforeFirstCheckpoint;
    training = training == null ? TrainingPolicy.defaults() : training;
  }

  /** The labels of a classification task, in order; empty for regression. */
  @JsonIgnore
  public List<String> labels() {
    return type == TaskType.CLASSIFICATION ? target.categories() : List.of();
  }
}
