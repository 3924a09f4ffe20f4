package io.lift.it;

import io.lift.kafka.KafkaClients;
import io.lift.kafka.Role;
import io.lift.messages.HeaderValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Somebody with one topic for rows and one for predictions, and the right to write the one and read
 * the other.
 */
final class Tenant {
  /** The users. */
  static final List<String> NAMES = List.of("north", "south");

  private static final Duration POLL = Duration.ofMillis(500);

  private final String name;
  private final SecuredStack stack;

  Tenant(String name, SecuredStack stack) throws Exception {
    this.name = name;
    this.stack = stack;
    stack.topic(
        rows(),
        Map.of(
            name,
            AclOperation.WRITE,
            user(Role.SERIALIZER),
            AclOperation.READ,
            user(Role.OPERATOR), // lift status shows the lag
            AclOperation.DESCRIBE));
    stack.topic(
        predictions(),
        Map.of(
            name,
            AclOperation.READ,
            user(Role.INFERENCE),
            AclOperation.WRITE,
            user(Role.OPERATOR),
            AclOperation.DESCRIBE));
  }

  private static String user(Role role) {
    return SecuredStack.user(role);
  }

  String rows() {
    return name + ".rows";
  }

  String predictions() {
    return name + ".predictions";
  }

  /** Whether a row is the tenant's. */
  boolean owns(String row) {
    return row.startsWith(name + "-");
  }

  /** Sends rows by the tenant's own rights. */
  void send(List<String> rows) throws Exception {
    try (var producer = KafkaClients.producer(stack.client(name), Map.of())) {
      for (int r = 0; r < rows.size(); r++) {
        byte[] id = HeaderValues.bytes(name + "-" + r);
        producer.send(new ProducerRecord<>(rows(), id, HeaderValues.bytes(rows.get(r)))).get();
      }
    }
  }

  /** The keys of the predictions that the tenant can read, once there are so many. */
  List<String> answered(int count) {
    List<String> keys = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        KafkaClients.reader(stack.client(name), Map.of("isolation.level", "read_committed"))) {
      TopicPartition only = new TopicPartition(predictions(), 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      while (keys.size() < count && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          keys.add(HeaderValues.text(record.key()));
        }
      }
    }
    return keys;
  }

  /** Whether Kafka refuses the tenant a topic. */
  boolean isRefused(String topic) {
    try (Consumer<byte[], byte[]> consumer = KafkaClients.reader(stack.client(name), Map.of())) {
      TopicPartition first = new TopicPartition(topic, 0);
      consumer.assign(List.of(first));
      consumer.seekToBeginning(List.of(first));
      consumer.poll(Duration.ofSeconds(30));
      return false;
    } catch (TopicAuthorizationException e) {
      return true;
    }
  }
}
