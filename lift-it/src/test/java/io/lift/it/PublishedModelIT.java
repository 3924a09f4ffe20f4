package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.Bench;
import org.junit.jupiter.api.Test;

/** A model folder of 5 million parameters under the packaged services; the large one by hand. */
class PublishedModelIT {

  @Test
  void aPublishedModelsAdapterIsTrainedAndServedThroughKafka() {
    assertThat(Bench.run("published", "--small", "--steps", "40", "--limit", "2")).isZero();
  }
}
