package io.lift.cli.kafka;

import io.lift.cli.CliError;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How to reach Kafka.
 *
 * @param bootstrap {@code HOST:PORT}, or several with commas
 * @param extra other client properties, e.g. {@code security.protocol}
 */
public record KafkaSettings(String bootstrap, Map<String, String> extra) {
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String PREFIX = "kafka.";

  public KafkaSettings {
    if (!bootstrap.matches("[^\\s,:]+:\\d+(,[^\\s,:]+:\\d+)*|\\[.*]:\\d+")) {
      throw new CliError(
          "'%s' is not a broker's address; write it as HOST:PORT, e.g. localhost:9092.", bootstrap);
    }
    extra = Map.copyOf(extra);
  }

  /**
   * @param bootstrap may be null if the file names it
   * @param file a Kafka client's properties file, or null
   */
  public static KafkaSettings of(String bootstrap, Path file) {
    Map<String, String> properties = file == null ? new TreeMap<>() : load(file);
    String named = properties.remove(BOOTSTRAP);
    String address = bootstrap != null ? bootstrap : named;
    if (address == null) {
      throw new CliError("Name the broker with --bootstrap HOST:PORT.");
    }
    return new KafkaSettings(address, properties);
  }

  /** Reads back what {@link #serviceProperties()} wrote. */
  public static KafkaSettings fromServiceProperties(Path file) {
    Map<String, String> properties = new TreeMap<>();
    load(file)
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX)) {
                properties.put(name.substring(PREFIX.length()), value);
              }
            });
    return new KafkaSettings(properties.remove(BOOTSTRAP), properties);
  }

  private static Map<String, String> load(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliError(e, "Cannot read the properties file " + file + ".");
    }
    Map<String, String> map = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  /** Settings for a Kafka client of this process. */
  public Map<String, Object> client() {
    Map<String, Object> settings = new LinkedHashMap<>(extra);
    settings.put(BOOTSTRAP, bootstrap);
    return settings;
  }

  /** The same as {@code kafka.*} properties, as the services read them. */
  public Properties serviceProperties() {
    Properties properties = new Properties();
    client().forEach((name, value) -> properties.setProperty(PREFIX + name, value.toString()));
    return properties;
  }
}
