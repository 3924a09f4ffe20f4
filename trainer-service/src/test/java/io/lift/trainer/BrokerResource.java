package io.lift.trainer;

import io.lift.broker.TestKafka;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A real broker for the service under test. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
  private TestKafka broker;

  @Override
  public Map<String, String> start() {
    try {
      broker = TestKafka.start();
      return Map.of("kafka.bootstrap.servers", broker.bootstrap());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    if (broker != null) {
      broker.close();
    }
  }
}
