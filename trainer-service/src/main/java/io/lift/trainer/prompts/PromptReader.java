package io.lift.trainer.prompts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.NumberParser;
import io.lift.core.row.RejectReason;
import io.lift.messages.DeadLetters;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topics;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads records of {@code lift.prompts}. The serializer writes none that this rejects, but other
 * clients may write to the topic too.
 */
public final class PromptReader {
  private PromptReader() {}

  /** The partition of a task's prompts: Kafka's default for its key. */
  public static int partition(String task, int partitions) {
    return Utils.toPositive(Utils.murmur2(task.getBytes(UTF_8))) % partitions;
  }

  /**
   * @param partitions how many partitions the topic has
   * @throws PromptRejectedException if the record is not a prompt of the task that its key names,
   *     or is not on the partition of that task
   */
  public static PromptMessage read(ConsumerRecord<byte[], byte[]> record, int partitions)
      throws PromptRejectedException {
    if (record.key() == null) {
      throw new PromptRejectedException(RejectReason.NULL_KEY, null, "the key must be the task");
    }
    if (record.value() == null) {
      throw new PromptRejectedException(
          RejectReason.NULL_VALUE, null, "a prompt must have a value");
    }
    String size = HeaderValues.string(record.headers(), DeadLetters.READ_SIZE);
    if (size != null) {
      throw new PromptRejectedException(
          RejectReason.TOO_LARGE,
          null,
          "a prompt of %s bytes, where %d are the most".formatted(size, Topics.MAX_RECORD_BYTES));
    }
    PromptMessage prompt;
    try {
      prompt = Json.read(record.value(), PromptMessage.class);
    } catch (UncheckedIOException e) {
      throw new PromptRejectedException(
          RejectReason.INVALID_JSON, null, "not a prompt message in JSON");
    }
    if (prompt == null) {
      throw new PromptRejectedException(
          RejectReason.NOT_AN_OBJECT, null, "a prompt must be a JSON object");
    }
    String key = new String(record.key(), UTF_8);
    if (!key.equals(prompt.task())) {
      throw wrong("task", "key '" + key + "' and task '" + prompt.task() + "' differ");
    }
    if (record.partition() != partition(key, partitions)) {
      throw new PromptRejectedException(
          RejectReason.WRONG_PARTITION,
          null,
          "prompts of task '" + key + "' belong on partition " + partition(key, partitions));
    }
    if (prompt.prompt() == null || !prompt.prompt().endsWith(TaskLanguage.END_OF_PROMPT)) {
      throw wrong("prompt", "must end with " + TaskLanguage.END_OF_PROMPT);
    }
    if (prompt.completion() == null
        || !prompt.completion().endsWith(TaskLanguage.END_OF_COMPLETION)) {
      throw wrong("completion", "must end with " + TaskLanguage.END_OF_COMPLETION);
    }
    int[] grid = prompt.grid() == null ? new int[0] : prompt.grid();
    if (!spans(grid, prompt.prompt().length())) {
      throw wrong("grid", "must be ascending start and end offsets within the prompt");
    }
    return prompt;
  }

  /**
   * What the model learns from a prompt.
   *
   * @throws PromptRejectedException if the language has no such completion
   */
  public static Example example(PromptMessage prompt, TaskLanguage language)
      throws PromptRejectedException {
    String completion = prompt.completion();
    String answer =
        completion.substring(0, completion.length() - TaskLanguage.END_OF_COMPLETION.length());
    if (!language.candidates().contains(answer)) {
      throw new PromptRejectedException(
          RejectReason.UNKNOWN_LABEL,
          "completion",
          "'" + answer + "' is no answer of task '" + prompt.task() + "'");
    }
    Prompt own = prompt.asPrompt();
    return new Example(own, prompt.point() == null ? completion : joined(prompt, own, language));
  }

  /** The completion of a label that came apart from its row, with the row's linear part. */
  private static String joined(PromptMessage message, Prompt prompt, TaskLanguage language)
      throws PromptRejectedException {
    Double target = message.label() == null ? null : NumberParser.parse(message.label());
    if (target == null || !Double.isFinite(target) || language.targetGrid() == null) {
      throw wrong("label", "must be a number of a regression where there is a linear part");
    }
    return language.completion(prompt, target);
  }

  /** The rejection of a prompt whose task is not on {@code lift.tasks}. */
  public static PromptRejectedException unknownTask(String task) {
    return new PromptRejectedException(
        RejectReason.UNKNOWN_TASK, null, "there is no task '" + task + "' on lift.tasks");
  }

  private static boolean spans(int[] grid, int length) {
    int last = 0;
    for (int offset : grid) {
      if (offset < last || offset > length) {
        return false;
      }
      last = offset;
    }
    return grid.length % 2 == 0;
  }

  private static PromptRejectedException wrong(String field, String message) {
    return new PromptRejectedException(RejectReason.WRONG_TYPE, field, field + ": " + message);
  }
}
