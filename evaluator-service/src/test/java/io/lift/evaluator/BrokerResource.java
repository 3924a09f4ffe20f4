package io.lift.evaluator;

import io.lift.broker.TestKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real broker, and a state directory of its own, for the service under test. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {
  private TestKafka broker;

  @Override
  public Map<String, String> start() {
    try {
      Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
      broker = TestKafka.start();
      return Map.of(
          "kafka.bootstrap.servers",
          broker.bootstrap(),
          "lift.evaluator.state-dir",
          Files.createTempDirectory(target, "state").toString(),
          "lift.page.try-timeout",
          "60s", // timing decides nothing here
          "lift.page.rollback-timeout",
          "60s");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    broker.close();
  }
}
