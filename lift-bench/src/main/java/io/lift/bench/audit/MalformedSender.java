package io.lift.bench.audit;

import io.lift.bench.audit.MalformedRecords.Malformed;
import io.lift.bench.audit.MalformedRecords.Size;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends malformed records and remembers where they went. Not thread-safe. */
final class MalformedSender implements AutoCloseable {
  private final KafkaProducer<String, byte[]> plain;
  private final KafkaProducer<String, byte[]> compressing;
  private final List<Sent> sent = new ArrayList<>();

  /** Where a record stands. */
  record Place(String topic, int partition, long offset) {}

  private record Sent(Malformed what, Future<RecordMetadata> where) {}

  MalformedSender(KafkaConnection kafka) {
    plain = producer(kafka, Topics.MAX_RECORD_BYTES, "none");
    compressing = producer(kafka, 4 * Topics.MAX_RECORD_BYTES, "zstd");
  }

  private static KafkaProducer<String, byte[]> producer(
      KafkaConnection kafka, int maxBytes, String compression) {
    Map<String, Object> settings = new HashMap<>(kafka.settings());
    settings.put("max.request.size", maxBytes);
    settings.put("buffer.memory", 4L * maxBytes);
    settings.put("compression.type", compression);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void send(Malformed one) {
    boolean compressed = one.size() == Size.COMPRESSED;
    sent.add(new Sent(one, (compressed ? compressing : plain).send(one.record())));
  }

  /** Sends a row that can be used. */
  void sendGood(ProducerRecord<String, byte[]> row) {
    plain.send(row);
  }

  /** Malformed records sent so far. */
  int count() {
    return sent.size();
  }

  /** Waits until the broker has all, and says where each stands. */
  Map<Place, Malformed> places() throws InterruptedException, ExecutionException {
    compressing.flush();
    plain.flush();
    Map<Place, Malformed> places = new HashMap<>();
    for (Sent each : sent) {
      RecordMetadata at = each.where().get();
      places.put(new Place(at.topic(), at.partition(), at.offset()), each.what());
    }
    return places;
  }

  @Override
  public void close() {
    compressing.close();
    plain.close();
  }
}
