package io.lift.page.create;

import io.lift.kafka.KafkaConnection;
import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** The topics that a task could name as its source. */
public final class SourceTopics {
  private static final int MOST = 500;

  private SourceTopics() {}

  /**
   * A topic.
   *
   * @param topic its name
   * @param partitions how many it has
   * @param records between its beginnings and ends, about
   */
  public record SourceTopic(String topic, int partitions, long records) {}

  /** Whether a topic of that name could be a source: it is legal, not Lift's and not Kafka's. */
  public static boolean possible(Topics topics, String topic) {
    try {
      Topic.validate(topic);
    } catch (InvalidTopicException e) {
      return false;
    }
    return topics.all().stream().noneMatch(ours -> ours.name().equals(topic))
        && !topic.startsWith("_")
        && !topic.startsWith(topics.groups().commonPrefix());
  }

  /** All of them, by name. */
  public static List<SourceTopic> list(KafkaConnection kafka)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(kafka.settings())) {
      Set<String> names = new TreeSet<>(admin.listTopics().names().get());
      names.removeIf(name -> !possible(kafka.topics(), name));
      List<String> shown = names.stream().limit(MOST).toList();
      var described = admin.describeTopics(shown).allTopicNames().get();
      Map<TopicPartition, OffsetSpec> first = new HashMap<>();
      Map<TopicPartition, OffsetSpec> last = new HashMap<>();
      described.forEach(
          (name, topic) ->
              topic
                  .partitions()
                  .forEach(
                      info -> {
                        TopicPartition partition = new TopicPartition(name, info.partition());
                        first.put(partition, OffsetSpec.earliest());
                        last.put(partition, OffsetSpec.latest());
                      }));
      var begins = admin.listOffsets(first).all().get();
      var ends = admin.listOffsets(last).all().get();
      List<SourceTopic> topics = new ArrayList<>();
      for (String name : shown) {
        int partitions = described.get(name).partitions().size();
        topics.add(new SourceTopic(name, partitions, sum(ends, name) - sum(begins, name)));
      }
      return topics;
    }
  }

  private static long sum(Map<TopicPartition, ListOffsetsResultInfo> offsets, String topic) {
    return offsets.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }
}
