package io.lift.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How the members of a consumer group share its partitions: by themselves ({@code classic}), or as
 * the broker assigns them ({@code consumer}, KIP-848). The operator chooses with {@value #SETTING}
 * among the settings of all clients. A consumer refuses the settings of the other protocol.
 */
public final class GroupProtocol {
  /** Kafka's name of the setting. */
  public static final String SETTING = ConsumerConfig.GROUP_PROTOCOL_CONFIG;

  /** The protocol in which the broker assigns the partitions. */
  public static final String CONSUMER = "consumer";

  private static final String CLASSIC = "classic";

  /**
   * What a consumer of the protocol {@value #CONSUMER} is not given. The broker decides the first
   * three. By the last one a restarted member takes the place of the one before; in this protocol,
   * the broker would turn it away until the session of a killed one has ended.
   */
  private static final List<String> CLASSIC_ONLY =
      List.of(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private static final String FEATURE = "group.version";
  private static final String METADATA = "metadata.version";
  private static final short METADATA_OF_KAFKA_4 = 22;

  private GroupProtocol() {}

  /** Removes from a consumer's settings what does not fit its protocol. */
  public static void fit(Map<String, Object> consumer) {
    if (isConsumer(consumer)) {
      consumer.keySet().removeAll(CLASSIC_ONLY);
    }
  }

  private static boolean isConsumer(Map<String, Object> settings) {
    return CONSUMER.equalsIgnoreCase(String.valueOf(settings.get(SETTING)));
  }

  /**
   * Checks that the brokers know the protocol of the settings. Those that do not say what they know
   * are trusted.
   *
   * @throws KafkaUnavailableException if they do not know it; the message says what to do
   * @throws ExecutionException if Kafka does not answer
   */
  static void check(Map<String, Object> kafka, Admin admin)
      throws ExecutionException, InterruptedException {
    Object protocol = kafka.getOrDefault(SETTING, CLASSIC);
    if (CLASSIC.equalsIgnoreCase(protocol.toString())) {
      return;
    }
    if (!isConsumer(kafka)) {
      throw new KafkaUnavailableException(
          "kafka.%s must be %s or %s, but is '%s'".formatted(SETTING, CLASSIC, CONSUMER, protocol),
          null);
    }
    FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
    FinalizedVersionRange metadata = features.finalizedFeatures().get(METADATA);
    boolean old = metadata != null && metadata.maxVersionLevel() < METADATA_OF_KAFKA_4;
    boolean off =
        features.supportedFeatures().containsKey(FEATURE)
            && !features.finalizedFeatures().containsKey(FEATURE);
    if (old || off) {
      throw new KafkaUnavailableException(
          "Kafka at %s does not take kafka.%s=%s: set it to %s, or upgrade the brokers to 4.0 or newer and their feature %s to 1"
              .formatted(kafka.get("bootstrap.servers"), SETTING, CONSUMER, CLASSIC, FEATURE),
          null);
    }
  }

  /** The settings of a client that is no member of a consumer group. */
  public static Map<String, Object> ungrouped(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.remove(SETTING);
    settings.remove(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
    return settings;
  }
}
