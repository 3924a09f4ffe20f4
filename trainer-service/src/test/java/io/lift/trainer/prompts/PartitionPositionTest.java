package io.lift.trainer.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionPositionTest {
  private static final int GENERATION = 4;
  private final PartitionPosition position =
      new PartitionPosition(
          new PartitionAssignment(1, 0, GENERATION, 9_000),
          7_000,
          ReadingPlan.decode("2-4,6000-6010,9000-").orElseThrow());

  @Test
  void recordsBetweenTheRangesAreLeftOut() {
    assertThat(position.next()).isEqualTo(2);
    assertThat(position.advance(GENERATION, 1)).isFalse();
    assertThat(position.advance(GENERATION, 2)).isTrue();
    assertThat(position.advance(GENERATION, 2)).as("again").isFalse();
    assertThat(position.advance(GENERATION, 3)).isTrue();
    assertThat(position.next()).isEqualTo(6_000);
    assertThat(position.advance(GENERATION, 4)).isFalse();
    assertThat(position.advance(GENERATION - 1, 6_000)).as("stale").isFalse();
    assertThat(position.advance(GENERATION, 6_009)).isTrue();
    assertThat(position.next()).isEqualTo(9_000);
    assertThat(position.advance(GENERATION, 9_000)).isTrue();
    assertThat(position.next()).isEqualTo(9_001);
  }

  @Test
  void aRangeWhoseLastRecordIsGoneEndsWithWhatWasPolled() {
    position.polledTo(GENERATION - 1, 9_500);
    assertThat(position.next()).as("stale").isEqualTo(2);

    position.polledTo(GENERATION, 4_500);
    assertThat(position.next()).isEqualTo(6_000);
    position.polledTo(GENERATION, 9_003);
    assertThat(position.next()).isEqualTo(9_003);
  }

  @Test
  void deadLettersHoldBackWhatIsHandledUntilTheBrokerHasThem() {
    position.advance(GENERATION, 2);
    position.handled();
    position.advance(GENERATION, 3);
    position.deadLetter();
    position.advance(GENERATION, 6_000);
    position.handled();
    assertThat(position.handledTo()).isEqualTo(3);

    position.allHandled();
    assertThat(position.handledTo()).isEqualTo(6_001);
    assertThat(position.committedTo()).isEqualTo(7_000);
  }
}
