package io.lift.model.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NumberEncodingTest {
  @Test
  void upToTenColumnsHaveTheSameNoise() {
    assertThat(NumberEncoding.SMOOTH.noise(100, 0)).isEqualTo(2.5);
    assertThat(NumberEncoding.SMOOTH.noise(100, 10)).isEqualTo(2.5);
    assertThat(NumberEncoding.SMOOTH_CODES.noise(100_000, 3)).isEqualTo(2.5);
  }

  @Test
  void theNoiseOfFewRowsGrowsWithTheRootOfTheirWidth() {
    assertThat(NumberEncoding.SMOOTH.noise(133, 40)).isCloseTo(5, within(1e-12));
    assertThat(NumberEncoding.SMOOTH.noise(500, 90)).isCloseTo(7.5, within(1e-12));
  }

  @Test
  void withManyRowsWidthMattersLess() {
    assertThat(NumberEncoding.SMOOTH.noise(5_000, 40)).isCloseTo(2.75, within(1e-12));
  }

  @Test
  void sharpEncodingsGetSharperWithTheRows() {
    assertThat(NumberEncoding.SHARP.noise(133, 60)).isEqualTo(1.2);
    assertThat(NumberEncoding.SHARP.noise(4_000, 60)).isCloseTo(0.6, within(1e-12));
    assertThat(NumberEncoding.SHARP.targetNoise(2_000)).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(NumberEncoding.SHARP.targetNoise(9_000)).isEqualTo(1);
    assertThat(NumberEncoding.SMOOTH.targetNoise(9_000)).isEqualTo(2);
  }
}
