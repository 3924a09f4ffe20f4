package io.lift.trainer;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The channel of prompts: tells the trainer of assignments, revocations and records. */
@ApplicationScoped
@Identifier("lift-trainer")
public class PromptsChannel implements KafkaConsumerRebalanceListener {
  private final TrainerService service;

  PromptsChannel(TrainerService service) {
    this.service = service;
  }

  @Incoming("prompts")
  @Blocking("prompts")
  void consume(
      ConsumerRecords<byte[], byte[]> records,
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch)
      throws InterruptedException {
    service.trainer().append(records, batch.getConsumerGroupGenerationId());
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    service.trainer().assigned(consumer, partitions);
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    service.trainer().revoked(consumer, partitions);
  }
}
