package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class TopicAdminIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final Topics TOPICS = Topics.of("");

  @Test
  void everyTopicIsCreatedAsDescribedByManyServicesAtOnce() throws Exception {
    IntStream.range(0, 4)
        .parallel()
        .forEach(service -> TopicAdmin.ensure(CLIENT.settings(), TOPICS.all()));

    try (Admin admin = Admin.create(CLIENT.settings())) {
      List<String> names = TOPICS.all().stream().map(Topic::name).toList();
      var descriptions = admin.describeTopics(names).allTopicNames().get();
      for (Topic<?> topic : TOPICS.all()) {
        assertThat(descriptions.get(topic.name()).partitions()).hasSize(topic.partitions());
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        topic
            .configs()
            .forEach((key, value) -> assertThat(config.get(key).value()).isEqualTo(value));
      }
    }
  }

  @Test
  void anExistingTopicIsLeftAlone() throws Exception {
    CLIENT.create("admin.existing", byte[].class, 2);
    var other = new Topic<>("admin.existing", byte[].class, 5, Map.of());
    assertThatCode(() -> TopicAdmin.ensure(CLIENT.settings(), List.of(other)))
        .doesNotThrowAnyException();
    try (Admin admin = Admin.create(CLIENT.settings())) {
      var description =
          admin.describeTopics(List.of(other.name())).allTopicNames().get().get(other.name());
      assertThat(description.partitions()).hasSize(2);
    }
  }

  @Test
  void withoutABrokerItSaysWhatToDoInOneSentence() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    Map<String, Object> kafka = Map.of("bootstrap.servers", "127.0.0.1:" + closedPort);
    assertThatThrownBy(() -> TopicAdmin.ensure(kafka, TOPICS.all(), Duration.ofMillis(600)))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessage(
            "No Kafka broker answers at 127.0.0.1:%d: start one (./lift up)"
                + " or set kafka.bootstrap.servers",
            closedPort);
  }
}
