package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TopicsPrefixIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());

  @Test
  void installationsWithDifferentPrefixesShareABrokerAndDoNotSeeOneAnother() throws Exception {
    Topics teamA = Topics.of("teamA.");
    Topics teamB = Topics.of("teamB.");

    List<String> first = install(teamA, "loans");
    List<String> second = install(teamB, "flats");

    assertThat(first).containsExactly("teamA.lift-serializer", "loans");
    assertThat(second).containsExactly("teamB.lift-serializer", "flats");
    assertThat(install(teamA, "wines")).containsExactly("teamA.lift-serializer", "loans", "wines");
    try (Admin admin = Admin.create(CLIENT.settings())) {
      Set<String> names = admin.listTopics().names().get();
      for (Topic<?> topic : Topics.of("").all()) {
        assertThat(names).contains("teamA." + topic.name(), "teamB." + topic.name());
      }
    }
  }

  /** Makes all topics, asks for a task to be inferred; its group and what tasks it sees. */
  private static List<String> install(Topics topics, String task) throws Exception {
    Map<String, Object> kafka = CLIENT.settings();
    TopicAdmin.ensure(kafka, topics.all());
    try (var producer = KafkaClients.producer(kafka, Map.of());
        var drafts = new CompactedTable<>(topics.taskDrafts(), kafka)) {
      TaskDraft draft = new TaskDraft(task, "rows-of-" + task, "target", null, null);
      producer
          .send(
              new ProducerRecord<>(
                  topics.taskDrafts().name(), HeaderValues.bytes(task), Json.write(draft)))
          .get();
      drafts.start();
      assertThat(drafts.refresh(Duration.ofSeconds(30))).isTrue();
      return Stream.concat(
              Stream.of(topics.groups().serializer()),
              new TreeSet<>(drafts.snapshot().keySet()).stream())
          .toList();
    }
  }
}
