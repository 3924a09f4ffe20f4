package io.lift.service.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lift.kafka.Traces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The other protocol. */
@QuarkusTest
@QuarkusTestResource(
    value = CollectorResource.class,
    restrictToAnnotatedClass = true,
    initArgs = {
      @ResourceArg(name = "otel.service.name", value = "lift-test"),
      @ResourceArg(name = "otel.exporter.otlp.protocol", value = "http/protobuf")
    })
class HttpTracesIT {
  @Inject Traces traces;
  @CollectorResource.Exports Queue<List<String>> received;

  @Test
  void spansAreSentByHttp() {
    RestAssured.get("/nowhere"); // makes no span of its own
    traces.begin("serialize", (String) null).end();

    await().atMost(Duration.ofSeconds(30)).until(() -> !received.isEmpty());
    assertThat(received).singleElement().satisfies(HttpTracesIT::holdsTheSpanOnly);
    assertThat(received.peek().get(0)).isEqualTo("/v1/traces");
    assertThat(received.peek().get(1)).isEqualTo("application/x-protobuf");
  }

  private static void holdsTheSpanOnly(List<String> export) {
    assertThat(export.get(2))
        .contains("serialize", "service.name", "lift-test")
        .doesNotContain("nowhere");
  }
}
