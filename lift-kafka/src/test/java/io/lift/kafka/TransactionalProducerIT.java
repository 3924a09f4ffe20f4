package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.HeaderValues;
import io.lift.messages.Topic;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class TransactionalProducerIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());

  @Test
  void aSuccessorEndsWhatItsPredecessorLeftOpenAndFencesIt() {
    Topic<byte[]> topic = CLIENT.create("transactions.fenced", byte[].class, 1);
    try (var zombie = producer("fenced");
        var successor = producer("fenced")) {
      zombie.send(TopicClient.record(topic, "a", "left open"));
      zombie.begin().flush();
      successor.open();
      assertThatThrownBy(zombie::commit)
          .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
      successor.send(TopicClient.record(topic, "b", "by the successor"));
      successor.commit();

      assertThat(values(topic, 1)).containsExactly("by the successor");
    }
  }

  @Test
  void afterAFailureTheSameProducerGoesOnWithANewClient() {
    Topic<byte[]> topic = CLIENT.create("transactions.replaced", byte[].class, 1);
    try (var first = producer("replaced");
        var second = producer("replaced")) {
      first.send(TopicClient.record(topic, "a", "1"));
      first.commit();
      second.send(TopicClient.record(topic, "a", "2"));
      second.commit();
      first.send(TopicClient.record(topic, "a", "fenced"));
      assertThatThrownBy(first::commit).isInstanceOf(RuntimeException.class);
      first.abort();
      first.reset();
      first.send(TopicClient.record(topic, "a", "3"));
      first.commit();

      assertThat(values(topic, 3)).containsExactly("1", "2", "3");
    }
  }

  private static TransactionalProducer producer(String id) {
    return new TransactionalProducer(CLIENT.settings(), id, Map.of());
  }

  private static List<String> values(Topic<byte[]> topic, int count) {
    return CLIENT.read(topic, count, record -> true).stream()
        .map(record -> HeaderValues.text(record.value()))
        .toList();
  }
}
