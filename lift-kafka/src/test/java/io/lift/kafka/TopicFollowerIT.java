package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.messages.Topic;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TopicFollowerIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<Long> seen = new CopyOnWriteArrayList<>();

  private TopicFollower follower(Topic<?> topic, long newest) {
    TopicFollower follower =
        new TopicFollower(
            topic.name(), CLIENT.settings(), newest, record -> seen.add(record.offset()));
    follower.start();
    return follower;
  }

  private static void send(Topic<byte[]> topic, int count) {
    for (int i = 0; i < count; i++) {
      CLIENT.send(TopicClient.record(topic, "key", new byte[] {1}));
    }
  }

  @Test
  void theNewestRecordsAreReadAndThoseThatComeLater() throws Exception {
    Topic<byte[]> topic = CLIENT.create("follower.newest", byte[].class, 1);
    send(topic, 50);
    try (TopicFollower follower = follower(topic, 10)) {
      assertThat(follower.refresh(LIMIT)).isTrue();
      send(topic, 2);
      await().atMost(LIMIT).until(() -> seen.contains(51L));
      assertThat(seen).hasSize(12).startsWith(40L);
    }
  }

  @Test
  void aTopicWithFewerRecordsIsReadFromItsBeginning() throws Exception {
    Topic<byte[]> topic = CLIENT.create("follower.few", byte[].class, 1);
    send(topic, 3);
    try (TopicFollower follower = follower(topic, 10)) {
      assertThat(follower.refresh(LIMIT)).isTrue();
      assertThat(seen).containsExactly(0L, 1L, 2L);
    }
  }
}
