package io.lift.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MersenneTwisterTest {

  @Test
  void theTenThousandthNumberIsTheOneThatTheCppStandardNames() {
    MersenneTwister random = new MersenneTwister(5489);

    assertThat(random.nextInt()).isEqualTo((int) 3499211612L);
    for (int i = 2; i < 10_000; i++) {
      random.nextInt();
    }
    assertThat(random.nextInt()).isEqualTo((int) 4123659995L);
  }

  @Test
  void doublesAreThoseOfNumpySeededWith123() {
    MersenneTwister random = new MersenneTwister(123);

    assertThat(random.nextDouble()).isEqualTo(0.6964691855978616);
    assertThat(random.nextDouble()).isEqualTo(0.28613933495037946);
    assertThat(random.nextDouble()).isEqualTo(0.2268514535642031);
    assertThat(random.nextDouble()).isEqualTo(0.5513147690828912);
    assertThat(random.nextDouble()).isEqualTo(0.7194689697855631);
  }
}
