package io.lift.evaluator;

import io.lift.kafka.BoundedConsumer;
import io.lift.messages.Topics;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients of the streams. What others have written is read by a {@link BoundedConsumer}.
 * Internal topics are created without the settings that the operator leaves to the broker.
 */
final class BoundedClients implements KafkaClientSupplier {
  private final Topics topics;

  BoundedClients(Topics topics) {
    this.topics = topics;
  }

  @Override
  public Admin getAdmin(Map<String, Object> settings) {
    return new TopicCreator(settings, topics);
  }

  /** Kafka Streams sets for example {@code segment.bytes}, which not every Kafka takes. */
  private static final class TopicCreator extends ForwardingAdmin {
    private final Topics topics;

    TopicCreator(Map<String, Object> settings, Topics topics) {
      super(settings);
      this.topics = topics;
    }

    @Override
    public CreateTopicsResult createTopics(
        Collection<NewTopic> created, CreateTopicsOptions options) {
      created.forEach(topic -> topic.configs(topics.internal(topic.configs())));
      return super.createTopics(created, options);
    }
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
    return new BoundedConsumer(settings);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
    return plain(settings);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
    return plain(settings);
  }

  private static Consumer<byte[], byte[]> plain(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
