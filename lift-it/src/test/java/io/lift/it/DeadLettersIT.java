package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.Bench;
import org.junit.jupiter.api.Test;

/**
 * The short form of a trial under the packaged services; {@code lift bench malformed} is longer.
 */
class DeadLettersIT {

  @Test
  void malformedRecordsOfEveryKindEndInTheDeadLettersAlone() {
    assertThat(Bench.run("malformed", "--malformed", "200", "--good", "300")).isZero();
  }
}
