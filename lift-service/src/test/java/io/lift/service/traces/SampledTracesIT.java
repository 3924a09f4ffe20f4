package io.lift.service.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.kafka.Traces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A share of the traces that is zero. */
@QuarkusTest
@QuarkusTestResource(
    value = CollectorResource.class,
    restrictToAnnotatedClass = true,
    initArgs = {
      @ResourceArg(name = "otel.traces.sampler.arg", value = "0"),
      @ResourceArg(name = "otel.bsp.schedule.delay", value = "100")
    })
class SampledTracesIT {
  @Inject Traces traces;
  @CollectorResource.Exports Queue<List<String>> received;

  @Test
  void aRatioOfZeroSendsNothing() throws Exception {
    assertThat(traces.on()).isTrue();
    for (int i = 0; i < 100; i++) {
      traces.begin("serialize", (String) null).end();
    }
    Thread.sleep(1_000); // ten times the delay of the exporter

    assertThat(received).isEmpty();
  }
}
