package io.lift.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group that reads one topic; a static one, where the {@link GroupProtocol}
 * is the classic one. It connects at the first poll, and again after {@link #disconnect}. For one
 * thread.
 */
final class GroupConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration CLOSE = Duration.ofSeconds(10);
  private static final int SESSION_TIMEOUT_MILLIS = 10_000;
  private static final int NEW_TOPIC_SEEN_WITHIN_MILLIS = 5_000;

  private final Map<String, Object> kafka;
  private final Map<String, Object> settings;
  private final String topic;
  private final String group;
  private final StartPositions positions;

  private Consumer<byte[], byte[]> client;

  /** First offsets of batches to repeat, until the positions are what the group committed. */
  private final Map<TopicPartition, Long> repeated = new HashMap<>();

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param topic the topic to read; it need not exist yet
   * @param group the consumer group
   * @param instance name of this member, unique in the group and stable over restarts
   * @param settings further settings of the consumer
   * @param from where to begin in partitions that the group has not read yet: epoch milliseconds,
   *     or null for the first record
   * @param recreated called when a topic was deleted and created again
   */
  GroupConsumer(
      Map<String, Object> kafka,
      String topic,
      String group,
      String instance,
      Map<String, Object> settings,
      Long from,
      Runnable recreated) {
    this.kafka = kafka;
    this.topic = topic;
    this.group = group;
    this.positions = new StartPositions(kafka, from, recreated);
    this.settings = new HashMap<>();
    this.settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    this.settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
    this.settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, NEW_TOPIC_SEEN_WITHIN_MILLIS);
    this.settings.putAll(settings);
    this.settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    this.settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
  }

  /** Connects if necessary and reads the next batch, which may be empty. */
  ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    connect();
    rewind();
    ConsumerRecords<byte[], byte[]> batch = client.poll(timeout);
    return batch.isEmpty() || positions.recreated(client, batch) ? ConsumerRecords.empty() : batch;
  }

  /** The offsets to commit after a batch. */
  Map<TopicPartition, OffsetAndMetadata> offsetsAfter(ConsumerRecords<byte[], byte[]> batch) {
    return positions.after(batch);
  }

  private void connect() {
    if (client == null) {
      client = KafkaClients.consumer(kafka, settings);
      repeated.clear();
      // a pattern, because a topic that does not exist yet is no error to it
      client.subscribe(Pattern.compile(Pattern.quote(topic)), new Assigned());
    }
  }

  private final class Assigned implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      positions.assigned(client, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
  }

  /** The partitions that this member reads. */
  Set<TopicPartition> assignment() {
    return client.assignment();
  }

  /** The membership under which the last batch was read. */
  ConsumerGroupMetadata membership() {
    return client.groupMetadata();
  }

  /** The next poll reads a batch again, from the offsets that the group has committed by then. */
  void repeat(ConsumerRecords<byte[], byte[]> batch) {
    for (TopicPartition partition : batch.partitions()) {
      repeated.put(partition, batch.records(partition).get(0).offset());
    }
  }

  private void rewind() {
    repeated.keySet().retainAll(client.assignment());
    if (repeated.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        client.committed(new HashSet<>(repeated.keySet()));
    repeated.forEach(
        (partition, first) -> {
          OffsetAndMetadata offset = committed.get(partition);
          client.seek(partition, offset == null ? first : offset.offset());
        });
    repeated.clear();
  }

  /** Closes the connection and stays a member of the group for the length of a session. */
  void disconnect() {
    close(CloseOptions.GroupMembershipOperation.DEFAULT);
  }

  /** Closes the connection and leaves the group, so that others get its partitions at once. */
  void leave() {
    close(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
  }

  private void close(CloseOptions.GroupMembershipOperation membership) {
    positions.close();
    if (client == null) {
      return;
    }
    try {
      client.close(CloseOptions.timeout(CLOSE).withGroupMembershipOperation(membership));
    } catch (RuntimeException e) {
      LOG.debug("a consumer of {} did not close cleanly", group, e);
    }
    client = null;
  }
}
