package io.lift.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.kafka.GroupProtocol;
import io.lift.kafka.KafkaClients;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import io.lift.trainer.prompts.PartitionAssignment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointPublisherIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(strings = {"classic", GroupProtocol.CONSUMER})
  void aMembershipThatIsTooOldIsReplacedAndTheTransactionIsMadeAgain(String protocol)
      throws Exception {
    String group = "too-old-" + protocol;
    Map<String, Object> kafka = new HashMap<>(TestKafka.shared().settings());
    kafka.put(GroupProtocol.SETTING, protocol);
    AtomicReference<ConsumerGroupMetadata> membership = new AtomicReference<>();
    try (TopicClient topics = new TopicClient(TestKafka.shared());
        KafkaConsumer<byte[], byte[]> consumer =
            KafkaClients.consumer(kafka, Map.of("group.id", group));
        CheckpointPublisher publisher =
            new CheckpointPublisher(
                new KafkaConnection(kafka, Topics.of("")),
                group,
                claim -> {},
                manifest -> {},
                () -> membership.set(consumer.groupMetadata()))) {
      topics.create(group, 1);
      consumer.subscribe(List.of(group));
      await()
          .atMost(LIMIT)
          .until(() -> consumer.poll(Duration.ofMillis(100)) != null && !none(consumer));
      ConsumerGroupMetadata now = consumer.groupMetadata();
      ConsumerGroupMetadata old =
          new ConsumerGroupMetadata(
              group, now.generationId() - 1, now.memberId(), now.groupInstanceId());
      membership.set(old);

      TopicPartition partition = new TopicPartition(group, 0);
      publisher.commit(
          () ->
              Optional.of(
                  new Claim(
                      new PartitionAssignment(1, 0, now.generationId(), 0),
                      partition,
                      new OffsetAndMetadata(7),
                      membership.get())));

      assertThat(consumer.committed(Set.of(partition)).get(partition).offset()).isEqualTo(7);
      assertThat(membership.get()).isNotEqualTo(old);
    }
  }

  private static boolean none(KafkaConsumer<?, ?> consumer) {
    return consumer.assignment().isEmpty();
  }
}
