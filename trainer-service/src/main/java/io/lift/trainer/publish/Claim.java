package io.lift.trainer.publish;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets that a transaction commits, and the group membership under which it may.
 *
 * @param offsets the next offset of each partition
 * @param membership of the consumer group; the broker rejects the transaction if it is out of date
 */
public record Claim(
    Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata membership) {

  /** Copies the offsets. */
  public Claim {
    offsets = Map.copyOf(offsets);
  }
}
