package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker on which the protocol {@code consumer} is switched off. */
class GroupProtocolIT {
  @TempDir private static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(directory, Map.of());
    try (Admin admin = Admin.create(settings(null))) {
      var off = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
      admin.updateFeatures(Map.of("group.version", off), new UpdateFeaturesOptions()).all().get();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aProtocolThatTheBrokerDoesNotKnowIsSaidAtTheStart() {
    assertThatThrownBy(() -> KafkaAccess.open(settings("consumer"), List.of(), List.of()))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessage(
            "Kafka at "
                + broker.bootstrap()
                + " does not take kafka.group.protocol=consumer: set it to classic, or upgrade the"
                + " brokers to 4.0 or newer and their feature group.version to 1");
    KafkaAccess.open(settings("Classic"), List.of(), List.of());
    KafkaAccess.open(settings(null), List.of(), List.of());
  }

  @Test
  void aProtocolThatThereIsNotIsSaidAtTheStart() {
    assertThatThrownBy(() -> KafkaAccess.open(settings("streams"), List.of(), List.of()))
        .hasMessage("kafka.group.protocol must be classic or consumer, but is 'streams'");
  }

  private static Map<String, Object> settings(String protocol) {
    Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrap()));
    if (protocol != null) {
      settings.put(GroupProtocol.SETTING, protocol);
    }
    return settings;
  }
}
