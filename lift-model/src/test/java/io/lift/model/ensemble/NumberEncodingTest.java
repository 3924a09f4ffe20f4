package io.lift.model.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NumberEncodingTest {
  @Test
  void upToTenNumbersAreBlurredAlike() {
    assertThat(NumberEncoding.SMOOTH.jitter(100, 0)).isEqualTo(2.5);
    assertThat(NumberEncoding.SMOOTH.jitter(100, 10)).isEqualTo(2.5);
    assertThat(NumberEncoding.SMOOTH_CODES.jitter(100_000, 3)).isEqualTo(2.5);
  }

  @Test
  void theBlurOfFewRowsGrowsWithTheRootOfTheirWidth() {
    assertThat(NumberEncoding.SMOOTH.jitter(133, 40)).isCloseTo(5, within(1e-12));
    assertThat(NumberEncoding.SMOOTH.jitter(500, 90)).isCloseTo(7.5, within(1e-12));
  }

  @Test
  void withManyRowsWidthMattersLess() {
    assertThat(NumberEncoding.SMOOTH.jitter(5_000, 40)).isCloseTo(2.75, within(1e-12));
  }

  @Test
  void whatIsSharpGrowsSharperWithTheRows() {
    assertThat(NumberEncoding.SHARP.jitter(133, 60)).isEqualTo(1.2);
    assertThat(NumberEncoding.SHARP.jitter(4_000, 60)).isCloseTo(0.6, within(1e-12));
    assertThat(NumberEncoding.SHARP.targetJitter(2_000)).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(NumberEncoding.SHARP.targetJitter(9_000)).isEqualTo(1);
    assertThat(NumberEncoding.SMOOTH.targetJitter(9_000)).isEqualTo(2);
  }
}
