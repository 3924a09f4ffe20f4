package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.broker.EmbeddedBroker;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.Topic;
import io.lift.testing.TestKafka;
import io.lift.testing.TopicClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactedTableIT {
  private static final TopicClient CLIENT = new TopicClient(TestKafka.shared());
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Test
  void eachKeyHasItsNewestValueAndATombstoneRemovesIt() throws Exception {
    Topic<LabelMessage> topic = CLIENT.create("table.newest", LabelMessage.class, 2);
    send(topic, "a", "old");
    send(topic, "b", "gone");
    send(topic, "a", "new");
    CLIENT.send(TopicClient.record(topic, "b", (byte[]) null));

    try (var table = table(topic)) {
      assertThat(table.refresh(LIMIT)).isTrue();
      assertThat(table.caughtUp()).isTrue();
      assertThat(table.snapshot()).containsOnlyKeys("a");
      assertThat(table.get("a").orElseThrow().label()).isEqualTo("new");
      assertThat(table.get("b")).isEmpty();
      assertThat(seen)
          .containsSubsequence("a=old", "a=new")
          .containsSubsequence("b=gone", "b=null");
    }
  }

  @Test
  void aRefreshSeesWhatWasCommittedBeforeIt() throws Exception {
    Topic<LabelMessage> topic = CLIENT.create("table.refresh", LabelMessage.class, 1);
    try (var table = table(topic)) {
      for (int i = 0; i < 20; i++) {
        send(topic, "key", "value" + i);
        assertThat(table.refresh(LIMIT)).isTrue();
        assertThat(table.get("key").orElseThrow().label()).isEqualTo("value" + i);
      }
    }
  }

  @Test
  void abortedRecordsNeverShow() throws Exception {
    Topic<LabelMessage> topic = CLIENT.create("table.aborted", LabelMessage.class, 1);
    try (var table = table(topic);
        var producer = CLIENT.transactional("table-aborted")) {
      producer.beginTransaction();
      producer.send(TopicClient.record(topic, "key", json("aborted"))).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(TopicClient.record(topic, "key", json("committed")));
      producer.commitTransaction();

      assertThat(table.refresh(LIMIT)).isTrue();
      assertThat(seen).containsExactly("key=committed");
    }
  }

  @Test
  void aRefreshWaitsForARecordCommittedBehindTheOpenTransactionOfAnother() throws Exception {
    Topic<LabelMessage> topic = CLIENT.create("table.behind", LabelMessage.class, 1);
    try (var table = table(topic);
        var slow = CLIENT.transactional("table-slow");
        var quick = CLIENT.transactional("table-quick")) {
      assertThat(table.refresh(LIMIT)).isTrue();
      slow.beginTransaction();
      slow.send(TopicClient.record(topic, "slow", json("open"))).get();
      quick.beginTransaction();
      quick.send(TopicClient.record(topic, "quick", json("committed")));
      quick.commitTransaction();

      assertThat(table.refresh(Duration.ofSeconds(1))).isFalse();
      slow.commitTransaction();
      assertThat(table.refresh(LIMIT)).isTrue();
      assertThat(table.snapshot()).containsOnlyKeys("slow", "quick");
    }
  }

  @Test
  void recordsThatCannotBeReadAndListenersThatThrowStopNothing() throws Exception {
    Topic<LabelMessage> topic = CLIENT.create("table.bad", LabelMessage.class, 1);
    CLIENT.send(TopicClient.record(topic, "bad", "not json"));
    send(topic, "boom", "x");
    send(topic, "good", "y");

    try (var table = table(topic)) {
      assertThat(table.refresh(LIMIT)).isTrue();
      assertThat(table.snapshot()).containsOnlyKeys("boom", "good");
    }
  }

  @Test
  void itWaitsForATopicThatDoesNotExistYet() throws Exception {
    var topic = new Topic<>("table.later", LabelMessage.class, 1, Map.of());
    try (var table = table(topic)) {
      assertThat(table.refresh(Duration.ofMillis(300))).isFalse();
      assertThat(table.caughtUp()).isFalse();
      CLIENT.create("table.later", LabelMessage.class, 1);
      send(topic, "a", "b");
      assertThat(table.refresh(LIMIT)).isTrue();
      assertThat(table.snapshot()).containsOnlyKeys("a");
    }
  }

  @Test
  void itGoesOnAfterTheBrokerWasAway(@TempDir Path directory) throws Exception {
    EmbeddedBroker first = EmbeddedBroker.start(directory, 0);
    int port = Integer.parseInt(first.bootstrap().split(":")[1]);
    Map<String, Object> kafka = Map.of("bootstrap.servers", first.bootstrap());
    var topic = new Topic<>("table.outage", LabelMessage.class, 1, Map.of());
    TopicAdmin.ensure(kafka, List.of(topic));
    try (var table = new CompactedTable<>(topic, kafka)) {
      table.start();
      assertThat(table.refresh(LIMIT)).isTrue();
      first.close();
      assertThat(table.refresh(Duration.ofMillis(500))).isFalse();

      try (EmbeddedBroker second = EmbeddedBroker.start(directory, port);
          var producer = KafkaClients.producer(kafka, Map.of())) {
        producer.send(TopicClient.record(topic, "after", json("the outage"))).get();
        await().atMost(LIMIT).until(() -> table.get("after").isPresent());
      }
    }
  }

  private CompactedTable<LabelMessage> table(Topic<LabelMessage> topic) {
    var table =
        new CompactedTable<>(
            topic,
            CLIENT.settings(),
            (key, value) -> {
              if (key.equals("boom")) {
                throw new IllegalStateException("boom");
              }
              seen.add(key + "=" + (value == null ? null : value.label()));
            });
    table.start();
    return table;
  }

  private static void send(Topic<LabelMessage> topic, String key, String label) throws Exception {
    CLIENT.send(TopicClient.record(topic, key, json(label)));
  }

  private static String json(String label) {
    return HeaderValues.text(Json.write(new LabelMessage("task", "row", label, null)));
  }
}
