package io.lift.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka of its own for a test: the {@link EmbeddedBroker}, or with {@code
 * -Dlift.test.kafka=container} the official image in Docker.
 */
public final class TestKafka implements AutoCloseable {
  /** System property; also switches on the Maven profile that brings Testcontainers. */
  public static final String SWITCH = "lift.test.kafka";

  private static final String IMAGE = "apache/kafka:4.4.0";

  private final String bootstrap;
  private final AutoCloseable kafka;

  private TestKafka(String bootstrap, AutoCloseable kafka) {
    this.bootstrap = bootstrap;
    this.kafka = kafka;
  }

  /** Starts it, with its data (where it is not in a container) under {@code target}. */
  public static TestKafka start() throws IOException {
    String kind = System.getProperty(SWITCH, "embedded");
    return switch (kind) {
      case "embedded" -> {
        Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
        EmbeddedBroker broker =
            EmbeddedBroker.start(Files.createTempDirectory(target, "broker"), 0);
        yield new TestKafka(broker.bootstrap(), broker);
      }
      case "container" -> Container.start();
      default ->
          throw new IllegalArgumentException(
              SWITCH + " must be embedded or container, but is " + kind);
    };
  }

  /** {@code host:port}. */
  public String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() {
    try {
      kafka.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop Kafka", e);
    }
  }

  /** Apart, so that Testcontainers is needed by those only who ask for it. */
  private static final class Container {
    static TestKafka start() {
      KafkaContainer container = new KafkaContainer(DockerImageName.parse(IMAGE));
      container.start();
      return new TestKafka(container.getBootstrapServers(), container);
    }
  }
}
