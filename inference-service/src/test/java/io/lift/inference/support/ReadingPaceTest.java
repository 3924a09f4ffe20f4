package io.lift.inference.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadingPaceTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 5 * SECOND;
  private boolean late = true;
  private boolean behind;
  private final ReadingPace pace = new ReadingPace(now);

  /** Seconds in which reading takes this share of the time. */
  private void seconds(int count, double share) {
    for (int i = 0; i < 10 * count; i++) {
      if (late) {
        pace.late();
      }
      if (behind) {
        pace.behind();
      }
      now += SECOND / 10;
      pace.read((long) (share * SECOND / 10), now);
    }
  }

  @Test
  void endsAreOneStepApartWhileReadingKeepsUp() {
    seconds(10, 0.45);
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void aBusyCoreAloneChangesNothingIfNoRowWaitsInVain() {
    late = false;
    seconds(10, 0.99);
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void theDistanceDoublesWithEachSecondInWhichReadingTakesMostOfACore() {
    seconds(1, 0.9);
    assertThat(pace.steps()).isEqualTo(2);
    seconds(2, 0.9);
    assertThat(pace.steps()).isEqualTo(8);
  }

  @Test
  void theDistanceStaysWhereHalfOfItWouldBeTooLittle() {
    seconds(1, 0.9);
    seconds(10, 0.4);
    assertThat(pace.steps()).isEqualTo(2);
  }

  @Test
  void theDistanceFallsBackOnceThereIsTime() {
    seconds(3, 0.9);
    seconds(3, 0.1);
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void readingGivesWayToRowsThatWaitForTheServiceUntilItTakesLittle() {
    late = false;
    behind = true;
    seconds(2, 0.3);
    assertThat(pace.steps()).isEqualTo(4);
    seconds(10, 0.09);
    assertThat(pace.steps()).isEqualTo(4);
    behind = false;
    seconds(2, 0.09);
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void theDistanceIsBounded() {
    seconds(100, 0.99);
    assertThat(pace.steps()).isEqualTo(64);
  }
}
