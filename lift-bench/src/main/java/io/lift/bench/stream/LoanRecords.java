package io.lift.bench.stream;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Loan rows of one task, as the records that a client or the serializer would send. */
public final class LoanRecords {
  private final LoanExamples loans;
  private final TaskSpec task;
  private final String source; // the topic that the rows are said to come from

  private LoanRecords(LoanExamples loans, String source) {
    this.loans = loans;
    this.source = source;
    this.task = loans.task();
  }

  /** Publishes the task and waits until it can be read. */
  public static LoanRecords publish(ConnectionSettings kafka, String name)
      throws InterruptedException {
    LoanExamples loans = new LoanExamples(name);
    try (TaskRegistry registry = new TaskRegistry(kafka)) {
      registry.create(loans.task());
    }
    return new LoanRecords(loans, kafka.topics().rows().name());
  }

  /** The next row, with its target. */
  public byte[] row() {
    return loans.row();
  }

  /** Labelled rows for {@code lift.rows}. */
  public List<ProducerRecord<String, byte[]>> rows(int count, String topic) {
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "r" + n, row());
              record.headers().add(Headers.TASK, task.name().getBytes(StandardCharsets.UTF_8));
              return record;
            })
        .toList();
  }

  /** Rendered requests for {@code lift.requests}, under ids never used before. */
  public List<ProducerRecord<String, byte[]>> requests(int count, String topic) {
    String run = UUID.randomUUID().toString();
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              String id = run + "-" + n;
              Prompt prompt = loans.example().prompt();
              RequestMessage request =
                  new RequestMessage(
                      task.name(),
                      task.version(),
                      id,
                      prompt.text(),
                      prompt.grid(),
                      new Origin(source, 0, n, System.currentTimeMillis()));
              return new ProducerRecord<>(topic, id, Json.write(request));
            })
        .toList();
  }

  /** Bytes of a typical prompt record. */
  public int promptBytes() {
    Prompt prompt = loans.example().prompt();
    return Json.write(
            new PromptMessage(
                task.name(),
                task.version(),
                "r10000",
                prompt.text(),
                prompt.grid(),
                task.labels().get(0) + TaskLanguage.END_OF_COMPLETION,
                task.labels().get(0),
                new Origin(source, 0, 10_000, System.currentTimeMillis())))
        .length;
  }

  /** The same records for another topic. */
  public static List<ProducerRecord<String, byte[]>> to(
      String topic, List<ProducerRecord<String, byte[]>> records) {
    return records.stream()
        .map(r -> new ProducerRecord<>(topic, null, (Long) null, r.key(), r.value(), r.headers()))
        .toList();
  }
}
