package io.lift.cli.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallDetectorTest {
  private long now;
  private final StallDetector standstill = new StallDetector(Duration.ofNanos(10), () -> now);

  @Test
  void whatGoesOnMayTakeAnyTime() {
    for (int step = 0; step < 100; step++) {
      now += 10;
      assertThat(standstill.reached(step)).isFalse();
    }
  }

  @Test
  void whatStaysTheSameForTooLongHasHalted() {
    assertThat(standstill.reached(5)).isFalse();
    now = 10;
    assertThat(standstill.reached(5)).isFalse();
    now = 11;
    assertThat(standstill.reached(5)).isTrue();
  }

  @Test
  void whatNeverBeganHasHaltedToo() {
    now = 11;
    assertThat(standstill.reached(null)).isTrue();
  }
}
