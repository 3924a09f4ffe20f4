package io.lift.serializer.drafts;

import io.lift.core.row.RowRejectedException;
import io.lift.core.table.TaskInference;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicSample;
import io.lift.messages.TaskDraft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Infers the task of a draft from the first rows of its topic. */
final class DraftInference {
  private final KafkaConnection kafka;
  private final int defaultRows;

  /**
   * @param kafka where the topics are
   * @param defaultRows how many rows to infer from if a draft does not say
   */
  DraftInference(KafkaConnection kafka, int defaultRows) {
    this.kafka = kafka;
    this.defaultRows = defaultRows;
  }

  /**
   * Infers a task with the draft's name and its topic as the only source.
   *
   * @return empty as long as the topic has too few rows
   * @throws IllegalArgumentException if no task can be inferred; the message is one sentence
   */
  Optional<TaskSpec> infer(String name, TaskDraft draft) {
    if (draft.topic() == null
        || kafka.topics().all().stream().anyMatch(own -> own.name().equals(draft.topic()))) {
      throw new IllegalArgumentException(
          "a task is inferred from a topic of your own, not from " + draft.topic());
    }
    int enough = draft.rows() == null ? defaultRows : Math.max(1, draft.rows());
    List<ConsumerRecord<byte[], byte[]>> sample =
        TopicSample.read(kafka.settings(), draft.topic(), enough);
    return sample.size() < enough
        ? Optional.empty()
        : Optional.of(completed(draft, inferred(name, draft, sample)));
  }

  private static TaskSpec inferred(
      String name, TaskDraft draft, List<ConsumerRecord<byte[], byte[]>> sample) {
    TaskInference inference = new TaskInference();
    for (ConsumerRecord<byte[], byte[]> record : sample) {
      try {
        if (record.value() != null) {
          inference.add(record.value());
        }
      } catch (RowRejectedException e) {
        // it becomes a dead letter once the task exists
      }
    }
    List<String> without = draft.without() == null ? List.of() : draft.without();
    return inference.infer(name, draft.target(), draft.type(), Map.of(), without).task();
  }

  /** The task with what the draft says besides the columns. */
  private static TaskSpec completed(TaskDraft draft, TaskSpec task) {
    String start = draft.start() == null ? Source.EARLIEST : draft.start();
    Source source = Source.read(draft.topic(), start, System.currentTimeMillis());
    TaskSpec.Builder builder =
        task.toBuilder().sources(List.of(source)).calibration(draft.calibration());
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
