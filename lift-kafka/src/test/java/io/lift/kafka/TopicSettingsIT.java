package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.broker.EmbeddedBroker;
import io.lift.messages.Topic;
import io.lift.messages.TopicSettings;
import io.lift.messages.Topics;
import io.lift.testing.ListedSettingsPolicy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics on a broker that does not take every setting. */
class TopicSettingsIT {
  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker =
        EmbeddedBroker.start(
            directory,
            Map.of(
                "create.topic.policy.class.name",
                ListedSettingsPolicy.class.getName(),
                "num.partitions",
                "5"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Map<String, Object> settings() {
    return new HashMap<>(Map.of("bootstrap.servers", broker.bootstrap()));
  }

  @Test
  void whatTheBrokerDoesNotTakeIsSaidWithTheWayOut() {
    List<Topic<?>> tasks = List.of(Topics.of("refused.").tasks());
    assertThatThrownBy(() -> TopicAdmin.ensure(settings(), tasks))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageContaining("does not create topic refused.lift.tasks with these settings: ")
        .hasMessageContaining(" cannot be set. Set or leave them to the broker with")
        .hasMessageContaining("lift.topics.settings, e.g. segment.ms=none");
  }

  @Test
  void withSettingsLeftToTheBrokerEveryTopicIsCreated() throws Exception {
    TopicSettings left =
        TopicSettings.of(
            "segment.ms=none; segment.bytes=none; min.cleanable.dirty.ratio=none;"
                + " lift.rows:partitions=none; lift.prompts:partitions=3",
            8 * 1024 * 1024);
    Topics topics = Topics.of("taken.", left);
    Map<String, Object> kafka = settings();
    kafka.put(TopicAdmin.REPLICATION, TopicSettings.NONE);
    TopicAdmin.ensure(kafka, topics.all());
    try (Admin admin = Admin.create(settings())) {
      List<String> names = topics.all().stream().map(topic -> topic.name()).toList();
      Map<String, TopicDescription> created = admin.describeTopics(names).allTopicNames().get();
      assertThat(created.get("taken.lift.rows").partitions()).hasSize(5);
      assertThat(created.get("taken.lift.prompts").partitions()).hasSize(3);
      assertThat(created.get("taken.lift.tasks").partitions()).hasSize(1);
    }
  }
}
