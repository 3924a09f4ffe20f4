package io.lift.testing;

import io.lift.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka of its own for a test: the {@link EmbeddedBroker}, or with {@code
 * -Dlift.test.kafka=container} the official image in Docker.
 */
public final class TestKafka implements AutoCloseable {
  /** System property; also switches on the Maven profile that brings Testcontainers. */
  public static final String SWITCH = "lift.test.kafka";

  private final String bootstrap;
  private final AutoCloseable kafka;

  private TestKafka(String bootstrap, AutoCloseable kafka) {
    this.bootstrap = bootstrap;
    this.kafka = kafka;
  }

  /**
   * Starts it, with its data (where it is not in a container) under {@code target}.
   *
   * @throws UncheckedIOException if the data's folder cannot be made or the broker does not start
   */
  public static TestKafka start() {
    String kind = System.getProperty(SWITCH, "embedded");
    return switch (kind) {
      case "embedded" -> embedded();
      case "container" -> Container.start();
      default ->
          throw new IllegalArgumentException(
              SWITCH + " must be embedded or container, but is " + kind);
    };
  }

  /** One for all tests of this JVM, started when it is first asked for; it ends with the JVM. */
  public static TestKafka shared() {
    return Shared.KAFKA;
  }

  private static TestKafka embedded() {
    try {
      EmbeddedBroker broker = EmbeddedBroker.start(newFolder("broker"), 0);
      return new TestKafka(broker.bootstrap(), broker);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty folder under {@code target}. */
  static Path newFolder(String prefix) throws IOException {
    Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
    return Files.createTempDirectory(target, prefix);
  }

  /** {@code host:port}. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Settings of a client. */
  public Map<String, Object> settings() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  @Override
  public void close() {
    try {
      kafka.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop Kafka", e);
    }
  }

  /** Initialized at its first use. */
  private static final class Shared {
    static final TestKafka KAFKA = TestKafka.start();
  }

  /** Apart, so that Testcontainers is needed only where a container is asked for. */
  private static final class Container {
    static TestKafka start() {
      KafkaContainer container =
          new KafkaContainer(DockerImageName.parse("apache/kafka:" + version()));
      container.start();
      return new TestKafka(container.getBootstrapServers(), container);
    }

    /** The version on the class path, as Kafka's jar says. */
    private static String version() {
      Properties properties = new Properties();
      try (InputStream in =
          Container.class.getResourceAsStream("/kafka/kafka-version.properties")) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return properties.getProperty("version");
    }
  }
}
