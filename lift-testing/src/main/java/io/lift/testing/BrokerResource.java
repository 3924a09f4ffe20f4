package io.lift.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A real broker for the service under test. Its arguments become settings of the service: {@value
 * #NEW_FOLDER} as a value stands for an empty folder. The argument {@value #TOPICS} names topics to
 * make, as {@code name:partitions} with commas between them.
 */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
  /** Name of an argument. */
  public static final String TOPICS = "topics";

  /** Value of an argument. */
  public static final String NEW_FOLDER = "{folder}";

  private Map<String, String> arguments = Map.of();
  private TestKafka kafka;

  @Override
  public void init(Map<String, String> arguments) {
    this.arguments = arguments;
  }

  @Override
  public Map<String, String> start() {
    kafka = TestKafka.start();
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", kafka.bootstrap());
    arguments.forEach(
        (name, value) -> {
          if (name.equals(TOPICS)) {
            make(value);
          } else {
            settings.put(name, value.equals(NEW_FOLDER) ? folder() : value);
          }
        });
    return settings;
  }

  private void make(String topics) {
    try (TopicClient client = new TopicClient(kafka)) {
      for (String topic : topics.split(",")) {
        String[] parts = topic.split(":");
        client.create(parts[0], Integer.parseInt(parts[1]));
      }
    }
  }

  private static String folder() {
    try {
      return TestKafka.newFolder("state").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    if (kafka != null) {
      kafka.close();
    }
  }
}
