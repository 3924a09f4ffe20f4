package io.lift.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.table.FieldType;
import io.lift.core.task.ArrayRule;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.KeyType;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.SourceFormat;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import java.util.List;
import java.util.Map;

/**
 * A request for a task, on {@code lift.tasks.drafts}. The serializer infers the task from the first
 * rows of a topic as soon as there are enough of them. It publishes the task on {@code lift.tasks}
 * with that topic as its source. The draft stays and says what became of it: it has an error, or
 * remarks, or says what it waits for.
 *
 * @param name the task's name; also the key
 * @param topic where the rows are
 * @param target the column to predict
 * @param type null to infer it from the target
 * @param rows how many rows to infer from; null for the serializer's default
 * @param columns types of columns that differ from the inferred ones; null for none
 * @param template the sentence; null for the default
 * @param numbers how numbers are written; null for the default
 * @param training when and how the task is trained; null for the trainer's defaults
 * @param calibration what the answers must fulfil; null for nothing
 * @param start where the task begins to read the topic, see {@link io.lift.core.task.Source#read};
 *     null for its first row
 * @param keys what the keys of the rows are; null for text
 * @param minColumns share of the features that a row must name; null for the default
 * @param format how the topic's records hold their rows; null to find out from them
 * @param key where the id of a row is, see {@link io.lift.core.task.Source#key}; null for the
 *     default
 * @param where conditions that a record must meet to be a row; null for none
 * @param arrays what becomes of arrays; null to refuse them
 * @param error why no task can be inferred, in one sentence; null until the serializer says so
 * @param waiting what the serializer waits for, in one sentence; null until it says so
 * @param remarks what the user should know about the task that was inferred, one sentence each;
 *     null until there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TaskDraft(
    String name,
    String topic,
    String target,
    TaskType type,
    Integer rows,
    Map<String, FieldType> columns,
    TemplateSpec template,
    NumberFormat numbers,
    TrainingPolicy training,
    CalibrationPolicy calibration,
    String start,
    KeyType keys,
    Double minColumns,
    SourceFormat format,
    String key,
    List<String> where,
    ArrayRule arrays,
    String error,
    String waiting,
    List<String> remarks) {

  /** A new draft with defaults for everything else. */
  public TaskDraft(String name, String topic, String target, TaskType type, Integer rows) {
    this(
        name, topic, target, type, rows, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null);
  }

  /** Whether the serializer is done with it. */
  @JsonIgnore
  public boolean isResolved() {
    return error != null || remarks != null;
  }

  /** The same draft with the reason why no task can be inferred. */
  public TaskDraft failed(String why) {
    return with(why, null, null);
  }

  /** The same draft with what the serializer waits for. */
  public TaskDraft waitingFor(String what) {
    return with(null, what, null);
  }

  /** The same draft with what the user should know about the task. */
  public TaskDraft inferred(List<String> newRemarks) {
    return with(null, null, newRemarks);
  }

  private TaskDraft with(String newError, String newWaiting, List<String> newRemarks) {
    return new TaskDraft(
        name,
        topic,
        target,
        type,
        rows,
        columns,
        template,
        numbers,
        training,
        calibration,
        start,
        keys,
        minColumns,
        format,
        key,
        where,
        arrays,
        newError,
        newWaiting,
        newRemarks);
  }
}
