package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in the protocol in which the broker assigns the partitions (KIP-848). */
class ConsumerProtocolIT {
  @TempDir private Path directory;

  @Test
  void withOneSettingTheBrokerAssignsThePartitionsOfAllGroupsButThatOfTheStreams()
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), Map.of())) {
      Path file =
          ConfiguredStack.write(
              directory.resolve("kafka.properties"),
              Map.of("bootstrap.servers", broker.bootstrap(), "group.protocol", "consumer"));
      try (ConfiguredStack stack = new ConfiguredStack(file, "consumer-protocol")) {
        stack.learnsAnswersAndGenerates(directory);
        assertThat(groups(broker))
            .containsEntry("lift-serializer", GroupType.CONSUMER)
            .containsEntry("lift-trainer", GroupType.CONSUMER)
            .containsEntry("lift-inference", GroupType.CONSUMER)
            .containsEntry("lift-inference-generation", GroupType.CONSUMER)
            .containsEntry("lift-evaluator", GroupType.CLASSIC);
      }
    }
  }

  private static Map<String, GroupType> groups(EmbeddedBroker broker) throws Exception {
    Map<String, GroupType> types = new TreeMap<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      for (GroupListing group : admin.listGroups().all().get()) {
        types.put(group.groupId(), group.type().orElseThrow());
      }
    }
    return types;
  }
}
