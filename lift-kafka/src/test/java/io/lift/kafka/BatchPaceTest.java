package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchPaceTest {
  private static long rest(long millis) {
    return TimeUnit.NANOSECONDS.toMillis(BatchPace.rest(TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  @Test
  void quickBatchesBeginTwentyMillisecondsApart() {
    assertThat(rest(0)).isEqualTo(20);
    assertThat(rest(5)).isEqualTo(15);
  }

  @Test
  void afterASlowBatchALoopGoesOnAtOnce() {
    assertThat(rest(40)).isZero();
  }
}
