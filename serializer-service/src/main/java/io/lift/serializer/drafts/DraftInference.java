package io.lift.serializer.drafts;

import io.lift.core.table.FieldType;
import io.lift.core.table.TaskInference;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicSample;
import io.lift.messages.TaskDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Infers the task of a draft from the first rows of its topic. */
final class DraftInference {
  private final KafkaConnection kafka;
  private final SchemaRegistry registry;
  private final int defaultRows;

  /**
   * @param kafka where the topics are
   * @param registry where their schemas are
   * @param defaultRows how many rows to infer from if a draft does not say
   */
  DraftInference(KafkaConnection kafka, SchemaRegistry registry, int defaultRows) {
    this.kafka = kafka;
    this.registry = registry;
    this.defaultRows = defaultRows;
  }

  /**
   * What became of a draft.
   *
   * @param task the task; null while the topic has too few rows
   * @param remarks what the user should know about the task, one sentence each
   * @param waiting what is missing, in one sentence; null if there is a task
   */
  record Result(TaskSpec task, List<String> remarks, String waiting) {
    static Result waits(String what) {
      return new Result(null, null, what);
    }
  }

  /**
   * Infers a task with the draft's name and its topic as the only source.
   *
   * @throws IllegalArgumentException if no task can be inferred; the message is one sentence
   */
  Result infer(String name, TaskDraft draft) {
    if (draft.topic() == null
        || kafka.topics().all().stream().anyMatch(own -> own.name().equals(draft.topic()))) {
      throw new IllegalArgumentException(
          "a task is inferred from a topic of your own, not from " + draft.topic());
    }
    if (!TopicSample.exists(kafka.settings(), draft.topic())) {
      return Result.waits("There is no topic " + draft.topic() + ".");
    }
    int enough = draft.rows() == null ? defaultRows : Math.max(1, draft.rows());
    SampleRows rows;
    try {
      rows = SampleRows.read(kafka.settings(), registry, draft, enough);
    } catch (SchemaUnavailableException e) {
      return Result.waits(e.getMessage() + ".");
    }
    if (rows.count() < enough && !rows.all()) {
      return Result.waits(
          "Topic %s has %d of the %d rows that the task is inferred from."
              .formatted(draft.topic(), rows.count(), enough));
    }
    TaskInference.Inferred inferred = inferred(name, draft, rows);
    List<String> remarks = new ArrayList<>(rows.remarks());
    remarks.addAll(inferred.remarks());
    if (!inferred.identifiers().isEmpty()) {
      remarks.add("Leave out with: --without " + String.join(",", inferred.identifiers()));
    }
    return new Result(completed(draft, rows.source(), inferred.task()), remarks, null);
  }

  private static TaskInference.Inferred inferred(String name, TaskDraft draft, SampleRows rows) {
    TaskInference inference = new TaskInference();
    inference.declare(rows.fields());
    rows.values().forEach(inference::add);
    if (inference.rows() == 0 && rows.refused() != null) {
      throw new IllegalArgumentException(
          "none of its records is a row. The first one: " + rows.refused());
    }
    Map<String, FieldType> columns = draft.columns() == null ? Map.of() : draft.columns();
    return inference.infer(name, draft.target(), draft.type(), columns);
  }

  /** The task with what the draft says besides the columns. */
  private static TaskSpec completed(TaskDraft draft, Source format, TaskSpec task) {
    String start = draft.start() == null ? Source.EARLIEST : draft.start();
    Source source = Source.read(draft.topic(), start, System.currentTimeMillis()).as(format);
    TaskSpec.Builder builder =
        task.toBuilder()
            .sources(List.of(source))
            .keys(draft.keys())
            .minColumns(draft.minColumns())
            .calibration(draft.calibration());
    if (draft.template() != null) {
      builder.template(draft.template());
    }
    if (draft.numbers() != null) {
      builder.numbers(draft.numbers());
    }
    if (draft.training() != null) {
      builder.training(draft.training());
    }
    return TaskSpecs.validate(builder.build());
  }
}
