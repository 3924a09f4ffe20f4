package io.lift.trainer;

import io.lift.trainer.training.Trainer;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** The channel of prompts: passes assignments, revocations and records on to the trainer. */
@ApplicationScoped
@Identifier("lift-trainer")
public class PromptsChannel implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(PromptsChannel.class);
  private static final String CHANNEL = "prompts";

  private final Trainer trainer;
  private final KafkaClientService clients;

  PromptsChannel(Trainer trainer, KafkaClientService clients) {
    this.trainer = trainer;
    this.clients = clients;
    trainer.whenRejected(() -> onPollingThread(trainer::rejoined, "the membership of the group"));
  }

  @Incoming(CHANNEL)
  @Blocking(CHANNEL)
  void consume(
      ConsumerRecords<byte[], byte[]> records,
      IncomingKafkaRecordBatchMetadata<byte[], byte[]> batch)
      throws InterruptedException {
    if (trainer.append(records, batch.getConsumerGroupGenerationId())) {
      onPollingThread(trainer::seek, "a seek past records that no window needs");
    }
  }

  private void onPollingThread(
      java.util.function.Consumer<Consumer<byte[], byte[]>> action, String what) {
    clients
        .<byte[], byte[]>getConsumer(CHANNEL)
        .runOnPollingThread(action)
        .subscribe()
        .with(done -> {}, e -> LOG.warnf("%s has failed: %s", what, e));
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
