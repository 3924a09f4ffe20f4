package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * Everything that turns rows of one table into prompts and answers. It is published on {@code
 * lift.tasks} and never changes under the same version.
 *
 * @param name letters, digits, {@code . _ -}, at most 100 characters; the key of every message of
 *     the task
 * @param version 1 for a new task; every change increments it
 * @param type classification or regression
 * @param features the columns of a prompt, in rendering order
 * @param target the column to predict: a category column for classification (its categories are the
 *     labels), a number column for regression
 * @param template the sentence
 * @param numbers the notation of the features' numbers
 * @param sources Kafka topics whose rows belong to this task, besides {@code lift.rows}
 * @param beforeFirstCheckpoint what happens to requests before the first checkpoint
 * @param training when and how much to train
 * @param calibration coverage of label sets and intervals, and abstention
 * @param keys what the keys of its rows are
 * @param minColumns share of the features that a row must name, 0..1; null for {@link
 *     #DEFAULT_MIN_COLUMNS}
 * @param extrapolation regression: how answers go on beyond the rows that the task was made from;
 *     otherwise null
 * @param labelTexts what labels mean, by label; a label that is missing stands for itself
 * @param sink where predictions also go; null for {@code lift.predictions} alone
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
    List<Source> sources,
    BeforeFirstCheckpoint beforeFirstCheckpoint,
    TrainingPolicy training,
    CalibrationPolicy calibration,
    KeyType keys,
    Double minColumns,
    Extrapolation extrapolation,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labelTexts,
    Sink sink) {
  /** A row that names fewer of the features is probably not a row of the task. */
  public static final double DEFAULT_MIN_COLUMNS = 0.25;

  public TaskSpec {
    features = features == null ? List.of() : List.copyOf(features);
    template = template == null ? TemplateSpec.paper() : template;
    numbers = numbers == null ? NumberFormat.grid() : numbers;
    sources = sources == null ? List.of() : List.copyOf(sources);
    beforeFirstCheckpoint =
        beforeFirstCheckpoint == null ? BeforeFirstCheckpoint.BASE : beforeFirstCheckpoint;
    training = training == null ? TrainingPolicy.defaults() : training;
    calibration = calibration == null ? CalibrationPolicy.defaults() : calibration;
    keys = keys == null ? KeyType.TEXT : keys;
    labelTexts = labelTexts == null ? Map.of() : Map.copyOf(labelTexts);
  }

  /** A task with the default calibration, whose keys are text. */
  public TaskSpec(
      String name,
      int version,
      TaskType type,
      List<Column> features,
      Column target,
      TemplateSpec template,
      NumberFormat numbers,
      List<Source> sources,
      BeforeFirstCheckpoint beforeFirstCheckpoint,
      TrainingPolicy training) {
    this(
        name,
        version,
        type,
        features,
        target,
        template,
        numbers,
        sources,
        beforeFirstCheckpoint,
        training,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The share of the features that a row must name. */
  @JsonIgnore
  public double leastColumns() {
    return minColumns == null ? DEFAULT_MIN_COLUMNS : minColumns;
  }

  /** The linear part of a regression that is followed; null if there is none. */
  @JsonIgnore
  public Extrapolation trend() {
    // a generated row's target is asked before its features are known
    boolean follows = extrapolation != null && extrapolation.follows();
    return follows && !training.methodOrPlain().generates() ? extrapolation : null;
  }

  /** The labels of a classification task, in order; empty for regression. */
  @JsonIgnore
  public List<String> labels() {
    return type == TaskType.CLASSIFICATION ? target.categories() : List.of();
  }

  /** The names of the text columns, in order. */
  @JsonIgnore
  public List<String> textColumns() {
    return features.stream()
        .filter(column -> column.type() == ColumnType.TEXT)
        .map(Column::name)
        .toList();
  }

  /** A builder that starts from this task. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Builds a task that differs from another in the fields that are set. Not thread-safe. */
  public static final class Builder {
    private final TaskSpec base;
    private int version;
    private Column target;
    private TemplateSpec template;
    private NumberFormat numbers;
    private List<Source> sources;
    private BeforeFirstCheckpoint beforeFirstCheckpoint;
    private TrainingPolicy training;
    private CalibrationPolicy calibration;
    private KeyType keys;
    private Double minColumns;
    private Extrapolation extrapolation;
    private Map<String, String> labelTexts;
    private Sink sink;

    private Builder(TaskSpec base) {
      this.base = base;
      version = base.version;
      target = base.target;
      template = base.template;
      numbers = base.numbers;
      sources = base.sources;
      beforeFirstCheckpoint = base.beforeFirstCheckpoint;
      training = base.training;
      calibration = base.calibration;
      keys = base.keys;
      minColumns = base.minColumns;
      extrapolation = base.extrapolation;
      labelTexts = base.labelTexts;
      sink = base.sink;
    }

    public Builder version(int newVersion) {
      version = newVersion;
      return this;
    }

    public Builder target(Column newTarget) {
      target = newTarget;
      return this;
    }

    public Builder template(TemplateSpec newTemplate) {
      template = newTemplate;
      return this;
    }

    public Builder numbers(NumberFormat newNumbers) {
      numbers = newNumbers;
      return this;
    }

    public Builder sources(List<Source> newSources) {
      sources = newSources;
      return this;
    }

    public Builder beforeFirstCheckpoint(BeforeFirstCheckpoint newBehaviour) {
      beforeFirstCheckpoint = newBehaviour;
      return this;
    }

    public Builder training(TrainingPolicy newTraining) {
      training = newTraining;
      return this;
    }

    public Builder calibration(CalibrationPolicy newCalibration) {
      calibration = newCalibration;
      return this;
    }

    public Builder keys(KeyType newKeys) {
      keys = newKeys;
      return this;
    }

    public Builder minColumns(Double share) {
      minColumns = share;
      return this;
    }

    public Builder extrapolation(Extrapolation newExtrapolation) {
      extrapolation = newExtrapolation;
      return this;
    }

    public Builder labelTexts(Map<String, String> texts) {
      labelTexts = texts;
      return this;
    }

    public Builder sink(Sink newSink) {
      sink = newSink;
      return this;
    }

    public TaskSpec build() {
      return new TaskSpec(
          base.name,
          version,
          base.type,
          base.features,
          target,
          template,
          numbers,
          sources,
          beforeFirstCheckpoint,
          training,
          calibration,
          keys,
          minColumns,
          extrapolation,
          labelTexts,
          sink);
    }
  }
}
