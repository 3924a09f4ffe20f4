package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.kafka.KafkaAccess;
import io.lift.kafka.RequiredAcl;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends rows of one task to {@code lift.rows} and counts what the broker has acknowledged. */
public final class RowSender implements AutoCloseable {

  /** What a row is for. */
  public enum Use {
    TRAIN,
    TEST,
    BOTH;

    String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A broker spends about a millisecond on a request, so rows at a steady rate share some. */
  private static final int LINGER_MILLIS = 20;

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;
  private final String task;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  public RowSender(ConnectionSettings kafka, String task) {
    this.topic = kafka.topics().rows().name();
    this.task = task;
    KafkaAccess.open(kafka.client(), List.of(), List.of(RequiredAcl.write(kafka.topics().rows())));
    Map<String, Object> settings = new HashMap<>(kafka.client());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
    producer = new KafkaProducer<>(settings, new StringSerializer(), bytes());
  }

  static Serializer<byte[]> bytes() {
    return new ByteArraySerializer();
  }

  /**
   * Sends a row; returns before the broker has it.
   *
   * @param id the row's id
   * @param json a flat JSON object
   * @param correlation returned on the row's prediction; may be null
   */
  public void send(String id, byte[] json, Use use, String correlation) {
    send(id, json, use, correlation, false);
  }

  /**
   * Sends a row; returns before the broker has it.
   *
   * @param id the row's id
   * @param json a flat JSON object
   * @param correlation returned on the row's prediction; may be null
   * @param explain whether the prediction is to say what each column contributes
   */
  public void send(String id, byte[] json, Use use, String correlation, boolean explain) {
    rethrow();
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, id, json);
    header(record, Headers.TASK, task);
    header(record, Headers.USE, use.wire());
    if (correlation != null) {
      header(record, Headers.CORRELATION_ID, correlation);
    }
    if (explain) {
      header(record, Headers.EXPLAIN, HeaderValues.TRUE);
    }
    producer.send(
        record,
        (metadata, error) -> {
          if (error == null) {
            acknowledged.incrementAndGet();
          } else {
            failure.compareAndSet(null, error);
          }
        });
  }

  private static void header(ProducerRecord<?, ?> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Rows that the broker has. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Waits until the broker has all rows sent so far. */
  public void flush() {
    producer.flush();
    rethrow();
  }

  private void rethrow() {
    Exception error = failure.get();
    if (error != null) {
      throw new CliException(
          error,
          "Kafka did not take a row: "
              + error.getMessage()
              + " ("
              + acknowledged.get()
              + " rows before it were taken).");
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
