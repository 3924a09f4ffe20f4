package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.Bench;
import org.junit.jupiter.api.Test;

/** The short form of the trials by force; {@code lift bench} has the long ones. */
class ExactlyOnceIT {

  @Test
  void everyServiceMayBeKilledWithoutLosingOrRepeatingARow() {
    int code =
        Bench.run(
            "chaos",
            "--rows",
            "600",
            "--kills",
            "1",
            "--minutes",
            "0.6",
            "--trainers",
            "2",
            "--tasks",
            "3");
    assertThat(code).isZero();
  }
}
