package io.lift.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainingSharesTest {
  private final TrainingShares shares = new TrainingShares();

  @Test
  void aShareIsThatOfTheSecondsOfAllTasks() {
    shares.add("a", 3, 1_000);
    shares.add("b", 1, 2_000);

    assertThat(shares.of("a", 2_000)).isEqualTo(0.75);
    assertThat(shares.of("b", 2_000)).isEqualTo(0.25);
    assertThat(shares.of("c", 2_000)).isZero();
  }

  @Test
  void whatWasFiveMinutesAgoDoesNotCount() {
    shares.add("a", 3, 1_000);
    shares.add("b", 1, 200_000);

    assertThat(shares.of("b", 302_000)).isEqualTo(1);
    assertThat(shares.of("b", 600_000)).isZero();
  }
}
