package io.lift.cli.kafka;

import io.lift.cli.base.CliException;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.OauthEndpoints;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.TopicSettings;
import io.lift.messages.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How to reach Kafka, and what Lift's topics there are called.
 *
 * @param bootstrap {@code HOST:PORT}, or several with commas
 * @param extra other client properties, e.g. {@code security.protocol}, and settings of Lift that
 *     its services read too: {@code lift.topics.*}, {@code lift.oauth.*}
 */
public record ConnectionSettings(String bootstrap, Map<String, String> extra) {
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String KAFKA = "kafka.";
  private static final String LIFT = "lift.";

  public ConnectionSettings {
    if (!bootstrap.matches("[^\\s,:]+:\\d+(,[^\\s,:]+:\\d+)*|\\[.*]:\\d+")) {
      throw new CliException(
          "'%s' is not a broker's address; write it as HOST:PORT, e.g. localhost:9092.", bootstrap);
    }
    extra = Map.copyOf(extra);
    topics(extra);
  }

  /**
   * @param bootstrap may be null if the file names it
   * @param file a Kafka client's properties file, or null
   */
  public static ConnectionSettings of(String bootstrap, Path file) {
    Map<String, String> properties = file == null ? new TreeMap<>() : load(file);
    properties.putAll(surroundings());
    String named = properties.remove(BOOTSTRAP);
    String address = bootstrap != null ? bootstrap : named;
    if (address == null) {
      throw new CliException("Name the broker with --bootstrap HOST:PORT.");
    }
    return new ConnectionSettings(address, properties);
  }

  /** The broker at that address, without further client properties. */
  public static ConnectionSettings at(String bootstrap) {
    return new ConnectionSettings(bootstrap, surroundings());
  }

  /** Settings of Lift by system property or environment variable, as the services know them. */
  private static Map<String, String> surroundings() {
    Map<String, String> found = new TreeMap<>();
    for (String name :
        List.of(
            Topics.PREFIX_SETTING,
            TopicAdmin.REPLICATION,
            TopicSettings.SETTING,
            TopicSettings.MAX_RECORD_SETTING,
            OauthEndpoints.URLS,
            OauthEndpoints.FILES)) {
      String variable = name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
      String value = System.getProperty(name, System.getenv(variable));
      if (value != null) {
        found.put(name, value);
      }
    }
    return found;
  }

  /** Reads back what {@link #serviceProperties()} wrote. */
  public static ConnectionSettings fromServiceProperties(Path file) {
    Map<String, String> properties = new TreeMap<>();
    load(file)
        .forEach(
            (name, value) -> {
              if (name.startsWith(KAFKA)) {
                properties.put(name.substring(KAFKA.length()), value);
              } else if (name.startsWith(LIFT)) {
                properties.put(name, value);
              }
            });
    return new ConnectionSettings(properties.remove(BOOTSTRAP), properties);
  }

  private static Map<String, String> load(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(e, "Cannot read the properties file " + file + ".");
    }
    Map<String, String> map = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  /**
   * Settings for a Kafka client of this process.
   *
   * @throws io.lift.kafka.KafkaUnavailableException if they do not let it fetch its OAuth token
   */
  public Map<String, Object> client() {
    OauthEndpoints.allow(
        Optional.ofNullable(extra.get(OauthEndpoints.URLS)),
        Optional.ofNullable(extra.get(OauthEndpoints.FILES)));
    OauthEndpoints.check(extra);
    return all();
  }

  private Map<String, Object> all() {
    Map<String, Object> settings = new LinkedHashMap<>(extra);
    settings.put(BOOTSTRAP, bootstrap);
    return settings;
  }

  /** What Lift's topics and consumer groups are called there. */
  public Topics topics() {
    return topics(extra);
  }

  private static Topics topics(Map<String, String> settings) {
    try {
      String most = settings.get(TopicSettings.MAX_RECORD_SETTING);
      return Topics.of(
          settings.getOrDefault(Topics.PREFIX_SETTING, ""),
          TopicSettings.of(
              settings.getOrDefault(TopicSettings.SETTING, ""),
              most == null ? Topics.MAX_RECORD_BYTES : Integer.parseInt(most.strip())));
    } catch (NumberFormatException e) {
      throw new CliException(
          e,
          "%s must be a whole number, but is '%s'."
              .formatted(
                  TopicSettings.MAX_RECORD_SETTING,
                  settings.get(TopicSettings.MAX_RECORD_SETTING)));
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage() + ".");
    }
  }

  /** Settings and names together. */
  public KafkaConnection connection() {
    return new KafkaConnection(client(), topics());
  }

  /** The same as the services read it, {@code kafka.*} and {@code lift.*}. */
  public Properties serviceProperties() {
    Properties properties = new Properties();
    all()
        .forEach(
            (name, value) ->
                properties.setProperty(
                    name.startsWith(LIFT) ? name : KAFKA + name, value.toString()));
    return properties;
  }
}
