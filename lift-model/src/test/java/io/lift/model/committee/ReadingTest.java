package io.lift.model.committee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReadingTest {
  @Test
  void upToTenNumbersAreBlurredAlike() {
    assertThat(Reading.SMOOTH.jitter(100, 0)).isEqualTo(2.5);
    assertThat(Reading.SMOOTH.jitter(100, 10)).isEqualTo(2.5);
    assertThat(Reading.SMOOTH_CODES.jitter(100_000, 3)).isEqualTo(2.5);
  }

  @Test
  void theBlurOfFewRowsGrowsWithTheRootOfTheirWidth() {
    assertThat(Reading.SMOOTH.jitter(133, 40)).isCloseTo(5, within(1e-12));
    assertThat(Reading.SMOOTH.jitter(500, 90)).isCloseTo(7.5, within(1e-12));
  }

  @Test
  void withManyRowsWidthMattersLess() {
    assertThat(Reading.SMOOTH.jitter(5_000, 40)).isCloseTo(2.75, within(1e-12));
  }

  @Test
  void whatIsSharpGrowsSharperWithTheRows() {
    assertThat(Reading.SHARP.jitter(133, 60)).isEqualTo(1.2);
    assertThat(Reading.SHARP.jitter(4_000, 60)).isCloseTo(0.6, within(1e-12));
    assertThat(Reading.SHARP.targetJitter(2_000)).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(Reading.SHARP.targetJitter(9_000)).isEqualTo(1);
    assertThat(Reading.SMOOTH.targetJitter(9_000)).isEqualTo(2);
  }
}
