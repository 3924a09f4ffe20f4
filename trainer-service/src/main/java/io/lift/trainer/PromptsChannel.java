package io.lift.trainer;

import io.lift.trainer.training.Trainer;
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

/** The channel of prompts: passes assignments, revocations and records on to the trainer. */
@ApplicationScoped
@Identifier("lift-trainer")
public class PromptsChannel implements KafkaConsumerRebalanceListener {
  private final Trainer trainer;

  PromptsChannel(Trainer trainer) {
    this.trainer = trainer;
  }

  @Incoming("prompts")
  @Blocking("prompts")
  void consume(
      ConsumerRecords<byte[], byte[]> records,
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch)
      throws InterruptedException {
    trainer.append(records, batch.getConsumerGroupGenerationId());
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    trainer.assigned(consumer, partitions);
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    trainer.revoked(consumer, partitions);
  }
}
