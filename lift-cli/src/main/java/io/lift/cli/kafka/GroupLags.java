package io.lift.cli.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a consumer group is behind on one topic.
 *
 * @param records offsets between its commits and the ends, over all partitions it has committed
 */
public record GroupLags(String group, String topic, long records) {

  /** Lift's groups and the topics they read, by name. */
  public static List<GroupLags> read(ConnectionSettings kafka) throws InterruptedException {
    try (Admin admin = Admin.create(kafka.client())) {
      String ours = kafka.topics().groups().commonPrefix();
      Set<String> groups = new TreeSet<>();
      for (GroupListing group : admin.listGroups().all().get()) {
        if (group.groupId().startsWith(ours)) {
          groups.add(group.groupId());
        }
      }
      Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
          admin
              .listConsumerGroupOffsets(
                  groups.stream()
                      .collect(Collectors.toMap(g -> g, g -> new ListConsumerGroupOffsetsSpec())))
              .all()
              .get();
      Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
      committed
          .values()
          .forEach(map -> map.keySet().forEach(p -> wanted.put(p, OffsetSpec.latest())));
      var ends = admin.listOffsets(wanted).all().get();
      List<GroupLags> lags = new ArrayList<>();
      for (String group : groups) {
        Map<String, Long> topics = new TreeMap<>();
        committed
            .getOrDefault(group, Map.of())
            .forEach(
                (partition, offset) -> {
                  long behind = offset == null ? 0 : ends.get(partition).offset() - offset.offset();
                  topics.merge(partition.topic(), Math.max(0, behind), Long::sum);
                });
        topics.forEach((topic, behind) -> lags.add(new GroupLags(group, topic, behind)));
      }
      return lags;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }
}
