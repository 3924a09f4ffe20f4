package io.lift.testing;

import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The other end of the topics: sends what a test wants and reads back what was committed. It is
 * made of Kafka's own clients only, so that it stands apart from the code under test.
 */
public final class TopicClient implements AutoCloseable {
  /** Long, since other work may share the machine. What is awaited comes within a second or two. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(50);

  private final Map<String, Object> settings;
  private final KafkaProducer<byte[], byte[]> producer;

  /** To a broker that needs no credentials. */
  public TopicClient(String bootstrap) {
    settings = Map.of("bootstrap.servers", bootstrap);
    producer = new KafkaProducer<>(with(Map.of()));
  }

  public TopicClient(TestKafka kafka) {
    this(kafka.bootstrap());
  }

  /** Settings that reach the broker. */
  public Map<String, Object> settings() {
    return settings;
  }

  /** A record of text; without a value it is a tombstone. */
  public static ProducerRecord<byte[], byte[]> record(
      Topic<?> topic, String key, String value, Header... headers) {
    return record(topic, key, value == null ? null : HeaderValues.bytes(value), headers);
  }

  /** A record; without a value it is a tombstone. */
  public static ProducerRecord<byte[], byte[]> record(
      Topic<?> topic, String key, byte[] value, Header... headers) {
    return new ProducerRecord<>(
        topic.name(), null, key == null ? null : HeaderValues.bytes(key), value, List.of(headers));
  }

  /** A header of text. */
  public static Header header(String name, String value) {
    return new RecordHeader(name, HeaderValues.bytes(value));
  }

  /** Makes a topic for a test; one that exists stays as it is. */
  public <V> Topic<V> create(String name, Class<V> type, int partitions) {
    create(name, partitions);
    return new Topic<>(name, type, partitions, Map.of());
  }

  /** Makes a topic; one that exists stays as it is. */
  public void create(String name, int partitions) {
    try (Admin admin = Admin.create(settings)) {
      NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new AssertionError(e);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Deletes a topic, and waits until the broker knows no topic of that name. */
  public void delete(String name) {
    try (Admin admin = Admin.create(settings)) {
      admin.deleteTopics(List.of(name)).all().get();
      while (admin.listTopics().names().get().contains(name)) {
        Thread.sleep(POLL.toMillis());
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Sets a topic's setting, e.g. {@code max.message.bytes}. */
  public void configure(Topic<?> topic, String setting, String value) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(settings)) {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Sends a message and waits until the broker has it.
   *
   * @param message bytes as they are, anything else as JSON; null is a tombstone
   */
  public RecordMetadata send(Topic<?> topic, String key, Object message, Header... headers) {
    byte[] value =
        message == null || message instanceof byte[] ? (byte[]) message : Json.write(message);
    return send(record(topic, key, value, headers));
  }

  /** Sends a record and waits until the broker has it. */
  public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a record without waiting. */
  public Future<RecordMetadata> sendLater(ProducerRecord<byte[], byte[]> record) {
    return producer.send(record);
  }

  /** Waits for everything that was sent. */
  public void flush() {
    producer.flush();
  }

  /** A producer with transactions, ready for its first one. */
  public KafkaProducer<byte[], byte[]> transactional(String id) {
    var transactional = new KafkaProducer<byte[], byte[]>(with(Map.of("transactional.id", id)));
    transactional.initTransactions();
    return transactional;
  }

  /**
   * Committed records of a topic from the beginning that match: waits until there are {@code
   * count}, then reads on to what was committed by that time.
   */
  public List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic, int count, Predicate<ConsumerRecord<byte[], byte[]>> matching) {
    return read(topic, matching, found -> found.size() >= count);
  }

  /**
   * Committed records of a topic from the beginning: waits until there are enough of them, then
   * reads on to what was committed by that time.
   */
  public List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    return read(topic, record -> true, enough);
  }

  /** The committed records of a topic by now. */
  public List<ConsumerRecord<byte[], byte[]>> read(Topic<?> topic) {
    return read(topic, record -> true, found -> true);
  }

  /** All records of a topic by now, also those of transactions that were aborted or are open. */
  public List<ConsumerRecord<byte[], byte[]>> readUncommitted(Topic<?> topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer = consumer(Map.of("isolation.level", "read_uncommitted"))) {
      readToEnd(consumer, fromBeginning(consumer, topic), records::add);
    }
    return records;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(
      Topic<?> topic,
      Predicate<ConsumerRecord<byte[], byte[]>> matching,
      Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Consumer<ConsumerRecord<byte[], byte[]>> keep =
        record -> {
          if (matching.test(record)) {
            records.add(record);
          }
        };
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (var consumer = consumer(Map.of("isolation.level", "read_committed"))) {
      List<TopicPartition> partitions = fromBeginning(consumer, topic);
      while (!enough.test(records)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "only %d records of %s within %s".formatted(records.size(), topic.name(), LIMIT));
        }
        consumer.poll(POLL).forEach(keep);
      }
      readToEnd(consumer, partitions, keep);
    }
    return records;
  }

  private static List<TopicPartition> fromBeginning(
      KafkaConsumer<byte[], byte[]> consumer, Topic<?> topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return partitions;
  }

  private static void readToEnd(
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Consumer<ConsumerRecord<byte[], byte[]>> keep) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(POLL).forEach(keep);
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
    return new KafkaConsumer<>(with(more));
  }

  /** Keys and values are bytes. */
  private Map<String, Object> with(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key.serializer", ByteArraySerializer.class.getName());
    all.put("value.serializer", ByteArraySerializer.class.getName());
    all.put("key.deserializer", ByteArrayDeserializer.class.getName());
    all.put("value.deserializer", ByteArrayDeserializer.class.getName());
    all.put("linger.ms", 0);
    all.putAll(more);
    return all;
  }

  @Override
  public void close() {
    producer.close();
  }
}
