package io.lift.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a consumer group begins to read. A partition without a committed offset is read from a
 * stated time on. A topic that was deleted and created again is read from its first record: an
 * offset is committed together with the id of its topic, and Kafka gives each topic an id of its
 * own. For the thread of the consumer.
 */
final class StartPositions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartPositions.class);

  /** A consumer takes longer to notice that a topic is another one, and to read from it. */
  private static final long CHECKED_FOR_NANOS = 100_000_000;

  private final Map<String, Object> kafka;
  private final Long from;
  private final Runnable recreated;
  private final Map<String, String> ids = new HashMap<>(); // by topic, as they are read
  private Admin admin; // null until the first use
  private long checkedAt = System.nanoTime() - CHECKED_FOR_NANOS;

  /**
   * @param kafka client settings, at least {@code bootstrap.servers}
   * @param from epoch milliseconds, or null for the first record
   * @param recreated called when a topic was found to have another id than before: clients that
   *     know the old one cannot commit offsets for it
   */
  StartPositions(Map<String, Object> kafka, Long from, Runnable recreated) {
    this.kafka = kafka;
    this.from = from;
    this.recreated = recreated;
  }

  /** Moves the consumer to where it begins in partitions that it has just been assigned. */
  void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
    if (!changed(currentIds(topics(partitions))).isEmpty()) {
      recreated.run();
    }
    Set<TopicPartition> unread = new HashSet<>();
    Set<TopicPartition> again = new HashSet<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        unread.add(partition);
      } else if (isOfAnother(offset, ids.get(partition.topic()))) {
        again.add(partition);
      }
    }
    if (!again.isEmpty()) {
      startAgain(consumer, again);
    }
    if (!unread.isEmpty()) {
      start(consumer, unread);
    }
  }

  private static boolean isOfAnother(OffsetAndMetadata offset, String id) {
    return id != null && !offset.metadata().isEmpty() && !offset.metadata().equals(id);
  }

  private void start(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
    if (from == null) {
      consumer.seekToBeginning(partitions);
      return;
    }
    Map<TopicPartition, OffsetAndTimestamp> offsets =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(partition -> partition, p -> from)));
    offsets.forEach(
        (partition, found) -> {
          if (found == null) {
            consumer.seekToEnd(List.of(partition));
          } else {
            consumer.seek(partition, found.offset());
          }
        });
  }

  /**
   * Whether a topic of the batch was deleted and created again since its partitions were assigned.
   * Then the batch must not be used: the consumer is moved to the first record of such topics, and
   * to the beginning of the batch in the others.
   */
  boolean recreated(Consumer<?, ?> consumer, ConsumerRecords<?, ?> batch) {
    long now = System.nanoTime();
    if (now - checkedAt < CHECKED_FOR_NANOS) {
      return false;
    }
    Set<String> changed = changed(currentIds(topics(batch.partitions())));
    checkedAt = now;
    if (changed.isEmpty()) {
      return false;
    }
    recreated.run();
    startAgain(
        consumer,
        consumer.assignment().stream()
            .filter(partition -> changed.contains(partition.topic()))
            .collect(Collectors.toSet()));
    for (TopicPartition partition : batch.partitions()) {
      if (!changed.contains(partition.topic())) {
        consumer.seek(partition, batch.records(partition).get(0).offset());
      }
    }
    return true;
  }

  private static void startAgain(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
    LOG.atWarn()
        .addKeyValue("partitions", partitions)
        .log("a topic was deleted and created again; it is read from its first record");
    consumer.seekToBeginning(partitions);
  }

  /** The offsets after a batch, to be committed with the ids of their topics. */
  Map<TopicPartition, OffsetAndMetadata> after(ConsumerRecords<?, ?> batch) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    batch
        .nextOffsets()
        .forEach(
            (partition, next) ->
                offsets.put(
                    partition,
                    new OffsetAndMetadata(
                        next.offset(),
                        next.leaderEpoch(),
                        ids.getOrDefault(partition.topic(), ""))));
    return offsets;
  }

  /** Remembers the ids of topics; returns the topics that had another id before. */
  private Set<String> changed(Map<String, String> current) {
    Set<String> changed = new HashSet<>();
    current.forEach(
        (topic, id) -> {
          String before = ids.put(topic, id);
          if (before != null && !before.equals(id)) {
            changed.add(topic);
          }
        });
    return changed;
  }

  private static Set<String> topics(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
  }

  /** The ids of the topics that exist. */
  private Map<String, String> currentIds(Set<String> topics) {
    if (admin == null) {
      admin = Admin.create(kafka);
    }
    Map<String, String> current = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> described :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        current.put(described.getKey(), described.getValue().get().topicId().toString());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e);
        }
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
    return current;
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(java.time.Duration.ZERO);
      admin = null;
    }
  }
}
