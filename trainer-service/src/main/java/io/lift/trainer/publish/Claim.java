package io.lift.trainer.publish;

import io.lift.trainer.prompts.PartitionAssignment;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offset that a transaction commits, and the group membership under which it may.
 *
 * @param assignment under which the partition was read
 * @param partition whose offset it is
 * @param offset the offset, with what a trainer that takes over has to read as its metadata
 * @param membership of the consumer group; the broker rejects the transaction if it is out of date
 */
public record Claim(
    PartitionAssignment assignment,
    TopicPartition partition,
    OffsetAndMetadata offset,
    ConsumerGroupMetadata membership) {

  /** The offset by its partition, as Kafka's clients take it. */
  public Map<TopicPartition, OffsetAndMetadata> offsets() {
    return Map.of(partition, offset);
  }
}
