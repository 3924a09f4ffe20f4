package io.lift.it;

import io.lift.broker.EmbeddedBroker;
import io.lift.messages.TopicSettings;
import io.lift.testing.ListedSettingsPolicy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that takes few settings of topics and records of 8 MiB, as Amazon MSK Serverless. */
class ServerlessKafkaIT {
  @TempDir private Path directory;

  @Test
  void withWhatTheBrokerForbidsLeftToItRowsGoInAndPredictionsComeOut() throws Exception {
    Map<String, String> limits =
        Map.of(
            "create.topic.policy.class.name",
            ListedSettingsPolicy.class.getName(),
            "message.max.bytes",
            "1048588");
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), limits)) {
      Path file =
          ConfiguredStack.write(
              directory.resolve("kafka.properties"),
              Map.of(
                  "bootstrap.servers",
                  broker.bootstrap(),
                  "lift.topics.replication",
                  TopicSettings.NONE,
                  TopicSettings.MAX_RECORD_SETTING,
                  "8388608",
                  TopicSettings.SETTING,
                  "segment.ms=none; segment.bytes=none; min.cleanable.dirty.ratio=none"));
      try (ConfiguredStack stack = new ConfiguredStack(file, "serverless")) {
        stack.learnsAnswersAndGenerates(directory);
      }
    }
  }
}
