package io.lift.kafka;

import io.lift.messages.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes plain Kafka clients over bytes from the settings that all clients of a process share.
 * Consumers see committed records only and do not commit on their own.
 */
public final class KafkaClients {
  private KafkaClients() {}

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param settings this consumer's own; they win, unless the {@link GroupProtocol} refuses them
   */
  public static KafkaConsumer<byte[], byte[]> consumer(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.putAll(settings);
    all.values().removeIf(value -> value == null);
    GroupProtocol.fit(all);
    return new BoundedConsumer(all);
  }

  /**
   * A consumer that belongs to no group.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   */
  public static KafkaConsumer<byte[], byte[]> reader(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> ungrouped = new HashMap<>(settings);
    ungrouped.put(ConsumerConfig.GROUP_ID_CONFIG, null);
    return consumer(GroupProtocol.ungrouped(kafka), ungrouped);
  }

  /**
   * An idempotent producer for records up to {@link Topics#MAX_RECORD_BYTES}.
   *
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param settings this producer's own; they win
   */
  public static KafkaProducer<byte[], byte[]> producer(
      Map<String, Object> kafka, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(kafka);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        Topics.MAX_RECORD_BYTES + Topics.LETTER_OVERHEAD_BYTES);
    all.putAll(settings);
    all.values().removeIf(value -> value == null);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
