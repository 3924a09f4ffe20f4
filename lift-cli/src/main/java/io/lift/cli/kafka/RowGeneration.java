package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.cli.base.StallDetector;
import io.lift.cli.term.ProgressBar;
import io.lift.core.row.CategoryWords;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/** Requests generated rows of one task and waits for them. Not thread-safe. */
public final class RowGeneration implements AutoCloseable {
  /** Most rows of one request; larger samples take several requests. */
  private static final int PIECE = 250;

  private final String topic;
  private final String task;
  private final TopicTail<GeneratedMessage> generated;
  private final TopicTail<byte[]> rejected;
  private final KafkaProducer<String, byte[]> producer;
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  /** By request, in the order of the requests: the rows that have come, in theirs. */
  private final Map<String, List<GeneratedMessage>> pieces = new TreeMap<>();

  private int open; // requests whose rows have not all come

  /**
   * What came.
   *
   * @param rows values by column, the target among them, in the order of the requests
   * @param rejectedDrafts drafts that were no rows of the task
   * @param reason why there are fewer than were requested; null if all came
   */
  public record Outcome(List<Map<String, Object>> rows, int rejectedDrafts, String reason) {

    /**
     * @throws CliException if there are fewer rows; the message says why
     */
    public void require(int wanted) {
      if (rows.size() < wanted) {
        throw new CliException(
            "%,d of %,d rows were generated: %s.",
            rows.size(),
            wanted,
            reason == null
                ? "%,d drafts were no rows of the task".formatted(rejectedDrafts)
                : reason);
      }
    }
  }

  public RowGeneration(ConnectionSettings kafka, String task) {
    this.topic = kafka.topics().generate().name();
    this.task = task;
    KafkaAccess.open(
        kafka.client(), List.of(), List.of(RequiredAcl.write(kafka.topics().generate())));
    generated = TopicTail.generated(kafka, task);
    rejected = TopicTail.deadLetters(kafka, task);
    producer = new KafkaProducer<>(kafka.client(), new StringSerializer(), RowSender.bytes());
  }

  /**
   * Requests rows.
   *
   * @param given values that each is to have, by column
   */
  public void request(int rows, Map<String, Object> given, double temperature, long seed)
      throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int from = 0; from < rows; from += PIECE) {
      String id = "%s-%06d".formatted(run, pieces.size());
      int count = Math.min(PIECE, rows - from);
      GenerateMessage request =
          new GenerateMessage(id, task, count, given, temperature, seed + from);
      pieces.put(id, List.of());
      open++;
      sent.add(producer.send(new ProducerRecord<>(topic, id, Json.write(request))));
    }
    try {
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  /**
   * Waits for all requested rows.
   *
   * @param limit ends the wait when no row has come for this time
   */
  public Outcome collect(Duration limit, ProgressBar bar) {
    StallDetector stall = new StallDetector(limit);
    String reason = null;
    int received = 0;
    int rejectedDrafts = 0;
    while (open > 0 && reason == null) {
      for (var came : generated.poll(Duration.ofMillis(50))) {
        GeneratedMessage row = came.value();
        if (pieces.containsKey(row.id())) {
          received++;
          rejectedDrafts += row.number() == 1 ? row.rejected() : 0;
          take(row);
        }
      }
      for (var letter : rejected.poll(Duration.ZERO)) {
        if (pieces.containsKey(letter.key())) {
          reason = letter.headers().get(Headers.ERROR_MESSAGE);
        }
      }
      if (stall.reached(received)) {
        reason = "no more came within %d s; see 'lift status'".formatted(limit.toSeconds());
      }
      bar.set(received);
    }
    return new Outcome(
        pieces.values().stream().flatMap(List::stream).map(GeneratedMessage::row).toList(),
        rejectedDrafts,
        reason);
  }

  /** Those of a request are of one partition and one transaction: they come in order. */
  private void take(GeneratedMessage row) {
    if (row.number() == 1) {
      pieces.put(row.id(), new ArrayList<>());
    }
    pieces.get(row.id()).add(row);
    open -= row.number() == row.rows() ? 1 : 0;
  }

  /** A value as tables have it; empty for none. */
  public static String cell(Object value) {
    return value instanceof Number
        ? CategoryWords.canonical(value.toString())
        : value == null ? "" : value.toString();
  }

  @Override
  public void close() {
    producer.close();
    generated.close();
    rejected.close();
  }
}
