package io.lift.service.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.kafka.Traces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The protocol that is used unless another is named. */
@QuarkusTest
@QuarkusTestResource(
    value = CollectorResource.class,
    restrictToAnnotatedClass = true,
    initArgs = @ResourceArg(name = "otel.service.name", value = "lift-test"))
class GrpcTracesIT {
  @Inject Traces traces;
  @CollectorResource.Exports Queue<List<String>> received;

  @Test
  void spansAreSentByGrpc() {
    traces.begin("serialize", (String) null).end();

    await().atMost(Duration.ofSeconds(30)).until(() -> !received.isEmpty());
    assertThat(received.peek().get(0))
        .isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    assertThat(received.peek().get(2)).contains("serialize", "service.name", "lift-test");
  }
}
