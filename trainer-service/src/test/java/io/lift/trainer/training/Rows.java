package io.lift.trainer.training;

import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.Column;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import io.lift.core.task.TrainingPolicy;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A task that a child could learn (is the number small or large?) and its prompts. */
public final class Rows {
  /** So many rows differ; the others repeat them. */
  public static final int DISTINCT = 100;

  private static final Topics TOPICS = Topics.of("");

  private Rows() {}

  public static TaskSpec task(
      String name, int version, TemplateSpec template, TrainingPolicy policy) {
    return new TaskSpec(
        name,
        version,
        TaskType.CLASSIFICATION,
        List.of(Column.number("size", new NumberStats(100, 50, 30, 0, 100, 0))),
        Column.category("kind", List.of("small", "large")),
        template,
        null,
        null,
        null,
        policy);
  }

  public static TaskSpec task(String name, TrainingPolicy policy) {
    return task(name, 1, TemplateSpec.named(), policy);
  }

  /** Rounds of a few steps that start with {@code rows} rows. */
  public static TrainingPolicy rounds(int rows) {
    return TrainingPolicy.builder()
        .window(0)
        .firstRound(rows)
        .roundRows(rows)
        .roundSeconds(0.2)
        .epochs(1.0)
        .maxSteps(4)
        .members(1)
        .seed(7L)
        .build();
  }

  public static Example example(TaskSpec task, int number) {
    PromptMessage prompt = prompt(task, number);
    return new Example(new Prompt(prompt.prompt(), prompt.grid()), prompt.completion());
  }

  public static PromptMessage prompt(TaskSpec task, int number) {
    PromptMessage same = Sentences.of(task).prompts().get(number % DISTINCT);
    return new PromptMessage(
        same.task(),
        same.taskVersion(),
        "row-" + number,
        same.prompt(),
        same.grid(),
        same.completion(),
        same.label(),
        new Origin("lift.rows", 0, number, 0));
  }

  /** What the rows of a task have in common; made once, because tests send many rows. */
  private record Sentences(String language, List<PromptMessage> prompts) {
    private static final Map<TaskSpec, Sentences> MADE = new ConcurrentHashMap<>();

    static Sentences of(TaskSpec task) {
      return MADE.computeIfAbsent(task, Sentences::make);
    }

    private static Sentences make(TaskSpec task) {
      TaskLanguage language = new TaskLanguage(task);
      RowParser parser = new RowParser(task);
      return new Sentences(
          language.hash(),
          IntStream.range(0, DISTINCT)
              .mapToObj(row -> prompt(task, language, parser, row))
              .toList());
    }

    private static PromptMessage prompt(
        TaskSpec task, TaskLanguage language, RowParser parser, int row) {
      try {
        Prompt prompt =
            language.prompt(parser.parse(HeaderValues.bytes("{\"size\":%d}".formatted(row))));
        String label = row < DISTINCT / 2 ? "small" : "large";
        return new PromptMessage(
            task.name(),
            task.version(),
            null,
            prompt.text(),
            prompt.grid(),
            language.completion(label),
            label,
            null);
      } catch (RowRejectedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The record that the serializer would write. */
  public static ProducerRecord<byte[], byte[]> record(TaskSpec task, int number) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            TOPICS.prompts().name(),
            HeaderValues.bytes(task.name()),
            Json.write(prompt(task, number)));
    HeaderValues.add(record.headers(), Headers.LANGUAGE, Sentences.of(task).language());
    return record;
  }
}
