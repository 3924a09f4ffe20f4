package io.lift.inference.generation;

import io.lift.core.row.RejectReason;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TransactionalLoop;
import io.lift.messages.DeadLetters;
import io.lift.messages.GenerateMessage;
import io.lift.messages.GeneratedMessage;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topics;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

/**
 * Requests for rows in, rows out, exactly once: all rows of a request and its offset are one
 * transaction, which begins when they have been sampled. What asks for something that cannot be
 * goes to the dead letters.
 */
public final class GenerationLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(GenerationLoop.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(30);

  /** Follows the loop, for meters. */
  public interface Observer {
    /** The rows of a request are committed. */
    void generated(String task, int rows, int rejected);

    /** A request has become a dead letter. */
    void rejected(RejectReason reason);
  }

  private final Topics topics;
  private final DeadLetters letters;
  private final RowGenerator generator;
  private final int most;
  private final Observer observer;
  private final TransactionalLoop loop;
  private final List<Runnable> uncounted = new ArrayList<>(); // of the batch under way

  /**
   * @param group consumer group of all replicas
   * @param instance this replica
   * @param kafka where the topics are
   * @param most rows of a request
   */
  public GenerationLoop(
      String group,
      String instance,
      KafkaConnection kafka,
      RowGenerator generator,
      int most,
      Observer observer) {
    this.topics = kafka.topics();
    this.letters = new DeadLetters(topics, "inference");
    this.generator = generator;
    this.most = most;
    this.observer = observer;
    Map<String, Object> consumer =
        Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            (int) LONGEST_REQUEST.toMillis());
    this.loop =
        new TransactionalLoop(
            new TransactionalLoop.Settings(group, instance, kafka.settings(), consumer, Map.of()),
            this::handle,
            new TransactionalLoop.Listener() {
              @Override
              public void committed(int records, int outputs, Duration took) {
                uncounted.forEach(Runnable::run);
              }
            });
    loop.subscribe(List.of(topics.generate().name()));
  }

  public void start() {
    loop.start();
  }

  /** Whether requests are being read. */
  public boolean started() {
    return loop.started();
  }

  private void handle(ConsumerRecords<byte[], byte[]> batch, TransactionalLoop.Output output)
      throws InterruptedException {
    uncounted.clear();
    List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      String task = null;
      try {
        GenerateMessage request = read(record);
        task = request.task();
        outputs.addAll(generate(record, request));
      } catch (GenerationException e) {
        LOG.warnf(
            "dead letter topic=%s partition=%d offset=%d: %s",
            record.topic(), record.partition(), record.offset(), e.getMessage());
        outputs.add(letters.of(record, task, e.reason(), null, e.getMessage()));
        uncounted.add(() -> observer.rejected(e.reason()));
      }
    }
    outputs.forEach(output::send);
  }

  private static GenerateMessage read(ConsumerRecord<byte[], byte[]> record)
      throws GenerationException {
    if (record.value() == null) {
      throw new GenerationException(RejectReason.NULL_VALUE, "the request for rows has no value");
    }
    GenerateMessage request;
    try {
      request = Json.read(record.value(), GenerateMessage.class);
    } catch (UncheckedIOException e) {
      throw new GenerationException(
          RejectReason.INVALID_JSON, "the request for rows is not JSON of one");
    }
    if (request == null || request.task() == null) {
      throw new GenerationException(RejectReason.NO_TASK, "the request for rows names no task");
    }
    String id = request.id() == null ? HeaderValues.text(record.key()) : request.id();
    if (id == null) {
      throw new GenerationException(RejectReason.NULL_KEY, "the request for rows has no id");
    }
    return new GenerateMessage(
        id, request.task(), request.rows(), request.given(), request.temperature(), request.seed());
  }

  private List<ProducerRecord<byte[], byte[]>> generate(
      ConsumerRecord<byte[], byte[]> record, GenerateMessage request)
      throws GenerationException, InterruptedException {
    List<GeneratedMessage> rows = generator.generate(request, most, PATIENCE);
    uncounted.add(() -> observer.generated(request.task(), rows.size(), rows.get(0).rejected()));
    byte[] key = HeaderValues.bytes(request.id());
    return rows.stream()
        .map(
            row -> {
              RecordHeaders headers = new RecordHeaders();
              HeaderValues.copyCorrelation(record.headers(), headers);
              return new ProducerRecord<>(
                  topics.generated().name(), null, key, Json.write(row), headers);
            })
        .toList();
  }

  /** Ends after the request under way, or in its midst if that takes long: it comes again then. */
  @Override
  public void close() {
    loop.close();
  }
}
