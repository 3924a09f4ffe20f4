package io.lift.service.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.kafka.Traces;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** A service without an endpoint for traces. */
@QuarkusTest
class DisabledTracesIT {
  @Inject Traces traces;

  @Test
  void withoutAnEndpointNothingIsRecorded() {
    assertThat(traces.on()).isFalse();
    assertThat(traces.begin("serialize", (String) null).isRecording()).isFalse();
  }
}
